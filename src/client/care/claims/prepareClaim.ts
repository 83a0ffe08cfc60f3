import { bytesToHex, bytesToUtf8, utf8ToBytes } from '../../../crypto/bytes.ts';
import { MedsealError } from '../../../errors/MedsealError.ts';
import { makeClaim } from '../../../fhir/claims/makeClaim.ts';
import { makeInvoice, type BillLine } from '../../../fhir/claims/makeInvoice.ts';
import { unitsOf } from '../../../fhir/claims/money.ts';
import { encodePart } from '../../../fhir/encodePart.ts';
import { partOfResource } from '../../../fhir/partOfResource.ts';
import { accountsOfParty } from '../../../protocol/network/accountsOfParty.ts';
import { canonicalJson } from '../../../protocol/wire/canonicalJson.ts';
import type { InsuranceClaim } from '../../../protocol/care/claims.ts';
import { seconds } from '../../../protocol/Clock.ts';
import type { Acknowledgement } from '../../../protocol/evidence/evidence.ts';
import {
  ZERO32,
  type Address,
  type Bytes32,
  type Handle,
  type Hex,
  type RecordId,
} from '../../../protocol/ids.ts';
import { parseBody } from '../../../protocol/evidence/parseBody.ts';
import type { Grant, Signed, Write } from '../../../protocol/struct/requests.ts';
import { digestOf } from '../../../protocol/struct/signing.ts';
import { tellsOfPerson } from '../../../protocol/rights/tellsOfPerson.ts';
import type { Category, Purpose } from '../../../protocol/vocabulary.ts';
import { findAdded } from '../../agent/logOnce.ts';
import { confirmFacts } from '../../audit/confirmFacts.ts';
import { nameOnDevice } from '../../party/nameOnDevice.ts';
import type { Party } from '../../party/Party.ts';
import { contentHash } from '../prescriptions/prescriptionRecord.ts';
import { forgetAddedAs } from '../../records/addedOnce.ts';
import { addRecord } from '../../records/addRecord.ts';
import { newestOfEach } from '../../records/newestOfEach.ts';
import { readChart } from '../../records/readChart.ts';
import type { ChartRecord } from '../../records/viewChart.ts';
import { billFor, nullifierOf, type ClaimBilled } from './bills.ts';
import { ownClaimAccount } from './claimAccount.ts';
import { recordOfClaim, withOwnEntry } from './claimRecord.ts';
import { publicKeysOf } from './publicKeysOf.ts';
import { ownLotHash } from './ownLot.ts';

/** A claim to be made. */
export interface NewClaim {
  readonly handle: Handle;
  readonly insurer: Address;
  /** Record that holds the `Coverage`. */
  readonly coverage: RecordId;
  /** The treatment's first record; absent to ask in advance whether the insurer will pay. */
  readonly treatment?: RecordId;
  /** Further records that the claim rests on. */
  readonly records?: readonly RecordId[];
  /** Lines of the bill. */
  readonly lines: readonly BillLine[];
  /** ISO 4217 code of the currency. */
  readonly currency: string;
  /** Amount that is asked for, in hundredths; the whole bill if absent. */
  readonly amount?: number;
  /** Party that is paid, which wrote one of the records; or an account of no such party. The claimant if absent. */
  readonly payee?: Address;
  /** The bill as whoever treated signed it, of `signBill`; absent if that is the claimant. */
  readonly bill?: Signed<'Bill'>;
  /** Digest of the newest claim for the same treatment, whose rest is asked for. */
  readonly follows?: Bytes32;
  /** Digest of the authorisation that the claim uses up. */
  readonly authorisation?: Bytes32;
  /** Right to read the records and to add to `billing`; absent for the patient. */
  readonly grant?: Grant;
  readonly purpose?: Purpose;
}

/** A claim that is written on the chart and not submitted yet. */
export interface ClaimPrepared extends ClaimBilled {
  /** Its digest, by which it is known from now on. */
  readonly digest: Bytes32;
  /** The acknowledgements of the entries that it names. */
  readonly entries: readonly Acknowledgement[];
  /** Records that the insurer has to be allowed to read. */
  readonly records: readonly { readonly record: RecordId; readonly category: Category }[];
}

/** Seconds in which the ledger takes it: the patient may have to allow it first. */
const WAIT = 14 * 24 * 3600 - 300;

/** The claim as the device remembers it for a repeat. */
interface Draft {
  readonly at: number;
  readonly salt: Hex;
  readonly message?: InsuranceClaim;
  /** Bytes of the Claim's record, as text. */
  readonly content?: string;
  /** Entries that it names beside its own, the treatment's first one at first. */
  readonly entries?: readonly Acknowledgement[];
}

/**
 * Puts bill and claim on the chart as FHIR `Invoice` and `Claim`, in category `billing`, for the patient to allow the insurer
 * to read them. Run again within two weeks with the same values, it returns the same claim.
 *
 * @param party - The claimant: the patient, or whoever treated.
 * @param wanted - Insurer, treatment, records and bill.
 * @throws MedsealError `CONTRACT_ABSENT` in a network without claims; `NOT_FOUND` for a record that is not on the chart;
 * `ARGUMENT_INVALID` for amounts, a policy in another category, a bill that whoever treated did not sign, or a payee who
 * wrote none of the records; and those of `readChart` and `addRecord`.
 * @example
 * ```ts
 * const lines = [{ service: 'Consultation', units: 12_000 }];
 * const asked = { handle, insurer: insurer.address, coverage: policy, treatment: visit };
 * const right = { grant, purpose: 'TREAT' } as const;
 * const prepared = await prepareClaim(doctor, { ...asked, ...right, lines, currency: 'EUR' });
 * const permits = await permitClaim(patient, prepared);
 * await submitClaim(doctor, prepared, permits);
 * ```
 */
export async function prepareClaim(party: Party, wanted: NewClaim): Promise<ClaimPrepared> {
  if (party.network.contracts.claims === undefined) {
    throw new MedsealError('CONTRACT_ABSENT', { contract: 'claims' });
  }
  const name = nameOfClaim(party, wanted);
  const known = (await party.device.read(name)) as Draft | null | undefined;
  const isOpen =
    known !== null &&
    known !== undefined &&
    known.at + WAIT > seconds(party.clock) &&
    (await paysPresentKeys(party, wanted, known, name));
  const begun = isOpen ? known : { at: seconds(party.clock), salt: bytesToHex(party.random(16)) };
  if (!isOpen) await party.device.write(name, begun);
  const draft = await written(party, wanted, begun, name);
  const { message, content, entries } = draft;
  const own = await addBilling(
    party,
    wanted,
    utf8ToBytes(content),
    namesOf(name, begun.salt).claim,
  );
  const whole = withOwnEntry(message, own.entry);
  const all = [...entries, own];
  return {
    digest: digestOf(party, 'InsuranceClaim', whole),
    message: whole,
    entries: all,
    records: recordsOf(all),
    bills: billsFor(party, wanted, message.total, entries[0]),
  };
}

/**
 * Tells whether the accounts of a claim that was prepared are still those of present keys: nodes take no other. One that
 * the ledger has stays as it is.
 */
async function paysPresentKeys(
  party: Party,
  wanted: NewClaim,
  { salt, message, entries }: Draft,
  name: string,
): Promise<boolean> {
  if (message === undefined || entries === undefined) return true;
  const { payee = party.address } = wanted;
  const accounts = [ownClaimAccount(party, salt), await payeeOf(party, payee, entries, salt)];
  const before = [message.claimant, message.payee];
  if (before.every((account, place) => account === accounts[place])) return true;
  const own = await findAdded(party, namesOf(name, salt).claim);
  if (own === undefined) return false;
  const claim = digestOf(party, 'InsuranceClaim', withOwnEntry(message, own.acknowledgement.entry));
  return (await confirmFacts(party, { claim })).claim !== undefined;
}

/** The name under which a device remembers a claim; it tells nothing of it. */
function nameOfClaim(party: Party, { grant: _grant, bill: _bill, ...wanted }: NewClaim): string {
  return `claim-${nameOnDevice(party, utf8ToBytes(canonicalJson(wanted)))}`;
}

/** Forgets a claim that was submitted, and that its records were added: from now on the same values are another claim. */
export async function forgetDraft(party: Party, wanted: NewClaim): Promise<void> {
  const name = nameOfClaim(party, wanted);
  const known = (await party.device.read(name)) as Draft | null | undefined;
  // First, so that a run that is cut off here adds no record a second time.
  await party.device.write(name, null);
  if (known === null || known === undefined) return;
  for (const once of Object.values(namesOf(name, known.salt))) await forgetAddedAs(party, once);
}

/** Names under which the records of a claim are added once. */
function namesOf(name: string, salt: string): { readonly claim: string; readonly bill: string } {
  return { claim: `${name}-${salt}`, bill: `${name}-${salt}-bill` };
}

async function written(
  party: Party,
  wanted: NewClaim,
  draft: Draft,
  name: string,
): Promise<Required<Draft>> {
  const { at, salt, message, content, entries } = draft;
  if (message && content !== undefined && entries) return { at, salt, message, content, entries };
  const { handle, insurer, currency, lines, coverage, treatment } = wanted;
  const bill = makeInvoice({ handle, issuer: party.address, currency, lines, at });
  const billPart = partOfResource(salt, 'billing', bill);
  const told = await namedBy(party, wanted);
  const total = unitsOf(bill.totalGross, currency);
  billsFor(party, wanted, total, told[0]);
  const billed = await addBilling(party, wanted, encodePart(billPart), namesOf(name, salt).bill);
  const named = [...told, billed];
  const first = treatment === undefined ? undefined : named[0];
  const records = [...new Set(named.map(({ entry }) => entry))];
  const { amount = total, follows, authorisation } = wanted;
  const payee = await payeeOf(party, wanted.payee ?? party.address, named, salt);
  const claim = makeClaim({
    handle,
    claimant: party.address,
    insurer,
    coverage,
    records,
    bill,
    currency,
    units: amount,
    ahead: treatment === undefined,
    ...(follows !== undefined && { follows }),
    at,
  });
  const made: InsuranceClaim = {
    terms: {
      handle,
      claimant: party.address,
      payee: wanted.payee ?? party.address,
      coverage,
      entry: first?.entry ?? ZERO32,
      records,
      bill: contentHash(party.primitives, bill),
      content: contentHash(party.primitives, claim),
      salt,
    },
    claimant: ownClaimAccount(party, salt),
    insurer,
    payee,
    amount,
    total,
    treatment: first === undefined ? ZERO32 : nullifierOf(party, first),
    follows: follows ?? ZERO32,
    authorisation: authorisation ?? ZERO32,
    lotHash: ownLotHash(party, salt),
    deadline: at + WAIT,
  };
  const resource = recordOfClaim({ claim, message: made });
  const part = encodePart(partOfResource(salt, 'billing', resource));
  const whole = { at, salt, message: made, content: bytesToUtf8(part), entries: unique(named) };
  await party.device.write(name, whole);
  return whole;
}

/** The bill, before anything is written: without it nothing can be claimed. */
function billsFor(
  party: Party,
  { treatment, bill }: NewClaim,
  total: number,
  first: Acknowledgement | undefined,
): readonly Signed<'Bill'>[] {
  if (treatment === undefined || first === undefined) return [];
  return [billFor(party, first, total, bill)];
}

/** The account with which a claim pays somebody: an own one for each claim, unless nobody learns a person from it. */
async function payeeOf(
  party: Party,
  named: Address,
  entries: readonly Acknowledgement[],
  salt: Hex,
): Promise<Address> {
  if (named === party.address) return ownClaimAccount(party, salt);
  const { party: facts } = await confirmFacts(party, { party: named });
  if (!tellsOfPerson(facts?.role)) return named;
  // Never one of a former key: who stole that would be paid.
  const signers = [facts?.key?.signer ?? named];
  const publicKeys = facts?.key === undefined ? [] : await publicKeysOf(party, [named]);
  const owner = { address: named, signers };
  const [account] = accountsOfParty(party, { entries, publicKeys }, owner, salt);
  if (account !== undefined) return account;
  const reason = 'it has written none of the records that the claim rests on';
  throw new MedsealError('ARGUMENT_INVALID', { argument: 'payee', reason });
}

/** Acknowledgements of the records: the treatment's first version at first, then the newest of each. */
async function namedBy(party: Party, wanted: NewClaim): Promise<readonly Acknowledgement[]> {
  const { handle, grant, purpose = 'PATRQT', coverage, treatment, records = [] } = wanted;
  const chart = await readChart(party, { handle, purpose, ...(grant && { grant }) });
  const newest = new Map(newestOfEach(chart.records).map((each) => [each.record, each]));
  const first = chart.records.find((each) => each.record === treatment && each.version === 1);
  const policy = newest.get(coverage);
  if (policy !== undefined && policy.category !== 'coverage') {
    const reason = 'the record is not in category coverage';
    throw new MedsealError('ARGUMENT_INVALID', { argument: 'coverage', reason });
  }
  const ids = [...(treatment === undefined ? [] : [treatment]), ...records, coverage];
  const found = ids.map((id) => newest.get(id));
  return [...(treatment === undefined ? [] : [first]), ...found].map(requireThere);
}

function requireThere(record: ChartRecord | undefined): Acknowledgement {
  if (record === undefined) throw new MedsealError('NOT_FOUND', { what: 'record' });
  return record.acknowledgement;
}

async function addBilling(
  party: Party,
  { handle, grant, purpose = 'PATRQT' }: NewClaim,
  content: Uint8Array,
  once: string,
): Promise<Acknowledgement> {
  const right = { handle, purpose, ...(grant && { grant }) };
  const { acknowledgement } = await addRecord(party, {
    ...right,
    category: 'billing',
    content,
    once,
  });
  return acknowledgement;
}

function unique(entries: readonly Acknowledgement[]): readonly Acknowledgement[] {
  return [...new Map(entries.map((each) => [each.entry, each])).values()];
}

/** Returns the records of acknowledged writes. */
export function recordsOf(entries: readonly Acknowledgement[]): ClaimPrepared['records'] {
  const writes = entries.flatMap(({ body }) => parseBody(body)?.request.message ?? []) as Write[];
  const byRecord = new Map(writes.map(({ record, category }) => [record, { record, category }]));
  return [...byRecord.values()];
}
