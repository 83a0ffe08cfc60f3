import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Party } from '../client/Party.ts';
import { httpAgent } from '../client/httpAgent.ts';
import type { AuthorityKey } from '../client/suspendParty.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import { createValidator } from '../fhir/createValidator.ts';
import { DEMO_PATIENTS } from '../fhir/demo/demoPatients.ts';
import { makeDemoBundle } from '../fhir/demo/makeDemoBundle.ts';
import { readKeystore } from '../node/keystore.ts';
import { loadFhirDefinitions } from '../node/loadFhirDefinitions.ts';
import { machinePorts } from '../node/NodePorts.ts';
import { openNetwork } from '../node/openNetwork.ts';
import { readAuthorityKeys } from '../node/readAuthorityKeys.ts';
import { seconds } from '../protocol/Clock.ts';
import type { Actor, Cast } from '../scenario/Cast.ts';
import { endsScenario } from '../scenario/endsScenario.ts';
import { sharingScenario } from '../scenario/sharingScenario.ts';
import { StepRunner, UnexpectedOutcome, type StepResult } from '../scenario/StepRunner.ts';
import { complain } from './complain.ts';
import { freshCast } from './freshCast.ts';
import { openPartyAt } from './demoParties.ts';
import { readPinnedNetwork } from './readPinnedNetwork.ts';
import { saveReceipts } from './saveReceipts.ts';

/** Options of `medseal scenario`. */
export interface ScenarioOptions {
  readonly bundle: readonly string[];
  readonly url?: string;
  readonly keystore?: string;
  readonly network?: string;
  readonly data?: string;
  readonly receipts?: string;
  readonly json?: boolean;
}

/** Where a scenario is played. */
interface Stage {
  /** The parties for the bundle of this number. */
  cast(number: number): Promise<Cast>;
  /** Keys of the authority's members, where they lie on this machine. */
  authority(): Promise<readonly AuthorityKey[]>;
  /** Keeps the network file beside the receipts, where it would go with the network. */
  keepNetworkFile(folder: string): Promise<void>;
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
  let receipts = 0;
  const parties: Party[] = [];
  try {
    const validator = createValidator(loadFhirDefinitions());
    for (const [number, { name, bundle }] of bundles.entries()) {
      if (!json) process.stdout.write(`\n${name}\n`);
      const cast = await stage.cast(number);
      for (const { party } of Object.values(cast) as Actor[]) parties.push(party);
      ok &&= await play(async () => await sharingScenario(runner, cast, bundle, validator), json);
      if (!ok) break;
    }
    if (ok) {
      if (!json) process.stdout.write('\nHow rights end\n');
      const [cast, authority] = [await stage.cast(0), await stage.authority()];
      ok = await play(async () => await endsScenario(runner, cast, authority), json);
    }
    receipts = await saveReceipts(runner.entries, parties, options.receipts);
    if (options.receipts !== undefined) await stage.keepNetworkFile(options.receipts);
  } finally {
    await stage.close();
  }
  if (json) {
    const steps = runner.results.map(forPrograms);
    process.stdout.write(`${JSON.stringify({ ok, receipts, steps })}\n`);
  } else if (ok) {
    const where = options.receipts === undefined ? '' : `, kept in ${options.receipts}`;
    process.stdout.write(`\n${runner.results.length} steps, each as the papers have it; `);
    process.stdout.write(`${receipts} receipts, verified with network.json alone${where}.\n`);
  }
  return ok;
}

/** Whether all steps went as they must. */
async function play(run: () => Promise<void>, json: boolean): Promise<boolean> {
  try {
    await run();
    return true;
  } catch (error) {
    if (!(error instanceof UnexpectedOutcome)) throw error;
    if (!json) process.stderr.write(`\nmedseal: this step went otherwise: ${error.message}\n`);
    return false;
  }
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
    authority: async () => await readAuthorityKeys(`${folder}/authority`, network.ports.primitives),
    async keepNetworkFile(beside) {
      if (!kept) await copyFile(join(folder, 'network.json'), join(beside, 'network.json'));
    },
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
  const file = await readPinnedNetwork(options);
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
    authority: async () =>
      await readAuthorityKeys(join(dirname(resolve(keystore)), 'authority'), ports.primitives),
    keepNetworkFile: async () => await Promise.resolve(),
    close: async () => await Promise.resolve(),
  };
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
