import { bytesToHex } from '../../crypto/bytes.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { askedView } from '../../protocol/evidence/askedView.ts';
import { seconds } from '../../protocol/Clock.ts';
import type { ReadBody } from '../../protocol/evidence/EvidenceReader.ts';
import type { Body } from '../../protocol/evidence/evidence.ts';
import { ZERO32, type Address, type Bytes32, type LogName } from '../../protocol/ids.ts';
import {
  judgeEvidence,
  requireSigner,
  type EvidenceSupport,
} from '../../protocol/evidence/judgeEvidence.ts';
import { kindOf } from '../../protocol/struct/kindOf.ts';
import type { EntryKind } from '../../protocol/network/NetworkFile.ts';
import type { Erase, Signed, ViewSet, Write } from '../../protocol/struct/requests.ts';
import { acceptedPlaces, pairBytes, requirePairs } from '../../protocol/evidence/viewSet.ts';
import type { ChartVersion } from '../entries/versionPlaces.ts';
import type { Wanted } from './Claims.ts';
import type { ServiceContext } from '../ServiceContext.ts';
import type { RememberedVerdict } from './Answers.ts';
import type { Refusal } from './judgeRefusal.ts';
import type { WantedRefusal } from './RefusalAllowance.ts';
import { supportOf } from './supportOf.ts';

/** Seconds by which an entry's moment may differ from a coordinator's clock. */
const MAX_SKEW = 5;

/** A record version that a set of views names. */
export interface NamedPair {
  /** SHA-256 of the bytes. */
  readonly leaf: Bytes32;
  readonly bytes: Uint8Array;
  readonly named: ChartVersion;
  /** False if it is left out, or the whole set refused. */
  readonly isAccepted: boolean;
}

/** A body that a coordinator agrees to by its view of the ledger. */
export interface ExaminedBody extends Pick<ReadBody, 'entry' | 'bytes'> {
  /** Kind that it is judged as. */
  readonly kind: EntryKind;
  /** The moment that it names, Unix seconds. */
  readonly at: number;
  /** Claim of an accepted write or a summary, which no other entry can have. */
  readonly wants?: Wanted;
  /** Of an accepted write. */
  readonly write?: Write;
  /** Author of an accepted write. */
  readonly author?: Address;
  /** Of an accepted view. */
  readonly view?: Signed<'View' | 'KeptView'>;
  /** Of an accepted set of views: its list was found to fit, and its versions are still to be judged. */
  readonly set?: Signed<'ViewSet'>;
  /** Of a set of views, accepted or refused: leaves of the versions that it names. */
  readonly pairs?: readonly NamedPair[];
  /** Of an accepted erasure. */
  readonly erase?: Erase;
  /** Of any other accepted request, such as one for a right, or its answer: on which chart, and by whom. */
  readonly ask?: WantedRefusal;
  /** Request that it answers, and how; absent for a summary. */
  readonly answer?: RememberedVerdict;
  /** A refusal of which only the author was judged yet: see `judgeRefusal`. */
  readonly refusal?: Refusal;
}

/**
 * Judges what can be told from a body and a coordinator's own view of the ledger.
 *
 * @param context - The organisation's context, its index brought up to date.
 * @param log - The log that it is for.
 * @param read - The body, taken apart.
 * @param support - Openings and other support; not trusted.
 * @throws MedsealError that says why it is refused.
 */
export function examineBody(
  context: ServiceContext,
  log: LogName,
  { body, bytes, entry, signature }: ReadBody,
  support: EvidenceSupport,
): ExaminedBody {
  const { index, clock, network } = context;
  const { at } = body;
  if (body.log !== log) throw new MedsealError('LOG_WRONG', {});
  if (Math.abs(at - Math.max(index.moment, seconds(clock))) > MAX_SKEW) {
    throw new MedsealError('CLOCK_SKEWED', { limit: MAX_SKEW });
  }
  const examined = { kind: kindOf(body), entry, bytes, at };
  if (body.format === 'medseal-summary/1') {
    return { ...examined, wants: { summary: log, by: bytesToHex(entry), at } };
  }
  const { request, flag, block } = body;
  if (request.message.log !== log) throw new MedsealError('LOG_WRONG', {});
  if (block > index.block) throw new MedsealError('NOT_YET', { what: 'block' });
  if (signature === undefined) throw new MedsealError('SIGNATURE_INVALID', {});
  const by = requireSigner(index, request.party, signature);
  const answer = { request: by, deadline: request.message.deadline, log, flag };
  const answering = { ...examined, answer };
  if (flag === 'R') {
    return { ...answering, ...pairsOf(context, body, support), refusal: { body, digest: by } };
  }
  judgeEvidence(context, network, index, request, supportOf(body, support), at);
  if (askedView(request) !== undefined) {
    return { ...answering, view: request as Signed<'View' | 'KeptView'> };
  }
  if (request.type === 'ViewSet') {
    const set = request as Signed<'ViewSet'>;
    return { ...answering, ...pairsOf(context, body, support), set };
  }
  if (request.type === 'Erase') return { ...answering, erase: request.message as Erase };
  if (request.type === 'Write') {
    const write = request.message as Write;
    return { ...answering, write, author: request.party, wants: { write, by, at } };
  }
  // Whatever no file or key bounds has the bound of an `Ask`.
  const { party, message } = request;
  const { handle } = message;
  const isPatient = index.patient(handle)?.controller === party;
  return { ...answering, ask: { handle, party, known: isPatient, isPatient, request: by } };
}

/** The leaves of a set of views; nothing for another request. The list is not signed: another one is no reason to refuse what is. */
function pairsOf(
  { primitives }: ServiceContext,
  body: Body,
  { pairs = [] }: EvidenceSupport,
): Pick<ExaminedBody, 'pairs'> {
  if (body.request.type !== 'ViewSet') return {};
  const set = body.request.message as ViewSet;
  const leaves = requirePairs(primitives, set, pairs);
  const isAccepted = acceptedPlaces(body);
  return {
    pairs: pairs.map((pair, place) => ({
      leaf: leaves[place] ?? ZERO32,
      bytes: pairBytes(set.salt, pair),
      named: { handle: set.handle, ...pair },
      isAccepted: isAccepted(place),
    })),
  };
}
