import { parseOpening, type RightOpening } from '../../protocol/rights/RightOpening.ts';
import { malformed } from '../../errors/malformed.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { toMedsealError } from '../../errors/toMedsealError.ts';
import type { RequestName } from '../../log/EvidenceLog.ts';
import type { LogPlace, Submission } from '../../protocol/AgentPort.ts';
import { askedView, isView } from '../../protocol/evidence/askedView.ts';
import type { ChartPartAsked } from '../../protocol/evidence/chartPart.ts';
import { answeredBy } from '../../protocol/evidence/answeredBy.ts';
import { builtOn } from '../../protocol/evidence/builtOn.ts';
import type { Acknowledgement, Body } from '../../protocol/evidence/evidence.ts';
import type { ReadSignature } from '../../protocol/evidence/EvidenceReader.ts';
import type { Address, Bytes32 } from '../../protocol/ids.ts';
import { EVIDENCE_TYPES } from '../../protocol/struct/evidenceTypes.ts';
import {
  judgeEvidence,
  requireEnrolled,
  requireSigner,
} from '../../protocol/evidence/judgeEvidence.ts';
import type { Coverage } from '../../protocol/rights/judgeRight.ts';
import { parseMessage, parseSigned } from '../../protocol/struct/parseSigned.ts';
import type {
  Erase,
  EvidenceType,
  Signed,
  ViewSet,
  Write,
} from '../../protocol/struct/requests.ts';
import type { SignedReadings } from '../../protocol/sensors/ReadingsHeader.ts';
import { MOST_PAIRS, requirePairs, type ViewPair } from '../../protocol/evidence/viewSet.ts';
import { judgePairs, type PairJudged } from '../entries/judgePairs.ts';
import type { AgentContext } from './AgentContext.ts';
import { fileOwners } from '../entries/fileOwners.ts';
import { erasedCategory } from '../entries/erasedCategory.ts';
import { requireErasable } from '../entries/retainedErase.ts';
import type { Will } from '../../protocol/care/vitalRecords.ts';
import type { EntryPlace } from '../entries/placesInLogs.ts';
import { versionPlaces, type ChartVersion } from '../entries/versionPlaces.ts';
import { acknowledgementAt } from './chart.ts';
import { rotateDueKeys } from './rotateKeys.ts';

/** A request that its party signed. */
export interface Received {
  /** Place in the array that it came in. */
  readonly place: number;
  readonly request: Signed<EvidenceType>;
  readonly digest: Bytes32;
  readonly opening?: RightOpening;
  /** Opening of the patient's will. */
  readonly will?: Will;
  /** The statement that a device signed of a batch of readings. */
  readonly readings?: SignedReadings;
  /** Record versions that a set of views names, which fit it. */
  readonly pairs?: readonly ViewPair[];
  /** Places in logs that this node must have reached before it makes the chart. */
  readonly after?: readonly LogPlace[];
  /** Part of a chart that is wanted; all of it if absent. */
  readonly part?: ChartPartAsked;
  /** True if a former key of the party signed it: it gets its first answer again, and no other. */
  readonly former?: true;
}

/** A request on its way to becoming an entry. */
export interface Candidate extends Received {
  /** The record version that it builds on. */
  readonly record?: Acknowledgement;
  /** Coverage of its right. */
  readonly coverage?: Coverage;
  /** Of a set of views, in the order of its pairs: the accepted ones, or why one is left out. */
  readonly judged?: readonly (PairJudged | MedsealError)[];
  /** Of a set of views that coordinators disputed: entries of the disputed pairs, which they are shown; of an answer, what it answers. */
  readonly shown?: readonly Acknowledgement[];
  /** True for a set of views without what coordinators still disputed then. */
  readonly narrowed?: true;
  /** Reason of its refusal. */
  readonly refused?: MedsealError;
}

/**
 * Authenticates submissions, each for itself.
 *
 * @param agent - The agent's context, its index brought up to date.
 * @param submissions - Not trusted.
 * @returns In their order the requests, or why one cannot become an entry.
 */
export async function receiveRequests(
  agent: AgentContext,
  submissions: readonly Submission[],
): Promise<readonly (Received | MedsealError)[]> {
  const { index, reader } = agent;
  let listed = 0;
  const parsed = submissions.map((submission) =>
    attempt(() => {
      const request = parseSigned(submission.request, EVIDENCE_TYPES);
      if (!mayAnswer(agent, request)) throw new MedsealError('LOG_WRONG', {});
      // Before its signature is verified: a stranger must cost the least.
      requireEnrolled(index, request.party);
      const opening = submission.opening && parseOpening(submission.opening);
      const will = submission.will && parseMessage('Will', submission.will);
      const { after, part, readings, pairs } = submission;
      if (readings !== undefined && request.type !== 'Write') throw malformed('readings');
      if (pairs !== undefined && request.type !== 'ViewSet') throw malformed('pairs');
      if (request.type === 'ViewSet') {
        listed += pairs?.length ?? 0;
        // As many in one call as one set may name: so many more cost as much.
        if (listed > MOST_PAIRS) {
          throw new MedsealError('REQUEST_TOO_LARGE', {
            what: 'number of pairs',
            limit: MOST_PAIRS,
          });
        }
        // The list beside the request is not signed: a wrong one does not refuse the set.
        requirePairs(agent.primitives, request.message as ViewSet, pairs);
      }
      const along = {
        ...(opening && { opening }),
        ...(will && { will }),
        ...(readings && { readings }),
        ...(pairs && { pairs }),
        ...(after && { after }),
        ...(part && { part }),
      };
      return { request, ...along };
    }),
  );
  const sound = parsed.flatMap((each) => (each instanceof MedsealError ? [] : [each.request]));
  const read = (await reader.requests(sound)).values();
  return parsed.map((each, place) =>
    each instanceof MedsealError
      ? each
      : attempt(() => {
          const { value: signature } = read.next();
          if (signature === undefined) throw new MedsealError('SIGNATURE_INVALID', {});
          const { party } = each.request;
          // A view that is repeated releases again: not to whoever has a former key.
          const isFormer = !isView(each.request) && isFormerKey(index, party, signature.signer);
          if (isFormer) return { place, digest: signature.digest, ...each, former: true };
          return { place, digest: requireSigner(index, party, signature), ...each };
        }),
  );
}

/**
 * Judges requests that were authenticated, each for itself; it looks everything up for all of them at once.
 *
 * @param agent - The agent's context.
 * @param received - The requests.
 * @param at - The moment, Unix seconds.
 * @returns In their order the candidates; an error where another try may go otherwise, for an entry is an answer for
 * ever.
 */
export async function judgeRequests(
  agent: AgentContext,
  received: readonly Received[],
  at: number,
): Promise<readonly (Candidate | MedsealError)[]> {
  const [records, answered] = await Promise.all([
    recordsFor(
      agent,
      received.map(({ request }) => recordFor(request)),
    ),
    recordsFor(
      agent,
      received.map(({ request }) => answeredFor(request)),
    ),
  ]);
  const judging = received.map(async (each, i) => {
    const [record, said] = [records[i], answered[i]];
    if (record instanceof MedsealError) return record;
    if (said instanceof MedsealError) return said;
    const candidate = { ...each, ...(record && { record }), ...(said && { shown: [said] }) };
    // They stand in a log of the agent's own organisation.
    for (const found of [record, said]) if (found) agent.verifiedBodies.add(found.entry);
    try {
      const coverage = judgeEvidence(
        agent,
        agent.network,
        agent.index,
        each.request,
        { ...candidate, ...(said && { records: [said] }) },
        at,
      );
      await requireTurned(agent, each.request, at);
      if (each.request.type === 'Erase') {
        const erase = each.request.message as Erase;
        await requireErasable(agent, agent.logs.values(), erase, at);
      }
      const of = { ...candidate, coverage };
      return each.request.type === 'ViewSet' ? await withPairs(agent, of, at) : of;
    } catch (error) {
      return declined(candidate, toMedsealError(error));
    }
  });
  const judged: (Candidate | MedsealError)[] = await Promise.all(judging);
  const faults = await faultsOf(agent, judged);
  return judged.map((each) => {
    if (each instanceof MedsealError) return each;
    const fault = faults.get(each.place);
    if (fault !== undefined) return declined(each, fault);
    // Only the agent knows who uploaded which file; no coordinator would sign a refusal for that.
    return isOfAnother(agent, each) ? new MedsealError('FILE_TAKEN', {}) : each;
  });
}

/** Judges the record versions of a set of views; it is refused if none is left. */
async function withPairs(
  agent: AgentContext,
  candidate: Candidate,
  at: number,
): Promise<Candidate | MedsealError> {
  const { pairs = [], opening, will } = candidate;
  const request = candidate.request as Signed<'ViewSet'>;
  const support = { ...(opening && { opening }), ...(will && { will }) };
  return leaving(candidate, await judgePairs(agent, agent, request, support, pairs, at));
}

/**
 * Returns a set of views with what became of its record versions, refused if none is left. Its reader hears of a version that is
 * left out what they would hear of one that does not exist.
 *
 * @param candidate - The set.
 * @param judged - In the order of its pairs the accepted ones, or why one is not.
 */
export function leaving(
  candidate: Candidate,
  judged: readonly (PairJudged | MedsealError)[],
): Candidate {
  const isLeft = judged.some((each) => !(each instanceof MedsealError));
  if (isLeft) return { ...candidate, judged };
  const refused = erasedAlike(judged) ?? new MedsealError('NOT_FOUND', { what: 'record' });
  return { ...candidate, judged, refused };
}

/** The reason of a set whose record versions were all erased, in one category: a device then deletes what it keeps of them. */
function erasedAlike(judged: readonly (PairJudged | MedsealError)[]): MedsealError | undefined {
  const categories = new Set<unknown>();
  for (const each of judged) {
    categories.add(isMedsealError(each, 'RECORD_ERASED') ? each.values.category : undefined);
  }
  const [first] = judged;
  const isAlike = categories.size === 1 && !categories.has(undefined);
  return isAlike && first instanceof MedsealError ? first : undefined;
}

/** A refused request; if another try may go otherwise, the reason alone. */
function declined(candidate: Candidate, reason: MedsealError): Candidate | MedsealError {
  return reason.retry ? reason : { ...candidate, refused: reason };
}

/** The acknowledgements of record versions, in their order. */
async function recordsFor(
  agent: AgentContext,
  wanted: readonly (ChartVersion | undefined)[],
): Promise<readonly (Acknowledgement | MedsealError | undefined)[]> {
  const sought = wanted.filter((each) => each !== undefined);
  if (sought.length === 0) return [];
  const places = (await versionPlaces(agent.logs.values(), sought)).values();
  const found = wanted.map(async (each) => {
    const place = each && places.next().value;
    if (place === undefined) return undefined;
    return await acknowledgementAt(place.log, place.index).catch(toMedsealError);
  });
  return await Promise.all(found);
}

function recordFor(request: Signed<EvidenceType>): ChartVersion | undefined {
  const view = askedView(request);
  if (view !== undefined) {
    const { what, handle, record, version } = view;
    return what === 'record' ? { handle, record, version } : undefined;
  }
  const { type, message } = request;
  if (type !== 'Write') return undefined;
  return builtOn(message as Write);
}

function answeredFor({ type, message }: Signed<EvidenceType>): ChartVersion | undefined {
  return type === 'Write' ? answeredBy(message as Write) : undefined;
}

/** Sees to it that a version is sealed to an epoch whose keys no former grantee has. */
async function requireTurned(
  agent: AgentContext,
  { type, message }: Signed<EvidenceType>,
  at: number,
): Promise<void> {
  if (type !== 'Write') return;
  const { handle, epoch: sealed } = message as Write;
  try {
    await rotateDueKeys(agent, handle, at);
  } catch (error) {
    // Enough coordinators may not know an end that is known here; each judges the entry by what it knows.
    if (!isMedsealError(error, 'VERDICTS_MISSING')) throw error;
  }
  const epoch = agent.index.patient(handle)?.epoch ?? 0;
  if (sealed !== epoch) throw new MedsealError('EPOCH_STALE', { epoch });
}

function isFormerKey(
  index: AgentContext['index'],
  party: Address,
  signer: ReadSignature['signer'],
): boolean {
  if (signer === undefined || signer === index.signerOf(party)) return false;
  return index.signersOf(party).includes(signer);
}

/** Tells whether a request is for this log, or perhaps had its answer in another one: its party may have come from there. */
function mayAnswer({ log, logs }: AgentContext, request: Received['request']): boolean {
  const name = request.message.log;
  return name === log.identity.name || (logs.has(name) && !isView(request));
}

/** Returns the name under which the entry that answers a request is found. */
export function nameOf({ request, digest }: Pick<Received, 'request' | 'digest'>): RequestName {
  return { request: digest, deadline: request.message.deadline };
}

/** Finds faults of accepted requests in what others have: versions and sealed files. */
async function faultsOf(
  agent: AgentContext,
  judged: readonly (Candidate | MedsealError)[],
): Promise<ReadonlyMap<number, MedsealError>> {
  const accepted = judged.filter((each): each is Candidate => {
    return !(each instanceof MedsealError) && each.refused === undefined;
  });
  const faults = await Promise.all([
    faultsOfWrites(agent, accepted),
    faultsOfViews(agent, accepted),
  ]);
  return new Map(faults.flatMap((each) => [...each]));
}

/** Writes whose version's number or file is taken, or whose file the vault does not hold. */
async function faultsOfWrites(
  agent: AgentContext,
  accepted: readonly Candidate[],
): Promise<ReadonlyMap<number, MedsealError>> {
  const writes = accepted.flatMap((each) => {
    const { place, request } = each;
    const write = request.message as Write;
    return request.type === 'Write' ? [{ place, name: nameOf(each), write }] : [];
  });
  const faults = new Map<number, MedsealError>();
  if (writes.length === 0) return faults;
  const files = writes.map(({ write }) => write.file);
  const logs = [...agent.logs.values()];
  const [places, owners, stored] = await Promise.all([
    versionPlaces(
      logs,
      writes.map(({ write }) => write),
    ),
    fileOwners(logs, files),
    agent.vault.stats(files),
  ]);
  // Almost no claim is taken, and then mostly by the same request, which came twice at once.
  const taken = writes.flatMap(({ name }, i) => (places[i] === undefined ? [] : [name]));
  const answered = (await agent.log.answeredAt(taken)).values();
  const sizes = new Map(stored.map(({ hash, size }) => [hash, size]));
  for (const [i, { place, write }] of writes.entries()) {
    const [version, owner] = [places[i], owners[i]];
    const at = version && answered.next().value;
    const own = version?.log === agent.log && version.index === at;
    const isOthers = own ? !isAt(owner, version) : owner !== undefined;
    const size = sizes.get(write.file);
    if (version !== undefined && !own) faults.set(place, new MedsealError('REQUEST_ALTERED', {}));
    else if (isOthers) faults.set(place, new MedsealError('FILE_TAKEN', {}));
    else if (size === undefined) faults.set(place, new MedsealError('FILE_ABSENT', {}));
    else if (size !== write.size) faults.set(place, new MedsealError('FILE_MISMATCH', {}));
  }
  return faults;
}

/** Views of records that were erased, or whose sealed file is another's: they release nothing. */
async function faultsOfViews(
  agent: AgentContext,
  accepted: readonly Candidate[],
): Promise<ReadonlyMap<number, MedsealError>> {
  const views = accepted.flatMap(({ place, request, record }) => {
    if (askedView(request) === undefined || record === undefined) return [];
    const { file } = (JSON.parse(record.body) as Body).request.message as Write;
    return [{ place, request, record, file }];
  });
  const files = views.map(({ file }) => file);
  const owners = views.length === 0 ? [] : await fileOwners(agent.logs.values(), files);
  const faults = new Map<number, MedsealError>();
  for (const [i, { place, request, record }] of views.entries()) {
    const owner = owners[i];
    const isOwn = owner?.log.identity.name === record.log && owner.index === record.index;
    const category = await erasedCategory(agent.erasures, request, { record });
    if (!isOwn) faults.set(place, new MedsealError('FILE_TAKEN', {}));
    else if (category !== undefined) {
      faults.set(place, new MedsealError('RECORD_ERASED', { category }));
    }
  }
  return faults;
}

/** Tells whether an accepted write names a file that others have uploaded, and its party has not. */
function isOfAnother({ leases }: AgentContext, { request, refused }: Candidate): boolean {
  if (request.type !== 'Write' || refused !== undefined) return false;
  return leases.isOthers(request.party, (request.message as Write).file);
}

function isAt(one: EntryPlace | undefined, other: EntryPlace | undefined): boolean {
  return one?.log === other?.log && one?.index === other?.index;
}

function attempt<Result>(work: () => Result): Result | MedsealError {
  try {
    return work();
  } catch (error) {
    return toMedsealError(error);
  }
}
