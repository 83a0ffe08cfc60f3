import { rmSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Party } from '../client/party/Party.ts';
import type { AuthorityKey } from '../client/rights/signSuspension.ts';
import { isMedsealError } from '../errors/isMedsealError.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import { createValidator } from '../fhir/createValidator.ts';
import { DEMO_PATIENTS } from '../fhir/demo/demoPatients.ts';
import { makeDemoBundle } from '../fhir/demo/makeDemoBundle.ts';
import { parseFhirJson } from '../fhir/parseFhirJson.ts';
import { loadFhirDefinitions } from '../node/loadFhirDefinitions.ts';
import { machinePorts } from '../folder/NodePorts.ts';
import { openNetwork } from '../node/openNetwork.ts';
import { readAuthorityKeys } from '../node/founding/readAuthorityKeys.ts';
import { seconds } from '../protocol/Clock.ts';
import type { CastMember, Cast } from '../scenario/Cast.ts';
import { prescriptionScenario, type Pharmacies } from '../scenario/prescriptionScenario.ts';
import { endsScenario } from '../scenario/endsScenario.ts';
import { hearEntries } from '../scenario/hearEntries.ts';
import { sharingScenario } from '../scenario/sharingScenario.ts';
import { StepRunner, UnexpectedOutcome, type StepResult } from '../scenario/StepRunner.ts';
import { awaitEvidence } from './evidence/awaitEvidence.ts';
import { complain } from './program/complain.ts';
import { freshCast, freshPharmacies } from './freshCast.ts';
import { findHome } from './home/Home.ts';
import { keysOf, openKeyAt } from './home/openVisitor.ts';
import { readPinnedNetwork } from './readPinnedNetwork.ts';
import { saveReceipts, type SavedReceipt } from './evidence/saveReceipts.ts';
import type { VisitorOptions, Wait } from './program/sharedOptions.ts';
import type { AnswerOf } from './terminal/Answer.ts';
import type { Terminal } from './terminal/Terminal.ts';
import { ifInterrupted } from './program/whileInterruptible.ts';
import { writeFileWhole } from './program/writeFileWhole.ts';
import type { RECEIPT_TOLD, SCENARIO_PLAYED } from './networkAnswers.ts';
import type { Of } from '../protocol/Of.ts';

/** Options of `medseal scenario`. */
export interface ScenarioOptions extends VisitorOptions {
  readonly bundle?: readonly string[];
  readonly data?: string;
  readonly receipts?: string;
  readonly wait?: Wait;
  readonly json?: boolean;
}

/** The network and parties with which a scenario is played. */
interface Stage {
  /** The parties for the bundle of this number. */
  cast(number: number): Promise<Cast>;
  /** Keys of the authority's members, if they lie on this machine. */
  authority(): Promise<readonly AuthorityKey[]>;
  /** Two pharmacists; undefined if the stage has none, or its network no prescriptions. */
  pharmacies(): Promise<Pharmacies | undefined>;
  /** Keeps the network file beside the receipts, where it would go with the network. */
  keepNetworkFile(folder: string): Promise<void>;
  close(): Promise<void>;
}

/**
 * Plays the papers' scenario and prints each step.
 *
 * @param terminal - Asks for passphrases.
 * @param options - See `medseal scenario --help`.
 */
export async function scenario(
  terminal: Terminal,
  options: ScenarioOptions,
): Promise<AnswerOf<typeof SCENARIO_PLAYED>> {
  const { json = false, bundle = [], wait } = options;
  const bundles = await readBundles(bundle);
  const running = options.url !== undefined || options.home !== undefined;
  const stage = running ? await runningStage(terminal, options) : await freshStage(options);
  const parties: Party[] = [];
  const runner = new StepRunner(
    () => performance.now(),
    (step) => {
      if (!json) void terminal.printLines(describe(step));
    },
    async (evidence) => {
      const party = parties.find(({ log }) => log === evidence.log);
      return party && (await awaitEvidence(terminal, party, evidence, { wait }));
    },
  );
  const heard = (cast: Cast): Cast => {
    const { patient, doctor, specialist } = cast;
    for (const { party } of [patient, doctor, specialist]) parties.push(party);
    return {
      patient: heardBy(runner, patient),
      doctor: heardBy(runner, doctor),
      specialist: heardBy(runner, specialist),
    };
  };
  let ok = true;
  let receipts: readonly SavedReceipt[] = [];
  try {
    const validator = createValidator(loadFhirDefinitions());
    for (const [number, { name, bundle }] of bundles.entries()) {
      if (!json) await terminal.printLines(['', name]);
      const cast = heard(await stage.cast(number));
      ok &&= await play(
        terminal,
        async () => await sharingScenario(runner, cast, bundle, validator),
        json,
      );
      if (!ok) break;
    }
    if (ok) {
      if (!json) await terminal.printLines(['', 'The end of rights']);
      const [cast, authority] = [heard(await stage.cast(0)), await stage.authority()];
      ok = await play(terminal, async () => await endsScenario(runner, cast, authority), json);
    }
    const pharmacies = await stage.pharmacies();
    if (ok && pharmacies !== undefined) {
      if (!json) await terminal.printLines(['', 'A prescription']);
      const cast = heard(await stage.cast(0));
      for (const { party } of pharmacies) parties.push(party);
      ok = await play(
        terminal,
        async () => await prescriptionScenario(runner, cast, pharmacies),
        json,
      );
    }
    receipts = await saveReceipts(runner.entries, parties, options.receipts, terminal);
    if (options.receipts !== undefined) await stage.keepNetworkFile(options.receipts);
  } finally {
    await stage.close();
  }
  const lines = [
    ...(options.receipts === undefined ? [] : ['', 'Receipts', ...receipts.map(describeReceipt)]),
    '',
    `${runner.results.length} steps, each as the papers say; ${receipts.length} receipts, verified with network.json alone.`,
  ];
  const steps = runner.results.map(forPrograms);
  const value = { receipts: receipts.map(receiptForPrograms), steps };
  return { ok, value, lines: ok ? lines : [] };
}

/** A party on the stage, of whose requests every entry gets a receipt. */
function heardBy(runner: StepRunner, actor: CastMember): CastMember {
  return { ...actor, party: hearEntries(actor.party, runner.hear) };
}

/** Tells whether all steps went as they must. */
async function play(terminal: Terminal, run: () => Promise<void>, json: boolean): Promise<boolean> {
  try {
    await run();
    return true;
  } catch (error) {
    if (!(error instanceof UnexpectedOutcome)) throw error;
    if (!json) terminal.note(`medseal: this step did not go as the papers say: ${error.message}`);
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
      bundles.push({ name: path, bundle: parseFhirJson(await readFile(path)) });
    } catch (cause) {
      const isRead = isMedsealError(cause, 'FHIR_INVALID');
      const reason = isRead ? cause.values.reason : 'it cannot be read';
      throw new MedsealError('ARGUMENT_INVALID', { argument: path, reason }, { cause });
    }
  }
  return bundles;
}

/** A network of the scenario's own, in a folder that goes afterwards unless it is to be kept. */
async function freshStage(options: ScenarioOptions): Promise<Stage> {
  const kept = options.data !== undefined;
  const folder = kept ? resolve(options.data ?? '') : await mkdtemp(join(tmpdir(), 'medseal-'));
  const gone = ifInterrupted(() => {
    if (!kept) rmSync(folder, { recursive: true, force: true });
  });
  const network = await openNetwork({ folder, demo: true, onFailure: (error) => complain(error) });
  return {
    cast: async (number) => await freshCast(network, `${folder}/parties`, number),
    authority: async () => await readAuthorityKeys(`${folder}/authority`, network.ports.primitives),
    pharmacies: async () => await freshPharmacies(network, `${folder}/parties`),
    async keepNetworkFile(beside) {
      if (!kept) {
        const text = await readFile(join(folder, 'network.json'));
        await writeFileWhole(join(beside, 'network.json'), text);
      }
    },
    async close() {
      await network.close();
      if (!kept) await rm(folder, { recursive: true, force: true });
      gone();
    },
  };
}

/** A network that runs already, with the parties of a device. */
async function runningStage(terminal: Terminal, options: ScenarioOptions): Promise<Stage> {
  const home = findHome(options);
  const network = await readPinnedNetwork(options, home);
  const keys = await keysOf(home, network);
  const { primitives } = await machinePorts();
  const actor = async (role: CastMember['role'], number: number): Promise<CastMember> => {
    const key = keys.filter((each) => each.role === role)[number];
    const organisation = key?.organisation;
    if (key === undefined || organisation === undefined) {
      const reason = `the device has too few keys with the role ${role}`;
      throw new MedsealError('ARGUMENT_INVALID', { argument: '--home', reason });
    }
    const at = { home, network, key, organisation };
    const party = await openKeyAt(terminal, at, options);
    return { name: key.name, role, organisation, party, fresh: false };
  };
  return {
    cast: async (number) => ({
      patient: await actor('patient', number),
      doctor: await actor('doctor', 0),
      specialist: await actor('doctor', 1),
    }),
    authority: async () => await readAuthorityKeys(join(home.path, 'authority'), primitives),
    // A device seldom has the keys of two pharmacists.
    pharmacies: async () => await Promise.resolve(undefined),
    keepNetworkFile: async () => await Promise.resolve(),
    close: async () => await Promise.resolve(),
  };
}

function describe(step: StepResult): readonly string[] {
  const { paper, name, party, outcome, code, detail, txHash, log, index, checkpoint, ms } = step;
  const { entries } = step;
  const mark = step.outcome === step.expected ? '✓' : '✗';
  const place = [
    txHash && `ledger ${txHash.slice(0, 10)}…`,
    log && `log ${entries === undefined ? `${log}#${index}` : spanOf(entries)}`,
    checkpoint && `receipt in a checkpoint of ${checkpoint}`,
    detail,
  ].filter((part) => part !== undefined);
  const result = outcome === 'refused' ? ` — refused, ${code}` : '';
  const head = `${mark} ${paper.padEnd(9)} ${name}${result}`;
  return [
    head,
    `    ${party.padEnd(11)} ${`${ms.toFixed(1)} ms`.padStart(10)}   ${place.join(' · ')}`,
  ];
}

/** Several entries in few words: those that follow on each other in a log as `care/hospital#1–11`. */
function spanOf(entries: readonly string[]): string {
  const spans: { log: string; from: number; to: number }[] = [];
  for (const entry of entries) {
    const [log = '', place] = entry.split('#');
    const index = Number(place);
    const span = spans.at(-1);
    if (span?.log === log && span.to + 1 === index) span.to = index;
    else spans.push({ log, from: index, to: index });
  }
  return spans
    .map(({ log, from, to }) => `${log}#${from === to ? from : `${from}–${to}`}`)
    .join(', ');
}

function describeReceipt({ receipt, file }: SavedReceipt): string {
  const { acknowledgement, checkpoint, ledger } = receipt;
  const place = `${acknowledgement.log}#${acknowledgement.index}`;
  const parts = [
    `in a checkpoint of ${checkpoint.size}`,
    `signed by ${checkpoint.signatures.length}`,
    `ledger ${ledger.transaction.slice(0, 10)}…, block ${ledger.block}`,
    ...(file === undefined ? [] : [file]),
  ];
  return `  ${place.padEnd(18)} ${parts.join(' · ')}`;
}

/** Summary of a receipt for programs; the file has all of it. */
function receiptForPrograms({ receipt, file }: SavedReceipt): Of<typeof RECEIPT_TOLD> {
  const { acknowledgement, checkpoint, ledger } = receipt;
  const { log, index, entry } = acknowledgement;
  const { transaction, block } = ledger;
  return {
    log,
    index,
    entry,
    checkpoint: checkpoint.size,
    transaction,
    block,
    ...(file && { file }),
  };
}

/** Result of a step for programs. */
function forPrograms({ detail: _detail, ...step }: StepResult): Omit<StepResult, 'detail'> {
  return step;
}
