import { MedsealError } from '../../errors/MedsealError.ts';
import { keepOf } from './askedView.ts';
import { answeredBy } from './answeredBy.ts';
import { builtOn } from './builtOn.ts';
import { coveredRecord } from '../rights/coveredRecord.ts';
import type { Acknowledgement } from './evidence.ts';
import type { ReadSignature } from './EvidenceReader.ts';
import { ZERO32, type Address, type Bytes32 } from '../ids.ts';
import { judgeAsk } from './judgeAsk.ts';
import { judgeErase } from '../rights/judgeErase.ts';
import { requireSurviving } from '../care/judgeDeath.ts';
import {
  judgeRight,
  requireActive,
  type Coverage,
  type JudgingContext,
} from '../rights/judgeRight.ts';
import { logOf } from '../network/networkLookups.ts';
import type { NetworkFile } from '../network/NetworkFile.ts';
import { readSignature } from './readEvidence.ts';
import type { EvidenceType, Signed, View, Write } from '../struct/requests.ts';
import type { RulesView } from '../rights/RulesView.ts';
import { requireAuthor } from './requireAuthor.ts';
import { isMandate, type RightOpening } from '../rights/RightOpening.ts';
import { requireKeep } from '../rights/requireKeep.ts';
import { requireLine } from './requireLine.ts';
import { requireLivingLedger } from './requireLivingLedger.ts';
import { requireOpenChart } from '../rights/requireOpenChart.ts';
import { requireTimely } from './requireTimely.ts';
import { requireCategory } from '../rights/requireCategory.ts';
import { judgeReadings, requireDeviceRight } from '../sensors/judgeReadings.ts';
import type { SignedReadings } from '../sensors/ReadingsHeader.ts';
import type { SigningContext } from '../struct/signing.ts';
import { verifyAcknowledgement } from './verifyAcknowledgement.ts';
import type { Will } from '../care/vitalRecords.ts';
import { requirePairs, type ViewPair } from './viewSet.ts';
import { SERVICES } from '../vocabulary.ts';

/** Unsigned data that is needed to judge an evidence request. */
export interface EvidenceSupport {
  /** Opening of the grant or mandate relied on. */
  readonly opening?: RightOpening;
  /** Opening of the patient's will, for a grant that holds on after death. */
  readonly will?: Will;
  /**
   * For a view of a record: the acknowledgement of that version. For an amendment: that of the version before. For an
   * objection: that of the first version of the record that it is about. It proves itself by the coordinators' verdicts.
   */
  readonly record?: Acknowledgement;
  /** For a set of views: the record versions that it names, in the order of their leaves. */
  readonly pairs?: readonly ViewPair[];
  /**
   * For a set of views: acknowledgements of those versions that judges may not have in their logs yet, in any order. For an answer to
   * an objection: that of the first version of what it answers.
   */
  readonly records?: readonly Acknowledgement[];
  /** For a write of a batch of readings: what the device signed. The entry's body holds it. */
  readonly readings?: SignedReadings;
}

/**
 * Requires that an enrolled party made a request; only such a request can become an entry, or upload a file.
 *
 * @returns The request's digest.
 * @throws MedsealError `PARTY_UNKNOWN`, `SIGNATURE_INVALID`.
 */
export function authenticate(
  context: SigningContext,
  view: RulesView,
  request: Signed<EvidenceType | 'Upload' | 'Letter' | 'Collect' | 'FindRights' | 'Notify'>,
): Bytes32 {
  requireEnrolled(view, request.party);
  return requireSigner(view, request.party, readSignature(context, request));
}

/**
 * Returns the address of the key that signs for a party now. The account of a service may only send to the ledger: its
 * operator would otherwise be a party that nobody admitted as one.
 *
 * @throws MedsealError `PARTY_UNKNOWN` if it is not enrolled, or is a service.
 */
export function requireEnrolled(view: RulesView, party: Address): Address {
  const signer = view.signerOf(party);
  const role = view.party(party)?.role;
  if (signer === undefined || SERVICES.some((each) => each === role))
    throw new MedsealError('PARTY_UNKNOWN', {});
  return signer;
}

/**
 * Requires that the key of its party signed a request.
 *
 * @returns The request's digest.
 * @throws MedsealError `PARTY_UNKNOWN`, `SIGNATURE_INVALID`.
 */
export function requireSigner(view: RulesView, party: Address, read: ReadSignature): Bytes32 {
  if (read.signer === requireEnrolled(view, party)) return read.digest;
  throw new MedsealError('SIGNATURE_INVALID', {});
}

/**
 * Judges an evidence request that was authenticated, by the rules as of a block: agents and coordinators do so alike,
 * each by its own view.
 *
 * @param context - Domain, primitives, and the judge's memory.
 * @param network - The network file, for the coordinators' keys.
 * @param view - The rules.
 * @param request - The request.
 * @param support - Unsigned data of the request.
 * @param at - The moment, Unix seconds.
 * @returns Coverage of the right.
 * @throws MedsealError that says why it is refused.
 */
export function judgeEvidence(
  context: JudgingContext,
  network: NetworkFile,
  view: RulesView,
  request: Signed<EvidenceType>,
  support: EvidenceSupport,
  at: number,
): Coverage {
  requireActive(view, request.party);
  requireTimely(request.message.deadline, at);
  switch (request.type) {
    case 'Write':
      return judgeWrite(context, network, view, request as Signed<'Write'>, support, at);
    case 'View':
    case 'KeptView':
      return judgeView(context, network, view, request as Signed<'View' | 'KeptView'>, support, at);
    case 'ViewSet':
      return judgeSet(context, network, view, request as Signed<'ViewSet'>, support, at);
    case 'Ask':
      judgeAsk(view, request as Signed<'Ask'>);
      return {};
    case 'Erase':
      judgeErase(view, request as Signed<'Erase'>);
      return {};
  }
}

function judgeWrite(
  context: JudgingContext,
  network: NetworkFile,
  view: RulesView,
  { party, message }: Signed<'Write'>,
  { opening, record, records = [], readings }: EvidenceSupport,
  at: number,
): Coverage {
  const { action, handle, category, purpose, grant } = message;
  // The right of a device names the device; the record of a batch is named after what the device signed. A right to one record
  // covers what is said beside it.
  const device = readings && judgeReadings(context, message, readings);
  const coverage = judgeRight(context, view, {
    party,
    handle,
    action,
    category,
    record: device ?? coveredRecord(message),
    purpose,
    grant,
    ...(opening && { opening }),
    at,
  });
  // Beside a patient's own request an opening may be anything.
  const right =
    grant === ZERO32 || opening === undefined || isMandate(opening) ? undefined : opening;
  if (readings && device) requireDeviceRight(device, readings, right, at, category);
  requireCategory(network, message);
  if (grant !== ZERO32) requireAuthor(view, party, category);
  requireOpenChart(view, { type: 'Write', handle, write: { author: party, category } });
  const epoch = view.patient(handle)?.epoch ?? 0;
  if (message.epoch !== epoch || epoch === 0) throw new MedsealError('EPOCH_STALE', { epoch });
  if (message.record === ZERO32) throw new MedsealError('REQUEST_MALFORMED', { what: 'record' });
  if (action === 'add' && message.version !== 1) {
    throw new MedsealError('REQUEST_MALFORMED', { what: 'version' });
  }
  const built = builtOn(message);
  const before = built && supportingWrite(context, network, built, record);
  requireLine(view, party, message, before, () => {
    const answered = answeredBy(message);
    return answered && supportingWrite(context, network, answered, records[0]);
  });
  return coverage;
}

/**
 * Judges what a set of views has in common: its list, its right on the chart, and until when it is kept. Each of its record
 * versions is then judged by itself, as `viewOfPair` has it.
 */
function judgeSet(
  context: JudgingContext,
  network: NetworkFile,
  view: RulesView,
  { party, message }: Signed<'ViewSet'>,
  support: EvidenceSupport,
  at: number,
): Coverage {
  requirePairs(context.primitives, message, support.pairs);
  const { keep, ...asked } = message;
  const kept = keep === 0 ? {} : { keep };
  const whole: View = { ...asked, ...kept, what: 'chart', record: ZERO32, version: 0 };
  return judgeView(context, network, view, { party, message: whole }, support, at);
}

function judgeView(
  context: JudgingContext,
  network: NetworkFile,
  view: RulesView,
  { party, message }: Pick<Signed<'View' | 'KeptView'>, 'party' | 'message'>,
  { opening, record, will }: EvidenceSupport,
  at: number,
): Coverage {
  const { handle, purpose, grant } = message;
  const keep = keepOf(message);
  if (message.what === 'chain') {
    requireOwnChain(message);
    return {};
  }
  const wanted = {
    party,
    handle,
    action: 'read',
    purpose,
    grant,
    ...(opening && { opening }),
    at,
  } as const;
  // A right over the chart of somebody dead lasts as long as the will says, if its grant does.
  const surviving = (coverage: Coverage): Coverage => {
    let until = Infinity;
    if (grant !== ZERO32) {
      // After the right itself: a party without one, or whose right is known to have ended, hears so.
      requireLivingLedger(network, view);
      until = requireSurviving(context, view, { handle, grant, will, at });
      // Beside a patient's own request an opening may be anything.
      until = Math.min(until, opening?.terms.until ?? until);
    }
    if (keep !== undefined) requireKeep(keep, at, until);
    return coverage;
  };
  if (message.what === 'takeover') {
    requireTakeover(view, party, message);
    return surviving(judgeRight(context, view, wanted));
  }
  if (message.what !== 'record') {
    // Only the patient may audit a chart, or who acts for the patient and was let; a grant cannot give this.
    if (message.what === 'audit' && grant !== ZERO32 && !mayAudit(opening)) {
      throw new MedsealError('RIGHT_MISSING', {});
    }
    if (message.record !== ZERO32) throw new MedsealError('REQUEST_MALFORMED', { what: 'record' });
    if (message.version !== 0) throw new MedsealError('REQUEST_MALFORMED', { what: 'version' });
    return surviving(judgeRight(context, view, wanted));
  }
  // A party without any right learns the same of records that exist and of those that do not.
  surviving(judgeRight(context, view, wanted));
  const write = supportingWrite(context, network, message, record);
  const { category } = write;
  return judgeRight(context, view, { ...wanted, category, record: coveredRecord(write) });
}

/**
 * Requires that the authority recovered the present key of a patient, by the change that the state was sealed ahead for or a later one:
 * then nobody who signs with it had another way to the state. The dead ask for nothing: after a confirmed death the will says who reads.
 */
function requireTakeover(
  view: RulesView,
  party: Address,
  { grant, handle, record, version }: View,
): void {
  if (record !== ZERO32) throw new MedsealError('REQUEST_MALFORMED', { what: 'record' });
  if (version === 0) throw new MedsealError('REQUEST_MALFORMED', { what: 'version' });
  const isTaken = grant === ZERO32 && version <= view.takenOver(party);
  if (!isTaken) throw new MedsealError('RIGHT_MISSING', {});
  if (view.life(handle).death.stage === 'confirmed') throw new MedsealError('CHART_FROZEN', {});
}

function mayAudit(opening: RightOpening | undefined): boolean {
  return opening !== undefined && isMandate(opening) && opening.terms.audit;
}

/** Requires that a view is of all that its party signed itself, which takes no right: it names no chart. */
function requireOwnChain({ handle, grant, record, version }: View): void {
  for (const [what, value] of Object.entries({ handle, grant, record })) {
    if (value !== ZERO32) throw new MedsealError('REQUEST_MALFORMED', { what });
  }
  if (version !== 0) throw new MedsealError('REQUEST_MALFORMED', { what: 'version' });
}

function supportingWrite(
  context: JudgingContext,
  network: NetworkFile,
  wanted: Pick<Write, 'log' | 'handle' | 'record' | 'version'>,
  support: Acknowledgement | undefined,
): Write {
  if (support === undefined) throw new MedsealError('NOT_FOUND', { what: 'record' });
  const body =
    context.verifiedBodies?.verify(context, network, support) ??
    verifyAcknowledgement(context, network, support);
  // The quorum of another channel says nothing about what stands in this one.
  const isOfChannel = logOf(network, wanted.log).channel.logs.some(
    ({ name }) => name === support.log,
  );
  if (!isOfChannel) throw new MedsealError('NOT_FOUND', { what: 'record' });
  const { type, message } = body.request;
  if (type !== 'Write' || body.flag !== 'A') {
    throw new MedsealError('NOT_FOUND', { what: 'record' });
  }
  const write = message as Write;
  if (
    write.handle !== wanted.handle ||
    write.record !== wanted.record ||
    write.version !== wanted.version
  ) {
    throw new MedsealError('NOT_FOUND', { what: 'record' });
  }
  return write;
}
