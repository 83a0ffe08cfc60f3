import { malformed } from '../../errors/malformed.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Submission } from '../../protocol/AgentPort.ts';
import { LEDGER_REQUESTS, isClaimType } from '../../protocol/struct/ledgerRequests.ts';
import { needsSecond } from '../../protocol/care/controlledMedicines.ts';
import { dispenseRefusal } from '../../protocol/care/dispenseRefusal.ts';
import type { Acknowledgement } from '../../protocol/evidence/evidence.ts';
import { ZERO_ADDRESS, type Address, type Bytes32 } from '../../protocol/ids.ts';
import { judgeRight, requireActive } from '../../protocol/rights/judgeRight.ts';
import { nameOfCare } from '../../protocol/care/nameOfCare.ts';
import { orderNumber } from '../../protocol/care/orderNumber.ts';
import type {
  CancelPrescription,
  Dispense,
  PassPrescription,
  Prescription,
  PrescriptionFacts,
} from '../../protocol/care/prescriptions.ts';
import type { Grant, Signed, Write, CareType, ClaimType } from '../../protocol/struct/requests.ts';
import { requireOpenChart } from '../../protocol/rights/requireOpenChart.ts';
import { MAX_DEADLINE_AHEAD, requireTimely } from '../../protocol/evidence/requireTimely.ts';
import type { DepositSource } from '../deposits/DepositFeed.ts';
import { requireContract } from '../requireContract.ts';
import { requireSignature } from '../requireSignature.ts';
import type { ServiceContext } from '../ServiceContext.ts';
import { authenticateCare } from './authenticateCare.ts';
import { requireClaimBound } from './claims/requireClaimBound.ts';
import { placeOf } from '../placeOf.ts';

/** Seconds in which a second doctor can sign. */
const WAIT_FOR_SECOND = 24 * 3600;
/** Seconds in which a patient can let an insurer read what a claim rests on. */
const WAIT_FOR_PATIENT = 14 * 24 * 3600;
/** Age of the oldest entry that a prescription can rest on, seconds. */
const OLDEST_ENTRY = WAIT_FOR_SECOND;
/** Seconds by which the clock of a peer may be ahead. */
const CLOCKS_APART = 60;

/**
 * Returns what a node keeps of a request of care before the ledger changes: the request itself, which is evidence of its
 * party. Each node checks it for itself, by its own view of the ledger.
 *
 * @param context - The node's own view.
 * @param submission - Not trusted.
 * @throws MedsealError that says why it is not kept.
 */
export function checkCare(context: ServiceContext, submission: Submission): DepositSource {
  const { index, network } = context;
  const request = authenticateCare(context, submission?.request);
  const { type, party, message } = request;
  requireContract(network, LEDGER_REQUESTS[type].contract);
  requireActive(index, party);
  requireTimely(message.deadline, index.moment, waitOf(request));
  if (type === 'Prescription') {
    requireOpenChart(index, { type, handle: (message as Prescription).terms.handle });
  }
  requireBound(context, submission, request, 'present');
  if (type === 'Dispense') {
    const dispense = message as Dispense;
    const reason = dispenseRefusal(knownTo(context, dispense.prescription), dispense, index.moment);
    if (reason !== undefined) throw new MedsealError('RULE_REFUSED', { reason });
  }
  return sourceOfCare(context, submission, request);
}

/**
 * Returns what a node keeps of a request of care that a peer took while the node was away: its deadline is over by then,
 * and its party's key may be another. A request that its party did not sign, or could not have brought, is kept nowhere;
 * nor is one whose deadline is so far away that no node took it, unless the ledger did.
 *
 * @param context - The node's own view, up to date.
 * @param submission - Not trusted.
 * @throws MedsealError that says why it is not kept.
 */
export function checkCareCopy(context: ServiceContext, submission: Submission): DepositSource {
  const request = authenticateCare(context, submission?.request, 'ever');
  requireBound(context, submission, request, 'ever');
  const ahead = (waitOf(request) ?? MAX_DEADLINE_AHEAD) + CLOCKS_APART;
  const isTaken = request.message.deadline <= context.index.moment + ahead;
  if (!isTaken && placeOf(context, request) === undefined)
    throw new MedsealError('REQUEST_EARLY', {});
  return sourceOfCare(context, submission, request);
}

/** Seconds in which others whom it takes can agree to a request; the usual ones if it takes none. */
function waitOf({ type, message }: Signed<CareType>): number | undefined {
  if (type === 'InsuranceClaim' || type === 'ClaimSupplement') return WAIT_FOR_PATIENT;
  const waits = type === 'Prescription' && (message as Prescription).second !== ZERO_ADDRESS;
  return waits ? WAIT_FOR_SECOND : undefined;
}

/** Requires what makes a request one that its contract takes from its party, now or, for a copy, at some time. */
function requireBound(
  context: ServiceContext,
  submission: Submission,
  request: Signed<CareType>,
  keys: 'present' | 'ever',
): void {
  const { type, party, message } = request;
  if (isClaimType(type)) {
    requireClaimBound(context, submission, request as Signed<ClaimType>, keys);
    return;
  }
  switch (type) {
    case 'Prescription':
      requirePrescribed(context, submission, request as Signed<'Prescription'>, keys);
      break;
    case 'HoldPrescription':
    case 'CancelPrescription': {
      const { prescriber } = knownTo(context, (message as CancelPrescription).prescription);
      if (prescriber !== party) throw new MedsealError('RIGHT_MISSING', {});
      break;
    }
    case 'Dispense':
    case 'PassPrescription': {
      const { prescription } = message as Dispense | PassPrescription;
      const known = knownTo(context, prescription);
      const taken = keys === 'ever' ? context.index.prescriptions.keysEver(prescription) : [known];
      const name = type === 'Dispense' ? 'slip' : 'holder';
      requireSignature(context, request, submission.cosignature, (key) =>
        taken.some((each) => each[name] === key),
      );
    }
  }
}

/**
 * A prescription rests on the first version of a record, which its prescriber put on the chart within a day, by a right that
 * stands now, and no other rests on it. The contract does not see rights: k coordinators vouch for them.
 */
function requirePrescribed(
  context: ServiceContext,
  { cosignature, written, openings }: Submission,
  request: Signed<'Prescription'>,
  keys: 'present' | 'ever',
): void {
  const { party, message } = request;
  const { terms, second } = message;
  const { index, network } = context;
  const entry = entryOf(context, written, party, terms);
  if (entry === undefined) throw malformed('written');
  const isKnown = placeOf(context, request) !== undefined;
  // The ledger took it: sent again, it gets the first answer again.
  if (keys === 'present' && !isKnown) {
    requireRightNow(context, entry, openings);
    if (index.prescriptions.on(orderNumber(context.primitives, terms)) !== undefined)
      throw new MedsealError('RULE_REFUSED', { reason: 'OrderPrescribed' });
  }
  if (second === ZERO_ADDRESS) {
    if (cosignature !== undefined) throw malformed('cosignature');
    // A list that the network got later does not undo what the ledger took before.
    if (keys === 'ever' && isKnown ? terms.controlled : needsSecond(network, terms)) {
      throw new MedsealError('SECOND_MISSING', {});
    }
    return;
  }
  if (keys === 'present') requireActive(index, second);
  if (second === party || index.party(second)?.role !== 'doctor') {
    throw new MedsealError('RIGHT_MISSING', {});
  }
  requireSignature(context, request, cosignature, (key) =>
    keys === 'ever' ? index.signersOf(second).includes(key) : key === index.signerOf(second),
  );
}

/** The entry by which a prescriber began a record of the chart: whoever amends it takes its order's number from nobody. */
interface EntryWritten {
  readonly write: Write;
  readonly party: Address;
  /** When it was judged, Unix seconds. */
  readonly at: number;
}

function entryOf(
  context: ServiceContext,
  written: Acknowledgement | undefined,
  party: Address,
  { handle, record }: Prescription['terms'],
): EntryWritten | undefined {
  if (written === undefined) return undefined;
  // Verdicts and all: a peer that never saw the entry verifies the copy that is kept.
  const { verifiedBodies, network } = context;
  const { flag, at, request } = verifiedBodies.verifyWhole(context, network, written);
  if (flag !== 'A' || request.type !== 'Write' || request.party !== party) return undefined;
  const write = request.message as Write;
  const isOfIt = write.handle === handle && write.record === record;
  const isIts = isOfIt && write.action === 'add' && write.category === 'medications';
  return isIts ? { write, party, at } : undefined;
}

function requireRightNow(
  context: ServiceContext,
  { write, party, at }: EntryWritten,
  [opening]: readonly Grant[] = [],
): void {
  const { index } = context;
  if (index.moment - at > OLDEST_ENTRY) throw new MedsealError('REQUEST_LATE', {});
  const { handle, record, category, purpose, grant } = write;
  judgeRight(context, index, {
    party,
    handle,
    action: 'add',
    category,
    record,
    purpose,
    grant,
    ...(opening && { opening }),
    at: index.moment,
  });
}

function knownTo({ index }: ServiceContext, prescription: Bytes32): PrescriptionFacts {
  const facts = index.prescriptions.facts(prescription);
  if (facts === undefined) throw new MedsealError('NOT_FOUND', { what: 'prescription' });
  return facts;
}

/** Returns no more than was checked, under its name. */
function sourceOfCare(
  context: ServiceContext,
  { cosignature, written, claim, entries, openings, publicKeys, bills }: Submission,
  request: Signed<CareType>,
): DepositSource {
  const { type } = request;
  const care = {
    request,
    ...(cosignature !== undefined && isByTwo(request) && { cosignature }),
    ...(written && type === 'Prescription' && { written }),
    ...(claim && isClaimType(type) && { claim }),
    ...(entries && openings && restsOnEntries(type) && { entries, openings }),
    ...(publicKeys && type === 'InsuranceClaim' && { publicKeys }),
    ...(bills && type === 'InsuranceClaim' && { bills }),
  };
  return { id: nameOfCare(context, request), copy: { care } };
}

function isByTwo({ type, message }: Signed<CareType>): boolean {
  if (type === 'Prescription') return (message as Prescription).second !== ZERO_ADDRESS;
  return type === 'Dispense' || type === 'PassPrescription' || isClaimType(type);
}

function restsOnEntries(type: string): boolean {
  return type === 'InsuranceClaim' || type === 'ClaimSupplement';
}
