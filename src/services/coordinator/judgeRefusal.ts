import type { ErrorCode } from '../../errors/catalogue.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { toMedsealError } from '../../errors/toMedsealError.ts';
import { askedView, isView } from '../../protocol/evidence/askedView.ts';
import { builtOn } from '../../protocol/evidence/builtOn.ts';
import type { Body } from '../../protocol/evidence/evidence.ts';
import { ZERO32, type Bytes32 } from '../../protocol/ids.ts';
import { isRefusalCode } from '../../protocol/wire/isRefusalCode.ts';
import { isNewestWill } from '../../protocol/care/judgeDeath.ts';
import { judgeEvidence, type EvidenceSupport } from '../../protocol/evidence/judgeEvidence.ts';
import { parseBody } from '../../protocol/evidence/parseBody.ts';
import { parseMessage } from '../../protocol/struct/parseSigned.ts';
import type { Signed, View, Write } from '../../protocol/struct/requests.ts';
import { requireTimely } from '../../protocol/evidence/requireTimely.ts';
import { digestOf } from '../../protocol/struct/signing.ts';
import type { Claims } from './Claims.ts';
import type { JudgedErasures } from './JudgedErasures.ts';
import { supportOf } from './supportOf.ts';
import { fileOwners } from '../entries/fileOwners.ts';
import type { ServiceContext } from '../ServiceContext.ts';
import { judgePairs } from '../entries/judgePairs.ts';
import { readPlaces } from '../entries/readPlaces.ts';
import { erasedCategory } from '../entries/erasedCategory.ts';
import { versionPlaces } from '../entries/versionPlaces.ts';
import type { CoordinatorOptions } from './CoordinatorOptions.ts';

/** A refusal whose party signed the request in it. */
export interface Refusal {
  readonly body: Body;
  /** EIP-712 digest of the request. */
  readonly digest: Bytes32;
}

/** Name of a record version. */
type Version = Pick<Write, 'handle' | 'record' | 'version'>;

/**
 * Judges a refusal: a coordinator agrees only if it finds the same reason itself, from its own view of the ledger, the
 * logs and the files. It does not sign what it would accept, what it would refuse for another reason, or what only the
 * agent can know; the agent answers and counts that.
 *
 * @param context - The organisation's context, its index brought up to date.
 * @param sources - Sources of reasons that the ledger does not tell.
 * @param refusal - The refusal.
 * @param support - Openings and other support; not trusted.
 * @throws MedsealError `REQUEST_MALFORMED` for a code that no entry can have, and for a malformed opening or will;
 * `REQUEST_LATE`, `REQUEST_EARLY`; `NOT_FOUND` if there is no such patient, or the opening of a standing grant was not
 * shown; `ANSWER_DISPUTED`.
 */
export async function judgeRefusal(
  context: ServiceContext,
  sources: Pick<CoordinatorOptions, 'logs' | 'deposits' | 'contributor'> & {
    readonly claims: Claims;
    readonly erasures: JudgedErasures;
  },
  { body, digest }: Refusal,
  support: EvidenceSupport,
): Promise<void> {
  const { index } = context;
  const { request, code, at } = body;
  const { handle, grant, deadline } = request.message;
  if (!isRefusalCode(code)) throw new MedsealError('REQUEST_MALFORMED', { what: 'code' });
  // The agent put it there: its form is not a fault of the request.
  if (support.opening !== undefined) parseMessage('Grant', support.opening);
  if (support.will !== undefined) parseMessage('Will', support.will);
  requireTimely(deadline, at);
  // It would be on nobody's audit.
  if (index.patient(handle) === undefined) throw new MedsealError('NOT_FOUND', { what: 'patient' });
  if (!(await isFound())) throw new MedsealError('ANSWER_DISPUTED', {});

  async function isFound(): Promise<boolean> {
    const own = await context.turns.run(ownReason);
    if (own === undefined) {
      if (request.type === 'ViewSet') {
        if (code === 'RECORD_ERASED') return await isAllErased();
        return code === 'NOT_FOUND' && (await isNothingLeft());
      }
      if (code === 'RECORD_ERASED') {
        return (await erasedCategory(sources.erasures, request, support)) !== undefined;
      }
      if (askedView(request) !== undefined)
        return code === 'FILE_TAKEN' && (await isByAnothersFile());
      if (request.type !== 'Write') return false;
      if (code === 'REQUEST_ALTERED') return await isTaken();
      if (code === 'FILE_TAKEN') {
        return await sources.claims.isFileOfAnother(request.message as Write, digest);
      }
      return code === 'FILE_MISMATCH' && (await isOfOtherSize());
    }
    if (own !== code) return false;
    if (code === 'RIGHT_MISSING') await requireOpening();
    if (code === 'RIGHT_ENDED') requireWill();
    if (code !== 'NOT_FOUND') return true;
    const sought = soughtBy(request);
    return sought === undefined || !(await isThere(sought));
  }

  /** Reason for which the coordinator itself would refuse the request; undefined if it would not. */
  function ownReason(): ErrorCode | undefined {
    try {
      judgeEvidence(context, context.network, index, request, supportOf(body, support), at);
      return undefined;
    } catch (error) {
      return toMedsealError(error).code;
    }
  }

  /**
   * Without the opening of a standing grant its coverage is unknown, and an agent can leave out what it was shown; so
   * the opening must be there, unless the grantee is known and is another.
   */
  async function requireOpening(): Promise<void> {
    if (request.type !== 'Write' && !isView(request)) return;
    if (grant === ZERO32 || index.grant(grant)?.handle !== handle) return;
    const { opening } = support;
    if (opening !== undefined && digestOf(context, 'Grant', opening) === grant) return;
    const ends = await sources.deposits.ends(handle);
    const known = ends.find((end) => end.grant === grant);
    if (known !== undefined && known.grantee !== request.party) return;
    throw new MedsealError('NOT_FOUND', { what: 'opening' });
  }

  /** Without the opening of the will of somebody dead it is unknown which grants hold on; an agent can leave it out. */
  function requireWill(): void {
    const { death, will } = index.life(handle);
    if (death.stage !== 'confirmed' || will === undefined) return;
    if (isNewestWill(context, index, handle, support.will)) return;
    throw new MedsealError('NOT_FOUND', { what: 'opening of the will' });
  }

  /** Tells whether a record version stands in a log, or was promised to. */
  async function isThere(version: Version): Promise<boolean> {
    if ((await sources.claims.holderOf(version)) !== undefined) return true;
    for (const log of sources.logs.values()) {
      if ((await log.placeOf(version.handle, version)) !== undefined) return true;
    }
    return false;
  }

  async function judgedPairs(): ReturnType<typeof judgePairs> {
    const set = request as Signed<'ViewSet'>;
    return await judgePairs(context, sources, set, support, support.pairs ?? [], at);
  }

  /** Tells whether the patient erased each record version that a set of views names. */
  async function isAllErased(): Promise<boolean> {
    const judged = await judgedPairs();
    return judged.length > 0 && judged.every((each) => isMedsealError(each, 'RECORD_ERASED'));
  }

  /** Tells whether a set of views names no record version that would be accepted. */
  async function isNothingLeft(): Promise<boolean> {
    const judged = await judgedPairs();
    if (!judged.every((each) => each instanceof MedsealError)) return false;
    const absent = (support.pairs ?? []).filter((_, place) =>
      isMedsealError(judged[place], 'NOT_FOUND'),
    );
    return !(await isOneComing(absent.map((pair) => ({ handle, ...pair }))));
  }

  /**
   * Tells whether the entry of one of some record versions is on its way here: an agent can leave out what it was shown. One whose
   * body was erased does not come again.
   */
  async function isOneComing(versions: readonly Version[]): Promise<boolean> {
    const places = await versionPlaces(sources.logs.values(), versions);
    const entries = await readPlaces(places);
    if (entries.some((entry) => entry !== undefined)) return true;
    const awaited = versions.filter((_, nth) => places[nth] === undefined);
    const holders = await Promise.all(
      awaited.map(async (each) => await sources.claims.holderOf(each)),
    );
    return holders.some((holder) => holder !== undefined);
  }

  /** Tells whether another request has the version that this one wants. */
  async function isTaken(): Promise<boolean> {
    const write = request.message as Write;
    const holder = await sources.claims.holderOf(write);
    if (holder !== undefined) return holder !== digest;
    for (const log of sources.logs.values()) {
      const place = await log.placeOf(handle, write);
      if (place === undefined) continue;
      const [own] = await log.answeredAt([{ request: digest, deadline }]);
      return own !== place;
    }
    return false;
  }

  /** Tells whether the record that a view names came on its chart with the file of another. */
  async function isByAnothersFile(): Promise<boolean> {
    if (support.record === undefined) return false;
    const { file } = parseBody(support.record.body).request.message as Write;
    const logs = [...sources.logs.values()];
    const [[place], [owner]] = await Promise.all([
      versionPlaces(logs, [request.message as View]),
      fileOwners(logs, [file]),
    ]);
    return place !== undefined && (owner?.log !== place.log || owner.index !== place.index);
  }

  async function isOfOtherSize(): Promise<boolean> {
    const { file, size } = request.message as Write;
    const held = await sources.contributor.hold([{ hash: file, size }], body.log);
    const found = held.sizes.get(file) ?? held.otherSizes.get(file);
    return found !== undefined && found !== size;
  }
}

/** The one record version that a request builds on. */
function soughtBy(request: Body['request']): Version | undefined {
  if (request.type === 'Write') return builtOn(request.message as Write);
  return askedView(request);
}
