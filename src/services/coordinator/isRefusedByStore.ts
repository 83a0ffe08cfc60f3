import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { askedView } from '../../protocol/evidence/askedView.ts';
import type { Body } from '../../protocol/evidence/evidence.ts';
import type { EvidenceSupport } from '../../protocol/evidence/judgeEvidence.ts';
import { parseBody } from '../../protocol/evidence/parseBody.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import type { Erase, Signed, View, Write } from '../../protocol/struct/requests.ts';
import { erasedCategory } from '../entries/erasedCategory.ts';
import { fileOwners } from '../entries/fileOwners.ts';
import { judgePairs } from '../entries/judgePairs.ts';
import { readPlaces } from '../entries/readPlaces.ts';
import { retainedErase } from '../entries/retainedErase.ts';
import { versionPlaces, type ChartVersion } from '../entries/versionPlaces.ts';
import type { ServiceContext } from '../ServiceContext.ts';
import type { Claims } from './Claims.ts';
import type { CoordinatorOptions } from './CoordinatorOptions.ts';
import type { JudgedErasures } from './JudgedErasures.ts';

/** Sources of reasons that the ledger does not tell. */
export interface RefusalSources extends Pick<
  CoordinatorOptions,
  'logs' | 'deposits' | 'contributor'
> {
  readonly claims: Claims;
  readonly erasures: JudgedErasures;
}

/** A refusal that is judged, and what it is judged by. */
export interface JudgedRefusal {
  readonly context: ServiceContext;
  readonly sources: RefusalSources;
  readonly body: Body;
  /** EIP-712 digest of the request. */
  readonly digest: Bytes32;
  /** Openings and other support; not trusted. */
  readonly support: EvidenceSupport;
}

/**
 * Tells whether a coordinator finds the reason of a refusal in logs, claims, erasures and files.
 *
 * @param judged - The refusal of a request that the coordinator would accept by its view of the ledger.
 */
export async function isRefusedByStore(judged: JudgedRefusal): Promise<boolean> {
  const { sources, body, digest, support } = judged;
  const { request, code } = body;
  if (request.type === 'ViewSet') {
    if (code === 'RECORD_ERASED') return await isAllErased(judged);
    return code === 'NOT_FOUND' && (await isNothingLeft(judged));
  }
  if (code === 'RETENTION_ACTIVE') {
    return request.type === 'Erase' && (await isRetained(judged));
  }
  if (code === 'RECORD_ERASED') {
    return (await erasedCategory(sources.erasures, request, support)) !== undefined;
  }
  if (askedView(request) !== undefined) {
    return code === 'FILE_TAKEN' && (await isByAnothersFile(judged));
  }
  if (request.type !== 'Write') return false;
  if (code === 'REQUEST_ALTERED') return await isTaken(judged);
  if (code === 'FILE_TAKEN') {
    return await sources.claims.isFileOfAnother(request.message as Write, digest);
  }
  return code === 'FILE_MISMATCH' && (await isOfOtherSize(judged));
}

/** Tells whether the network's terms keep what an erasure is of. */
async function isRetained({ context, sources, body }: JudgedRefusal): Promise<boolean> {
  const erase = body.request.message as Erase;
  return body.at < (await retainedErase(context, sources.logs.values(), erase, body.at));
}

async function judgedPairs(judged: JudgedRefusal): ReturnType<typeof judgePairs> {
  const { context, sources, body, support } = judged;
  const set = body.request as Signed<'ViewSet'>;
  return await judgePairs(context, sources, set, support, support.pairs ?? [], body.at);
}

/** Tells whether the patient erased each record version that a set of views names. */
async function isAllErased(judged: JudgedRefusal): Promise<boolean> {
  const pairs = await judgedPairs(judged);
  return pairs.length > 0 && pairs.every((each) => isMedsealError(each, 'RECORD_ERASED'));
}

/** Tells whether a set of views names no record version that would be accepted. */
async function isNothingLeft(judged: JudgedRefusal): Promise<boolean> {
  const pairs = await judgedPairs(judged);
  if (!pairs.every((each) => each instanceof MedsealError)) return false;
  const { handle } = judged.body.request.message;
  const absent = (judged.support.pairs ?? []).filter((_, place) =>
    isMedsealError(pairs[place], 'NOT_FOUND'),
  );
  const versions = absent.map((pair) => ({ handle, ...pair }));
  return !(await isOneComing(judged.sources, versions));
}

/**
 * Tells whether the entry of one of some record versions is on its way here: an agent can leave out what it was shown. One whose
 * body was erased does not come again.
 */
async function isOneComing(
  { logs, claims }: RefusalSources,
  versions: readonly ChartVersion[],
): Promise<boolean> {
  const places = await versionPlaces(logs.values(), versions);
  const entries = await readPlaces(places);
  if (entries.some((entry) => entry !== undefined)) return true;
  const awaited = versions.filter((_, nth) => places[nth] === undefined);
  const holders = await Promise.all(awaited.map(async (each) => await claims.holderOf(each)));
  return holders.some((holder) => holder !== undefined);
}

/** Tells whether another request has the version that this one wants. */
async function isTaken({ sources, body, digest }: JudgedRefusal): Promise<boolean> {
  const write = body.request.message as Write;
  const { handle, deadline } = write;
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
async function isByAnothersFile({ sources, body, support }: JudgedRefusal): Promise<boolean> {
  if (support.record === undefined) return false;
  const { file } = parseBody(support.record.body).request.message as Write;
  const logs = [...sources.logs.values()];
  const [[place], [owner]] = await Promise.all([
    versionPlaces(logs, [body.request.message as View]),
    fileOwners(logs, [file]),
  ]);
  return place !== undefined && (owner?.log !== place.log || owner.index !== place.index);
}

async function isOfOtherSize({ sources, body }: JudgedRefusal): Promise<boolean> {
  const { file, size } = body.request.message as Write;
  const held = await sources.contributor.hold([{ hash: file, size }], body.log);
  const found = held.sizes.get(file) ?? held.otherSizes.get(file);
  return found !== undefined && found !== size;
}
