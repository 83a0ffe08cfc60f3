import { bytesToHex } from '../../../crypto/bytes.ts';
import { MedsealError } from '../../../errors/MedsealError.ts';
import type { InsuranceClaim } from '../../../protocol/care/claims.ts';
import type { Acknowledgement } from '../../../protocol/evidence/evidence.ts';
import { OneOf } from '../../../protocol/wire/findShapeError.ts';
import type { Bytes32, Handle, RecordId } from '../../../protocol/ids.ts';
import { parseBody } from '../../../protocol/evidence/parseBody.ts';
import { parseJsonOf } from '../../../protocol/wire/parseJsonOf.ts';
import type { Grant, Signed, Write } from '../../../protocol/struct/requests.ts';
import { signedShape } from '../../../protocol/shapes/messageShape.ts';
import { sign } from '../../../protocol/struct/signing.ts';
import { treatmentNullifier } from '../../../protocol/care/treatmentNullifier.ts';
import type { Purpose } from '../../../protocol/vocabulary.ts';
import { confirmFacts } from '../../audit/confirmFacts.ts';
import type { Party } from '../../party/Party.ts';
import { readChart } from '../../records/readChart.ts';

const FORMAT = 'medseal-bill/1';
const FILE = { format: new OneOf(FORMAT), bill: signedShape('Bill') } as const;

/** A claim with its signed bill. */
export interface ClaimBilled {
  readonly message: InsuranceClaim;
  /** The bill as whoever treated signed it, then as the patient did; none for a question in advance. */
  readonly bills: readonly Signed<'Bill'>[];
}

/** The cost of a treatment. */
export interface NewBill {
  readonly handle: Handle;
  /** The treatment's first record. */
  readonly treatment: RecordId;
  /** Hundredths. */
  readonly total: number;
  /** Right to read that record. */
  readonly grant?: Grant;
  readonly purpose?: Purpose;
}

/**
 * Signs what a treatment costs, as whoever wrote its first record. A claim for the treatment needs it: no insurer is shown
 * another total.
 *
 * @param party - Whoever treated.
 * @param bill - Chart, record and total.
 * @throws MedsealError `NOT_FOUND` if the record is not on the chart; `RIGHT_MISSING` if another party wrote it; and those of
 * `readChart`.
 * @example
 * ```ts
 * const bill = await signBill(doctor, { handle, treatment: visit, total: 12_000, grant, purpose: 'TREAT' });
 * const lines = [{ service: 'Consultation', units: 12_000 }];
 * const asked = { handle, insurer: insurer.address, coverage: policy, treatment: visit, bill };
 * await submitClaim(patient, { ...asked, lines, currency: 'EUR' });
 * ```
 */
export async function signBill(
  party: Party,
  { handle, treatment, total, grant, purpose = 'TREAT' }: NewBill,
): Promise<Signed<'Bill'>> {
  const chart = await readChart(party, { handle, purpose, ...(grant && { grant }) });
  const first = chart.records.find((each) => each.record === treatment && each.version === 1);
  if (first === undefined) throw new MedsealError('NOT_FOUND', { what: 'record' });
  if (first.author !== party.address) throw new MedsealError('RIGHT_MISSING', {});
  return signed(party, nullifierOf(party, first.acknowledgement), total);
}

/**
 * Returns the bill that a claim goes with: one's own, or the one that whoever treated signed.
 *
 * @param party - The claimant.
 * @param first - The treatment's first entry.
 * @param total - Sum of the bill's lines.
 * @param given - The bill of whoever treated.
 * @throws MedsealError `ARGUMENT_INVALID` if it is missing, or of another treatment, total or author.
 */
export function billFor(
  party: Party,
  first: Acknowledgement,
  total: number,
  given?: Signed<'Bill'>,
): Signed<'Bill'> {
  const author = parseBody(first.body).request.party;
  const treatment = nullifierOf(party, first);
  if (author === party.address) return signed(party, treatment, total);
  const isOf = given?.message.treatment === treatment && given.party === author;
  if (isOf && given.message.total === total) return given;
  const reason = isOf
    ? 'its total is not the sum of the lines'
    : 'needs the bill for this treatment that whoever treated signed';
  throw new MedsealError('ARGUMENT_INVALID', { argument: 'bill', reason });
}

/**
 * Returns the total that an insurer was shown for the treatment before, if that of a claim is higher: then its patient has to
 * sign the bill too.
 *
 * @param party - Any party.
 * @param claim - The claim.
 * @throws MedsealError `KEY_UNAUTHENTIC`, `VERDICTS_MISSING`.
 * @example
 * ```ts
 * const lower = await lowerTotalBefore(patient, prepared);
 * if (lower !== undefined) console.log(`An insurer was shown ${lower} before.`);
 * ```
 */
export async function lowerTotalBefore(
  party: Party,
  { message: { follows, total } }: Pick<ClaimBilled, 'message'>,
): Promise<number | undefined> {
  const { claim: former } = await confirmFacts(party, { claim: follows });
  return former !== undefined && total > former.total ? former.total : undefined;
}

/**
 * Signs, as the patient, the bill of a claim that is higher than the one which an insurer was shown before. Any other claim is
 * returned as it is.
 *
 * @param party - The patient.
 * @param prepared - The claim.
 * @throws MedsealError `KEY_UNAUTHENTIC`, `VERDICTS_MISSING`.
 * @example
 * ```ts
 * const agreed = await agreeToBill(patient, prepared);
 * const text = formatClaimFile(agreed, await permitClaim(patient, agreed));
 * ```
 */
export async function agreeToBill<Prepared extends ClaimBilled>(
  party: Party,
  prepared: Prepared,
): Promise<Prepared> {
  const [bill] = prepared.bills;
  if (bill === undefined || (await lowerTotalBefore(party, prepared)) === undefined)
    return prepared;
  return { ...prepared, bills: [bill, sign(party, party, 'Bill', bill.message)] };
}

/**
 * Writes a signed bill as the file that whoever treated gives to the patient.
 *
 * @param bill - Of `signBill`.
 * @example
 * ```ts
 * const bill = parseBill(formatBill(await signBill(doctor, { handle, treatment: visit, total: 12_000, grant })));
 * console.log(bill.message.total);
 * ```
 */
export function formatBill(bill: Signed<'Bill'>): string {
  return `${JSON.stringify({ format: FORMAT, bill }, null, 2)}\n`;
}

/**
 * Reads such a file.
 *
 * @param text - The file, not trusted: nodes judge what is in it.
 * @param argument - Name of the file, for messages.
 * @throws MedsealError `ARGUMENT_INVALID` if it is malformed.
 * @example
 * ```ts
 * import { readFile } from 'node:fs/promises';
 * const { message } = parseBill(await readFile('bill.json', 'utf8'));
 * console.log(message.total);
 * ```
 */
export function parseBill(text: string, argument = 'text'): Signed<'Bill'> {
  const reason = 'it is not a signed bill';
  return parseJsonOf(FILE, text, () => new MedsealError('ARGUMENT_INVALID', { argument, reason }))
    .bill;
}

/**
 * Returns the number that stands for a treatment in every claim.
 *
 * @param party - Knows the network.
 * @param first - Its first entry.
 * @throws MedsealError `NOT_FOUND` if the entry has no write.
 */
export function nullifierOf({ primitives, network }: Party, { body }: Acknowledgement): Bytes32 {
  const write = parseBody(body)?.request.message as Write | undefined;
  if (write === undefined) throw new MedsealError('NOT_FOUND', { what: 'record' });
  return treatmentNullifier(primitives, network.networkId, write);
}

function signed(party: Party, treatment: Bytes32, total: number): Signed<'Bill'> {
  return sign(party, party, 'Bill', { treatment, total, salt: bytesToHex(party.random(16)) });
}
