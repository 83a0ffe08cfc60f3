import type { OpenDev } from '../openDev.ts';
import { runProgram } from '../runProgram.ts';
import { captureStreams } from './captureStreams.ts';
import { givePassphrase } from './givePassphrase.ts';
import { openFoundedDev } from './openFoundedDev.ts';
import { requireAnswerShape } from './requireAnswerShape.ts';
import { runMedseal, temporaryFolder, type Run } from './runMedseal.ts';

/** Someone with a device of their own, who types commands. */
export interface Person {
  readonly name: string;
  /** Runs a command at the device, in this process. */
  run(...args: readonly string[]): Promise<Run>;
  /** Runs it with something on standard input. */
  type(input: string | Buffer, ...args: readonly string[]): Promise<Run>;
  /** Runs it in a process of its own. */
  spawn(...args: readonly string[]): Promise<Run>;
  /** Runs it for its one JSON document, which must say that all is well. */
  ask<Value extends object>(...args: readonly string[]): Promise<Value>;
}

/** A running network, and people with devices. */
export interface People {
  /** The network of `medseal dev --demo`, in this process, which has loaded and compiled most of it for the commands. */
  readonly dev: OpenDev;
  /** The network's folder, which is a device with the demonstration's keys as well. */
  readonly network: string;
  /** A folder for whatever a test writes. */
  readonly folder: string;
  /** A device that nothing was done at yet. */
  device(name: string): Person;
  /** A device of someone enrolled. */
  enrolled(name: string, role: string, at?: string): Promise<Person>;
  /** Someone of the demonstration. */
  demo(name: string): Person;
  /** Ends all of it. */
  end(): Promise<void>;
}

/**
 * Starts a network with people around it.
 *
 * @param options - `unguarded`: true if records open there without a release.
 */
export async function startPeople({
  unguarded = false,
}: { readonly unguarded?: boolean } = {}): Promise<People> {
  const ends: (() => unknown)[] = [];
  const t = { after: (end: () => unknown) => void ends.push(end) };
  const folder = await temporaryFolder(t);
  const network = `${folder}/network`;
  const dev = await openFoundedDev({ data: network, unguarded });
  t.after(async () => await dev.close());
  await givePassphrase(t, folder);
  return {
    dev,
    network,
    folder,
    async end() {
      for (const each of ends.toReversed()) await each();
    },
    device: (name) => personAt(name, ['--home', `${folder}/${name}`]),
    demo: (name) => personAt(name, ['--home', network, '--as', name]),
    async enrolled(name, role, at = 'hospital') {
      const person = personAt(name, ['--home', `${folder}/${name}`]);
      await person.ask('join', dev.ready.url, '--network', `${network}/network.json`);
      await person.ask('key', 'new', name);
      await person.ask('party', 'apply', '--role', role, '--at', at, '--yes');
      return person;
    },
  };
}

function personAt(name: string, device: readonly string[]): Person {
  const type: Person['type'] = async (input, ...args) => {
    const streams = captureStreams(input);
    const code = await runProgram([...args, ...device], streams);
    const stdout = streams.out().toString();
    await requireAnswerShape([...args, ...device], stdout);
    return { code, stdout, stderr: streams.err() };
  };
  return {
    name,
    type,
    run: async (...args) => await type('', ...args),
    spawn: async (...args) => await runMedseal(...args, ...device),
    async ask<Value extends object>(...args: readonly string[]) {
      const { code, stdout, stderr } = await type('', ...args, '--json');
      if (code !== 0) throw new Error(`medseal ${args.join(' ')}: ${stderr}${stdout}`);
      return JSON.parse(stdout) as Value;
    },
  };
}
