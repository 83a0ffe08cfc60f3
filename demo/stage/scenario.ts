import { readFile } from 'node:fs/promises';
import type { Party } from '../../src/client/party/Party.ts';
import { isMedsealError } from '../../src/errors/isMedsealError.ts';
import { MedsealError } from '../../src/errors/MedsealError.ts';
import { createValidator } from '../../src/fhir/createValidator.ts';
import { DEMO_PATIENTS } from '../charts/demoPatients.ts';
import { makeDemoBundle } from '../charts/makeDemoBundle.ts';
import { parseFhirJson } from '../../src/fhir/parseFhirJson.ts';
import type { Validator } from '../../src/fhir/Validator.ts';
import { loadFhirDefinitions } from '../../src/node/loadFhirDefinitions.ts';
import { machinePorts } from '../../src/folder/NodePorts.ts';
import { seconds } from '../../src/protocol/Clock.ts';
import { careScenario } from '../scenario/careScenario.ts';
import type { CareCast, CastMember, Cast } from '../scenario/Cast.ts';
import { custodyScenario } from '../scenario/custodyScenario.ts';
import { prescriptionScenario } from '../scenario/prescriptionScenario.ts';
import { eraseScenario } from '../scenario/eraseScenario.ts';
import { endsScenario } from '../scenario/endsScenario.ts';
import { hearEntries } from '../scenario/hearEntries.ts';
import { sharingScenario } from '../scenario/sharingScenario.ts';
import { sensorScenario } from '../scenario/sensorScenario.ts';
import { StepRunner, UnexpectedOutcome, type StepResult } from '../scenario/StepRunner.ts';
import { parseGatewayConfiguration } from '../../src/sensors/GatewayConfiguration.ts';
import { awaitEvidence } from '../../src/cli/evidence/awaitEvidence.ts';
import { saveReceipts, type SavedReceipt } from '../../src/cli/evidence/saveReceipts.ts';
import type { VisitorOptions, Wait } from '../../src/cli/program/sharedOptions.ts';
import { openDeviceWire } from './openDeviceWire.ts';
import { openStage, type Stage } from './scenarioStage.ts';
import type { AnswerOf } from '../../src/cli/terminal/Answer.ts';
import type { Terminal } from '../../src/cli/terminal/Terminal.ts';
import type { RECEIPT_TOLD, SCENARIO_PLAYED } from '../../src/cli/networkAnswers.ts';
import type { Of } from '../../src/protocol/struct/Of.ts';

/** Options of `medseal scenario`. */
export interface ScenarioOptions extends VisitorOptions {
  readonly broker?: string;
  readonly bundle?: readonly string[];
  readonly care?: boolean;
  readonly custody?: boolean;
  readonly data?: string;
  readonly issuer?: string;
  readonly receipts?: string;
  readonly sensors?: boolean;
  readonly wait?: Wait;
  readonly json?: boolean;
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
  const { json = false, broker, bundle = [], wait } = options;
  const bundles = await readBundles(bundle);
  if (broker !== undefined) {
    parseGatewayConfiguration({ spool: 'spool', mqtt: { url: broker } }, '--broker');
  }
  const stage = await openStage(terminal, options);
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
  const playing: Playing = {
    runner,
    stage,
    bundles,
    validator: createValidator(loadFhirDefinitions()),
    // Every entry that a party's requests become gets a receipt.
    hear: (actor) => {
      parties.push(actor.party);
      return { ...actor, party: hearEntries(actor.party, runner.hear) };
    },
    begin: async (title) => {
      if (!json) await terminal.printLines(['', title]);
    },
  };
  let receipts: readonly SavedReceipt[] = [];
  let ok: boolean;
  try {
    ok = await asExpected(terminal, async () => await play(playing, options), json);
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

/** Stage, runner and bundles of a scenario. */
interface Playing {
  readonly runner: StepRunner;
  readonly stage: Stage;
  readonly bundles: readonly { readonly name: string; readonly bundle: unknown }[];
  readonly validator: Validator;
  readonly hear: (actor: CastMember) => CastMember;
  readonly begin: (title: string) => Promise<void>;
}

async function play(playing: Playing, options: ScenarioOptions): Promise<void> {
  const { care, custody, sensors, broker } = options;
  if (care === true) await playCare(playing);
  else if (custody === true) await playCustody(playing);
  else if (sensors === true) await playSensors(playing, broker);
  else await playPapers(playing);
}

async function playSensors({ runner, stage, hear }: Playing, broker?: string): Promise<void> {
  const { patient, doctor, gateway, pharmacist } = await stage.sensorCast();
  const cast = {
    patient: hear(patient),
    doctor: hear(doctor),
    gateway: hear(gateway),
    pharmacist: hear(pharmacist),
  };
  await sensorScenario(runner, cast, async ({ party }) => await openDeviceWire(party, broker));
}

async function playCustody({ runner, stage, begin, hear }: Playing): Promise<void> {
  const { son, mother, aunt, doctor, locum } = await stage.custodyCast();
  const cast = {
    son: hear(son),
    mother: hear(mother),
    aunt: hear(aunt),
    doctor: hear(doctor),
    ...(locum && { locum: hear(locum) }),
  };
  await custodyScenario(runner, cast, await stage.authority(), stage.passTime, begin);
}

async function playPapers(playing: Playing): Promise<void> {
  const { runner, stage, bundles, validator, begin, hear } = playing;
  for (const [number, { name, bundle }] of bundles.entries()) {
    await begin(name);
    const cast = heard(playing, await stage.cast(number));
    await sharingScenario(runner, cast, bundle, validator);
  }
  await begin('The end of rights');
  const ending = heard(playing, await stage.cast(0));
  await endsScenario(runner, ending, await stage.authority(), stage.holdTime);
  await begin('An erasure');
  await eraseScenario(runner, heard(playing, await stage.cast(0)));
  const pharmacies = await stage.pharmacies();
  if (pharmacies === undefined) return;
  await begin('A prescription');
  const cast = heard(playing, await stage.cast(0));
  await prescriptionScenario(runner, cast, [hear(pharmacies[0]), hear(pharmacies[1])]);
}

async function playCare(playing: Playing): Promise<void> {
  const { runner, stage, bundles, validator, begin, hear } = playing;
  for (const [number, { bundle }] of bundles.entries()) {
    const cast = await stage.careCast(number);
    const { pharmacies, laboratory, child, registrar, insurers, verifiers } = cast;
    const all: CareCast = {
      ...heard(playing, cast),
      pharmacies: [hear(pharmacies[0]), hear(pharmacies[1])],
      laboratory: hear(laboratory),
      child: hear(child),
      registrar: hear(registrar),
      insurers: [hear(insurers[0]), hear(insurers[1])],
      verifiers: [hear(verifiers[0]), hear(verifiers[1])],
    };
    const authority = await stage.authority();
    await careScenario(runner, all, bundle, validator, authority, begin);
  }
}

function heard({ hear }: Playing, { patient, doctor, specialist }: Cast): Cast {
  return { patient: hear(patient), doctor: hear(doctor), specialist: hear(specialist) };
}

/** Tells whether all steps went as they must. */
async function asExpected(
  terminal: Terminal,
  run: () => Promise<void>,
  json: boolean,
): Promise<boolean> {
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
