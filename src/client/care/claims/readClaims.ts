import type { Claim, Invoice } from '@medplum/fhirtypes';
import { isMedsealError } from '../../../errors/isMedsealError.ts';
import { MedsealError } from '../../../errors/MedsealError.ts';
import { requireSoundClaim } from '../../../fhir/claims/requireSoundClaim.ts';
import { decodePart } from '../../../fhir/decodePart.ts';
import type { ClaimFacts, ClaimSupplement, InsuranceClaim } from '../../../protocol/care/claims.ts';
import { seconds } from '../../../protocol/Clock.ts';
import type { Acknowledgement } from '../../../protocol/evidence/evidence.ts';
import type { Bytes32, Handle } from '../../../protocol/ids.ts';
import { parseBody } from '../../../protocol/evidence/parseBody.ts';
import type { Write } from '../../../protocol/struct/requests.ts';
import { confirmFacts } from '../../audit/confirmFacts.ts';
import { knownRights } from '../../party/knownRights.ts';
import type { Party } from '../../party/Party.ts';
import { contentHash } from '../prescriptions/prescriptionRecord.ts';
import { isErasedIn } from '../../records/isErasedIn.ts';
import { newestOfEach } from '../../records/newestOfEach.ts';
import { readChart, type Chart } from '../../records/readChart.ts';
import { readRecords } from '../../records/readRecords.ts';
import type { ChartRecord } from '../../records/viewChart.ts';
import { restoreRights } from '../../rights/restoreRights.ts';
import { claimsBeside, type ClaimBeside } from './claimsBeside.ts';
import { claimIn } from './claimRecord.ts';
import type { ClaimTold } from '../../letters/ClaimTold.ts';
import { confirmClaim } from './confirmClaim.ts';
import { stepsTold } from './keptClaimSteps.ts';
import { keepClaim, knownClaims, type ClaimKnown } from './knownClaims.ts';
import { ownHandle } from '../../state/ownHandle.ts';

/** A claim with what became of it. */
export interface ClaimListed extends ClaimKnown {
  readonly facts: ClaimFacts;
  /** Steps of which the other side told this device, in the order of their numbers. */
  readonly told: readonly ClaimTold[];
}

/** The claims of a party. */
export interface ClaimsListed {
  readonly claims: readonly ClaimListed[];
  /** Number of records that may hold more claims and could not be read now; erased ones are not among them. */
  readonly unread: number;
}

/** A claim with its documents, each of which is the one that was signed. */
export interface ClaimRead extends ClaimListed {
  readonly claim: Claim;
  readonly bill: Invoice;
  /** ISO 4217 code of the bill's currency. */
  readonly currency: string;
  /** The acknowledgements of the entries that it names, as far as this party may see them. */
  readonly entries: readonly Acknowledgement[];
  readonly records: readonly { readonly record: ChartRecord; readonly content: Uint8Array }[];
  /** The other claims for the same treatment, of which the insurer is told. */
  readonly beside: readonly ClaimBeside[];
}

/** Bytes of the largest record that is looked at for a claim: one with 64 entries and its papers takes a tenth. */
const MOST_PAPER = 2 ** 20;
/** Errors that the patient of a chart can cause; they say nothing of other charts. */
const OF_ONE_CHART = [
  'RIGHT_ENDED',
  'RIGHT_MISSING',
  'RIGHT_INVALID',
  'CATEGORY_EXCLUDED',
  'CHART_FROZEN',
  'EPOCH_DUE',
  'EPOCHS_EXHAUSTED',
  'KEY_PENDING',
  'SEAL_UNREADABLE',
] as const;

/**
 * Lists the claims of a party: those that it made, those for its own treatments, and of an insurer those that it was asked
 * to pay. An insurer learns of them by the rights that patients gave it, and of no other patient.
 *
 * @param party - Claimant, patient or insurer.
 * @throws MedsealError `KEY_UNAUTHENTIC`, `VERDICTS_MISSING`; of `readChart`.
 * @example
 * ```ts
 * const { claims, unread } = await listClaims(insurer);
 * for (const { digest, facts } of claims) {
 *   console.log(`${digest}: ${facts.state}, ${facts.approved} of ${facts.amount} approved`);
 * }
 * if (unread > 0) console.log(`${unread} records could not be read`);
 * ```
 */
export async function listClaims(party: Party): Promise<ClaimsListed> {
  const unread = await findClaims(party);
  const claims: ClaimListed[] = [];
  for (const known of await knownClaims(party)) {
    const { claim: facts } = await confirmFacts(party, { claim: known.digest });
    const told = await stepsTold(party, known);
    if (facts !== undefined) claims.push({ ...known, facts, told });
  }
  return { claims, unread };
}

/**
 * Returns the claims of a party without asking what became of them: some may wait for their patient still, and be on no
 * ledger.
 *
 * @param party - Claimant, patient or insurer.
 * @throws MedsealError `KEY_UNAUTHENTIC`, `VERDICTS_MISSING`; of `readChart`.
 * @example
 * ```ts
 * const claims = await foundClaims(insurer);
 * console.log(`${claims.length} claims, some of which may be on no ledger yet`);
 * ```
 */
export async function foundClaims(party: Party): Promise<readonly ClaimKnown[]> {
  await findClaims(party);
  return await knownClaims(party);
}

/**
 * Reads a claim with all that it rests on, and requires that nothing of it was altered: claim and bill are those that the
 * claimant signed, add up, and are for what the ledger says; each record is of an entry that the claim names.
 *
 * @param party - Claimant, patient or insurer.
 * @param digest - The claim.
 * @throws MedsealError `NOT_FOUND` if the party does not know it, or may not read its papers any more; `CLAIM_ALTERED`,
 * `FHIR_INVALID`, and those of `readChart`.
 * @example
 * ```ts
 * const { bill, records } = await readClaim(insurer, digest);
 * console.log(`${bill.lineItem?.length} lines, resting on ${records.length} records`);
 * ```
 */
export async function readClaim(party: Party, digest: Bytes32): Promise<ClaimRead> {
  const known = await requireKnownClaim(party, digest);
  const { message } = known;
  const facts = await confirmClaim(party, digest);
  const told = await stepsTold(party, known);
  const { entries, records } = await readNamed(party, message, supplementsIn(told, message));
  const { claim, bill } = papersIn(party, message, records);
  if (claim === undefined || bill === undefined)
    throw new MedsealError('NOT_FOUND', { what: 'bill' });
  const currency = String(bill.totalGross?.currency);
  const first = firstWrite(entries, message);
  const { primitives, network } = party;
  requireSoundClaim(primitives, network.networkId, message, {
    claim,
    bill,
    currency,
    ...(first && { first }),
  });
  const beside = await claimsBeside(party, facts);
  return { digest, message, facts, told, claim, bill, currency, entries, records, beside };
}

/**
 * Returns a claim that the device knows, or finds by the party's rights.
 *
 * @param party - Claimant, patient or insurer.
 * @param digest - The claim.
 * @throws MedsealError `NOT_FOUND`.
 * @example
 * ```ts
 * const { message } = await requireKnownClaim(insurer, digest);
 * console.log(`a claim of ${message.amount} by ${message.terms.claimant}`);
 * ```
 */
export async function requireKnownClaim(party: Party, digest: Bytes32): Promise<ClaimKnown> {
  const isOf = (each: ClaimKnown): boolean => each.digest === digest;
  const known = (await knownClaims(party)).find(isOf);
  if (known !== undefined) return known;
  const found = (await foundClaims(party)).find(isOf);
  if (found === undefined) throw new MedsealError('NOT_FOUND', { what: 'claim' });
  return found;
}

/** The write in the treatment's first entry, if it is among these. */
export function firstWrite(
  entries: readonly Acknowledgement[],
  { terms }: InsuranceClaim,
): Write | undefined {
  const first = entries.find(({ entry }) => entry === terms.entry);
  return first && (parseBody(first.body)?.request.message as Write | undefined);
}

/**
 * Looks for claims in the bills that the party may read, and stores at most one of each record.
 *
 * @returns Number of those that could not be read.
 */
async function findClaims(party: Party): Promise<number> {
  let unread = 0;
  await restoreRights(party);
  // A claim that names another author's record keeps that author's claim from nobody.
  const known = new Set(
    (await knownClaims(party)).flatMap(({ message: { terms } }) => {
      return terms.records.map((entry) => `${terms.claimant}/${entry}`);
    }),
  );
  for await (const chart of chartsOf(party, 'billing')) {
    const bills = newestOfEach(chart.records).filter((each) => {
      const { category, size, author, acknowledgement } = each;
      const isKnown = known.has(`${author}/${acknowledgement.entry}`);
      return category === 'billing' && size <= MOST_PAPER && !isKnown;
    });
    for await (const read of readRecords(party, chart, bills)) {
      if ('error' in read) {
        if (!isErasedIn(chart, read.record)) unread += 1;
        continue;
      }
      const { author, acknowledgement } = read.record;
      const place = { handle: chart.handle, entry: acknowledgement.entry };
      const found = resourcesIn(read.content)
        .map((resource) => claimIn(party.primitives, place, resource)?.message)
        .find((message) => message?.terms.claimant === author);
      if (found !== undefined) await keepClaim(party, found);
    }
  }
  return unread;
}

/** Charts that the party may read now: its own, or one for each right. */
async function* chartsOf(
  party: Party,
  category: 'billing' | undefined,
  of?: Handle,
): AsyncGenerator<Chart> {
  if (party.network.contracts.claims === undefined) return;
  const own = await ownHandle(party);
  if (own !== undefined && (of ?? own) === own) {
    yield await readChart(party, { handle: own, purpose: 'PATRQT' });
    return;
  }
  const now = seconds(party.clock);
  for (const { grant } of await knownRights(party)) {
    const { handle, terms } = grant;
    if (!terms.read || terms.until <= now || terms.from > now || (of ?? handle) !== handle)
      continue;
    if (category !== undefined && !terms.categories.includes(category)) continue;
    try {
      yield await readChart(party, { handle, grant, purpose: terms.purpose });
    } catch (error) {
      // One patient keeps nobody from the claims of the others, whatever that patient sealed or ended.
      if (!OF_ONE_CHART.some((code) => isMedsealError(error, code))) throw error;
    }
  }
}

/** Entries that the claimant added when the insurer asked for more. */
function supplementsIn(
  told: readonly ClaimTold[],
  { terms: { claimant } }: InsuranceClaim,
): readonly Bytes32[] {
  return told.flatMap(({ request, from }) => {
    if (request.type !== 'ClaimSupplement' || from !== claimant) return [];
    return (request.message as ClaimSupplement).terms.records;
  });
}

async function readNamed(
  party: Party,
  { terms }: InsuranceClaim,
  further: readonly Bytes32[],
): Promise<Pick<ClaimRead, 'entries' | 'records'>> {
  await restoreRights(party);
  const wanted = new Set([...terms.records, ...further]);
  const entries = new Map<Bytes32, Acknowledgement>();
  const records: { record: ChartRecord; content: Uint8Array }[] = [];
  for await (const chart of chartsOf(party, undefined, terms.handle)) {
    for (const { acknowledgement } of chart.records) {
      const { entry } = acknowledgement;
      if (wanted.has(entry) || entry === terms.entry) entries.set(entry, acknowledgement);
    }
    const left = chart.records.filter(({ acknowledgement }) => wanted.has(acknowledgement.entry));
    for await (const read of readRecords(party, chart, left)) {
      if ('error' in read) throw read.error;
      wanted.delete(read.record.acknowledgement.entry);
      records.push({ record: read.record, content: read.content });
    }
  }
  return { entries: [...entries.values()], records };
}

function papersIn(
  party: Party,
  { terms }: InsuranceClaim,
  records: ClaimRead['records'],
): { readonly claim?: Claim; readonly bill?: Invoice } {
  const found: { claim?: Claim; bill?: Invoice } = {};
  for (const { record, content } of records) {
    if (record.category !== 'billing') continue;
    const place = { handle: terms.handle, entry: record.acknowledgement.entry };
    for (const resource of resourcesIn(content)) {
      const claim = claimIn(party.primitives, place, resource)?.claim;
      if (claim && contentHash(party.primitives, claim) === terms.content) found.claim = claim;
      const isBill = (resource as Partial<Invoice> | null)?.resourceType === 'Invoice';
      const isSigned = isBill && contentHash(party.primitives, resource as Invoice) === terms.bill;
      // One that was altered is shown to be, if there is no other.
      if (isSigned || (isBill && found.bill === undefined)) found.bill = resource as Invoice;
    }
  }
  return found;
}

function resourcesIn(content: Uint8Array): readonly unknown[] {
  try {
    return decodePart(content).entries.map(({ resource }) => resource);
  } catch {
    return [];
  }
}
