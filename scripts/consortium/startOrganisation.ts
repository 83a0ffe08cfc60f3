import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { MEDSEAL, type TrialOrganisation } from './foundConsortium.ts';

/** Addresses and processes of an organisation that takes requests. */
export interface OrganisationReady {
  readonly organisation: string;
  readonly data: string;
  readonly urls: Readonly<Record<'agents' | 'peers' | 'ledger' | 'operate', string>>;
  /** Process of its node. */
  readonly node: number;
  /** Process of its validator. */
  readonly validator: number;
}

/** The processes of an organisation. */
export interface RunningOrganisation {
  /** Rejects if the node ends before it is ready. */
  readonly ready: Promise<OrganisationReady>;
  /** Exit code of the node; null if a signal ended it. */
  readonly ended: Promise<number | null>;
  /** Ends node and validator in order. Safe to repeat. */
  stop(): Promise<number | null>;
}

/** Options of `startOrganisation`. */
export interface StartOptions extends TrialOrganisation {
  /** The engine's program. */
  readonly engine: string;
  readonly say: (text: string) => void;
  /** Tells whether an end is what was asked for. */
  readonly isStopping: () => boolean;
  /** Added to the environment of its processes. */
  readonly env?: Readonly<Record<string, string>>;
  /** The `medseal` command's file; this clone's if absent. */
  readonly medseal?: string;
  /** A command, such as `nsenter`, that is given the node's command to run in its place. */
  readonly within?: readonly string[];
}

/**
 * Starts the node of an organisation, which starts its validator, and says when one of them ends by itself. The log goes
 * to a file beside the folder.
 *
 * @param options - The organisation, and the receiver of what is to be said.
 */
export function startOrganisation(options: StartOptions): RunningOrganisation {
  const { organisation, data, engine, say, isStopping, medseal = MEDSEAL, within = [] } = options;
  const file = join(data, '..', `${organisation}.log`);
  const log = createWriteStream(file, { flags: 'a' });
  const env = { ...process.env, MEDSEAL_VALIDATOR_PROGRAM: engine, ...options.env };
  const [program, ...first] = [...within, process.execPath];
  const node = spawn(program, [...first, medseal, 'up', '--data', data, '--json'], {
    env,
    // In a group of its own: Ctrl-C reaches it through this process alone, for a second signal would end it at once.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  node.stderr.pipe(log);
  const started: number[] = [];
  let hear: (() => void) | undefined;
  createInterface(node.stderr).on('line', (line) => {
    if (!line.includes('"validator ')) return;
    const { event, pid, code, signal } = JSON.parse(line) as Record<string, unknown>;
    if (event === 'validator ended') {
      const how = String(signal ?? code);
      say(
        `The validator of ${organisation} (${String(pid)}) ended: ${how}. Its node starts it again.`,
      );
    }
    if (event === 'validator started') {
      started.push(Number(pid));
      hear?.();
    }
    if (event === 'validator ready') say(`The validator of ${organisation} runs: ${String(pid)}.`);
  });
  const ended = new Promise<number | null>((resolve) => {
    node.once('close', (code, signal) => {
      if (!isStopping()) {
        const how = String(signal ?? code);
        say(`The node of ${organisation} (${node.pid}) ended: ${how}. Its log is ${file}.`);
      }
      resolve(code);
    });
  });
  return {
    ready: readReady(),
    ended,
    async stop() {
      if (node.exitCode === null) node.kill('SIGTERM');
      return await ended;
    },
  };

  async function readReady(): Promise<OrganisationReady> {
    let text = '';
    for await (const piece of node.stdout.setEncoding('utf8')) {
      text += String(piece);
      if (!text.endsWith('}\n')) continue;
      const said = JSON.parse(text) as {
        urls?: OrganisationReady['urls'];
        pid: number;
        validator?: { pid: number };
      };
      const { urls, pid } = said;
      if (urls === undefined) {
        throw new Error(`The node of ${organisation} does not start: ${text.trim()}`);
      }
      node.stdout.resume();
      // A ledger at the block of an upgrade leaves a moment between two programs.
      const validator = said.validator?.pid ?? (await nextValidator());
      return { organisation, data, urls, node: pid, validator };
    }
    throw new Error(`The node of ${organisation} ended before it was ready. Its log is ${file}.`);
  }

  /** Resolves with the process of the validator once one is there. */
  async function nextValidator(): Promise<number> {
    for (;;) {
      const newest = started.at(-1);
      if (newest !== undefined && isAlive(newest)) return newest;
      await new Promise<void>((resolve) => {
        hear = resolve;
      });
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
