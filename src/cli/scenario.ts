import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { httpAgent } from '../client/httpAgent.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import { createValidator } from '../fhir/createValidator.ts';
import { DEMO_PATIENTS } from '../fhir/demo/demoPatients.ts';
import { makeDemoBundle } from '../fhir/demo/makeDemoBundle.ts';
import { readKeystore } from '../node/keystore.ts';
import { loadFhirDefinitions } from '../node/loadFhirDefinitions.ts';
import { machinePorts } from '../node/NodePorts.ts';
import { openNetwork } from '../node/openNetwork.ts';
import { seconds } from '../protocol/Clock.ts';
import type { NetworkFile } from '../protocol/NetworkFile.ts';
import type { Actor, Cast } from '../scenario/Cast.ts';
import { sharingScenario } from '../scenario/sharingScenario.ts';
import { StepRunner, UnexpectedOutcome, type StepResult } from '../scenario/StepRunner.ts';
import { complain } from './complain.ts';
import { freshCast } from './freshCast.ts';
import { openPartyAt } from './demoParties.ts';

/** Options of `medseal scenario`. */
export interface ScenarioOptions {
  readonly bundle: readonly string[];
  readonly url?: string;
  readonly keystore?: string;
  readonly network?: string;
  readonly data?: string;
  readonly json?: boolean;
}

/** Where a scenario is played. */
interface Stage {
  /** The parties for the bundle of this number. */
  cast(number: number): Promise<Cast>;
  close(): Promise<void>;
}

/**
 * Plays the papers' scenario and prints each step.
 *
 * @param options - See `medseal scenario --help`.
 * @returns Whether every step went as the papers have it.
 */
export async function scenario(options: ScenarioOptions): Promise<boolean> {
  const { json = false } = options;
  const bundles = await readBundles(options.bundle);
  const stage = options.url === undefined ? await freshStage(options) : await runningStage(options);
  const runner = new StepRunner(
    () => performance.now(),
    (step) => {
      if (!json) process.stdout.write(describe(step));
    },
  );
  let ok = true;
  try {
    const validator = createValidator(loadFhirDefinitions());
    for (const [number, { name, bundle }] of bundles.entries()) {
      if (!json) process.stdout.write(`\n${name}\n`);
      await sharingScenario(runner, await stage.cast(number), bundle, validator);
    }
  } catch (error) {
    if (!(error instanceof UnexpectedOutcome)) throw error;
    ok = false;
    if (!json) process.stderr.write(`\nmedseal: this step went otherwise: ${error.message}\n`);
  } finally {
    await stage.close();
  }
  if (json)
    process.stdout.write(`${JSON.stringify({ ok, steps: runner.results.map(forPrograms) })}\n`);
  else if (ok)
    process.stdout.write(`\n${runner.results.length} steps, each as the papers have it.\n`);
  return ok;
}

async function readBundles(
  paths: readonly string[],
): Promise<readonly { name: string; bundle: unknown }[]> {
  if (paths.length === 0) {
    const { random, clock } = await machinePorts();
    const [patient] = DEMO_PATIENTS;
    if (patient === undefined) throw new MedsealError('NOT_FOUND', { what: 'demo patient' });
    const bundle = makeDemoBundle({ random, at: seconds(clock), patient });
    return [{ name: 'An invented patient', bundle }];
  }
  const bundles: { name: string; bundle: unknown }[] = [];
  for (const path of paths) {
    try {
      bundles.push({ name: path, bundle: JSON.parse(await readFile(path, 'utf8')) as unknown });
    } catch (cause) {
      const reason = cause instanceof SyntaxError ? 'it is not JSON' : 'it can not be read';
      throw new MedsealError('ARGUMENT_INVALID', { argument: path, reason }, { cause });
    }
  }
  return bundles;
}

/** A network of the scenario's own, in a folder that goes afterwards unless it is to be kept. */
async function freshStage(options: ScenarioOptions): Promise<Stage> {
  const kept = options.data !== undefined;
  const folder = kept ? resolve(options.data ?? '') : await mkdtemp(join(tmpdir(), 'medseal-'));
  const network = await openNetwork({ folder, demo: true, onFailure: complain });
  return {
    cast: async (number) => await freshCast(network, `${folder}/parties`, number),
    async close() {
      await network.close();
      if (!kept) await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A network that runs already, with the parties of a keystore. */
async function runningStage(options: ScenarioOptions): Promise<Stage> {
  const { url = '', keystore } = options;
  if (keystore === undefined) {
    const reason = 'it takes --keystore as well, the folder with the keys of the parties';
    throw new MedsealError('ARGUMENT_INVALID', { argument: '--url', reason });
  }
  const file = await readNetworkFile(
    options.network ?? join(dirname(resolve(keystore)), 'network.json'),
  );
  const keys = await readKeystore(resolve(keystore), file);
  const ports = await machinePorts();
  const actor = async (role: Actor['role'], number: number): Promise<Actor> => {
    const key = keys.filter((each) => each.role === role)[number];
    if (key === undefined) {
      const reason = `the keystore has too few parties of the role ${role}`;
      throw new MedsealError('ARGUMENT_INVALID', { argument: '--keystore', reason });
    }
    const agent = httpAgent(`${url.replace(/\/$/, '')}/${key.organisation}`);
    const party = await openPartyAt({ file, ports }, resolve(keystore), key, agent);
    return { name: key.name, role, organisation: key.organisation, party, fresh: false };
  };
  return {
    cast: async (number) => ({
      patient: await actor('patient', number),
      doctor: await actor('doctor', 0),
      specialist: await actor('doctor', 1),
    }),
    close: async () => await Promise.resolve(),
  };
}

async function readNetworkFile(path: string): Promise<NetworkFile> {
  try {
    const file = JSON.parse(await readFile(path, 'utf8')) as NetworkFile;
    if (file.format === 'medseal-network/1') return file;
  } catch (cause) {
    const reason = `${path} can not be read as JSON`;
    throw new MedsealError('NETWORK_FILE_INVALID', { reason }, { cause });
  }
  throw new MedsealError('NETWORK_FILE_INVALID', { reason: `${path} is of another format` });
}

function describe(step: StepResult): string {
  const { paper, name, party, outcome, code, detail, txHash, log, index, ms } = step;
  const mark = step.outcome === step.expected ? '✓' : '✗';
  const place = [
    txHash && `ledger ${txHash.slice(0, 10)}…`,
    log && `log ${log}#${index}`,
    detail,
  ].filter((part) => part !== undefined);
  const result = outcome === 'refused' ? ` — refused, ${code}` : '';
  const head = `${mark} ${paper.padEnd(9)} ${name}${result}`;
  return `${head}\n    ${party.padEnd(11)} ${`${ms.toFixed(1)} ms`.padStart(10)}   ${place.join(' · ')}\n`;
}

/** What a program is told of a step. */
function forPrograms({ detail: _detail, ...step }: StepResult): Omit<StepResult, 'detail'> {
  return step;
}
