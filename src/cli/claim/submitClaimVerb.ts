import {
  formatClaimFile,
  parseClaimFile,
  type ClaimWaiting,
} from '../../client/claims/claimFile.ts';
import { permitClaim } from '../../client/claims/permitClaim.ts';
import {
  prepareClaim,
  type ClaimPrepared,
  type NewClaim,
} from '../../client/claims/prepareClaim.ts';
import { submitClaim, type ClaimSubmitted } from '../../client/claims/submitClaim.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { visibleText } from '../../errors/visibleText.ts';
import type { BillLine } from '../../fhir/claims/makeInvoice.ts';
import type { RecordId } from '../../protocol/ids.ts';
import type { Grant } from '../../protocol/requests.ts';
import { findContact, findPatient } from '../contact/findContact.ts';
import { short } from '../describeBody.ts';
import { openVisitor, type Visitor } from '../home/openVisitor.ts';
import { describeSum } from '../program/describeSum.ts';
import { calledAs } from '../program/calledAs.ts';
import { readGivenText } from '../program/readGiven.ts';
import type { VisitorOptions } from '../program/sharedOptions.ts';
import { writeFileWhole } from '../program/writeFileWhole.ts';
import { relianceFor } from '../record/chart.ts';
import type { ChartOptions } from '../record/listRecords.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import type { CLAIM_PERMITTED, CLAIM_SUBMITTED } from './claimAnswers.ts';
import { claimInWords } from './describeClaim.ts';

/** Options of `medseal claim submit`. */
export interface SubmitOptions extends ChartOptions {
  readonly insurer: string;
  readonly coverage: RecordId;
  readonly treatment?: RecordId;
  readonly rests?: readonly RecordId[];
  readonly line: readonly BillLine[];
  readonly currency: string;
  readonly amount?: number;
  readonly follows?: RecordId;
  readonly authorisation?: RecordId;
  readonly out?: string;
}

/**
 * Makes a claim: a patient's own goes to the ledger, another's to a file for the patient to permit.
 *
 * @param terminal - Shows the claim and asks.
 * @param options - See `medseal claim submit --help`.
 * @throws MedsealError what `prepareClaim` and `submitClaim` throw; `ARGUMENT_INVALID` for another's claim without a file.
 */
export async function submitVerb(
  terminal: Terminal,
  options: SubmitOptions,
): Promise<AnswerOf<typeof CLAIM_SUBMITTED>> {
  const visitor = await openVisitor(terminal, options);
  const { party, key } = visitor;
  const { out, line: lines, currency, coverage, treatment, rests, amount } = options;
  const patient = await findPatient(visitor, options.patient);
  if (patient.own !== (out === undefined)) {
    const reason = patient.own
      ? 'on your own chart nobody else has to permit it'
      : 'name a file, which the patient permits';
    throw new MedsealError('ARGUMENT_INVALID', { argument: '--out', reason });
  }
  const insurer = await findContact(visitor, options.insurer);
  const { purpose, right } = await relianceFor(visitor, patient, {
    action: 'add',
    category: 'billing',
    ...(options.purpose && { purpose: options.purpose }),
  });
  if (!patient.own && right === undefined) throw new MedsealError('RIGHT_MISSING', {});
  const { follows, authorisation } = options;
  const wanted: NewClaim = {
    handle: patient.handle,
    insurer: insurer.facts.party,
    coverage,
    ...(treatment && { treatment }),
    ...(rests && { records: rests }),
    lines,
    currency,
    ...(amount !== undefined && { amount }),
    ...(follows && { follows }),
    ...(authorisation && { authorisation }),
    ...(right && { grant: right.grant }),
    purpose,
  };
  const total = lines.reduce((sum, { units }) => sum + units, 0);
  await terminal.confirm([
    `You are about to sign, as ${key.name} (${party.address}):`,
    '',
    `  ${treatment ? 'claim' : 'ask in advance for'} ${describeSum(amount ?? total, currency)} from ${insurer.name}, for ${patient.name}`,
    ...lines.map(
      ({ service, units }) => `    ${describeSum(units, currency)}  ${visibleText(service, 96)}`,
    ),
    '',
    'The ledger tells the network’s organisations who claims from whom, amounts and days, and nothing of treatment or patient.',
  ]);
  terminal.progress.stage('writing bill and claim');
  if (out === undefined) return submitted(await inWords(submitClaim(party, wanted)));
  const prepared = await prepareClaim(party, wanted);
  await keep(out, prepared);
  return {
    value: { claim: prepared.digest, already: false, file: out },
    lines: [
      `Bill and claim are on the chart; the claim waits for the patient in ${out}.`,
      `Next: the patient runs ${calledAs(`claim permit ${out}`)}, and you ${calledAs(`claim place ${out}`)}, both within two weeks.`,
    ],
  };
}

/**
 * Lets the insurer of a claim read exactly the records that it rests on, as the patient.
 *
 * @param terminal - Shows the claim and asks.
 * @param file - The claimant's file.
 * @param options - See `medseal claim permit --help`.
 * @throws MedsealError `ARGUMENT_INVALID`; what `permitClaim` throws.
 */
export async function permitClaimVerb(
  terminal: Terminal,
  file: string,
  options: VisitorOptions,
): Promise<AnswerOf<typeof CLAIM_PERMITTED>> {
  const visitor = await openVisitor(terminal, options);
  const { party, key } = visitor;
  const { prepared } = await readPrepared(visitor, file);
  const { message, records } = prepared;
  const [insurer, claimant] = [
    await findContact(visitor, message.insurer),
    await findContact(visitor, message.claimant),
  ];
  await terminal.confirm([
    `You are about to sign, as ${key.name} (${party.address}):`,
    '',
    `  let ${insurer.name} read these records, for payment, so that ${claimant.name} can claim ${describeSum(message.amount)}:`,
    ...records.map(({ record, category }) => `    ${short(record)}  ${category}`),
  ]);
  terminal.progress.stage('waiting for the ledger');
  const permits = await permitClaim(party, prepared);
  await keep(file, prepared, permits);
  return {
    value: {
      claim: prepared.digest,
      insurer: message.insurer,
      records: records.map(({ record }) => record),
      file,
    },
    lines: [
      `${insurer.name} may read ${records.length} records. Give ${file} back to ${claimant.name}.`,
    ],
  };
}

/**
 * Puts a claim on the ledger that the patient permitted.
 *
 * @param terminal - Tells what it waits for.
 * @param file - The file.
 * @param options - See `medseal claim place --help`.
 * @throws MedsealError `ARGUMENT_INVALID`; what `submitClaim` throws.
 */
export async function placeClaim(
  terminal: Terminal,
  file: string,
  options: VisitorOptions,
): Promise<AnswerOf<typeof CLAIM_SUBMITTED>> {
  const visitor = await openVisitor(terminal, options);
  const { prepared, permits } = await readPrepared(visitor, file);
  terminal.progress.stage('waiting for the ledger');
  return submitted(await inWords(submitClaim(visitor.party, prepared, permits)));
}

async function inWords<Value>(run: Promise<Value>): Promise<Value> {
  return await run.catch((error: unknown) => {
    throw claimInWords(error);
  });
}

function submitted({ digest, already }: ClaimSubmitted): AnswerOf<typeof CLAIM_SUBMITTED> {
  return {
    value: { claim: digest, already },
    lines: [
      already ? 'The claim was on the ledger already.' : 'The claim is on the ledger.',
      `Claim ${digest}`,
    ],
  };
}

async function readPrepared({ party }: Visitor, path: string): Promise<ClaimWaiting> {
  return parseClaimFile(party, await readGivenText(path), path);
}

async function keep(
  path: string,
  prepared: ClaimPrepared,
  permits: readonly Grant[] = [],
): Promise<void> {
  await writeFileWhole(path, formatClaimFile(prepared, permits));
}
