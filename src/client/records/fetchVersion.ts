import { LONGEST_HEADER } from '../../crypto/sealing/ageHeader.ts';
import { verifiedContent } from '../../crypto/verifiedContent.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { toMedsealError } from '../../errors/toMedsealError.ts';
import type { Acknowledgement } from '../../protocol/evidence.ts';
import type { PairInSet } from '../../protocol/release/releasedView.ts';
import type { Party } from '../party/Party.ts';
import { memorySpool, type Spooled } from '../party/Spool.ts';
import type { ChartRecord, ChartWanted } from './viewChart.ts';
import type { ShareWanted, SharesReleased } from './releasedShares.ts';
import { sealedUnder, type SealedUnder } from './sealedUnder.ts';
import { viewVersions, type VersionsViewed } from './viewVersions.ts';

/** Largest size of a sealed file that is held in memory, bytes. */
const IN_MEMORY = 8 * 2 ** 20;
/** The part of a larger one that has its header. */
const BEGINNING = { from: 0, to: LONGEST_HEADER } as const;

/** Number of files that are fetched at once. */
const LANES = 8;

/** A released sealed file that its author's signed entry names. */
export interface FetchedVersion {
  /** Evidence of this view. */
  readonly acknowledgement: Acknowledgement;
  /** The record version among those of the view, if that is of several. */
  readonly pair?: PairInSet;
  /** Sealed file, which the caller must discard. */
  readonly sealed: Spooled;
  /** Shares that coordinators released for it, or why it has none; undefined if none were asked for. */
  readonly evidence: FileEvidence;
}

/** Shares that were released for a file; `unguarded` if it opens without. */
export type FileEvidence = SharesReleased | 'unguarded' | undefined;

/**
 * Fetches the sealed file of a record version: the view becomes evidence, and all of the file is compared with the hash
 * in its author's signed entry before anything is done with it. Shares that open it are asked for by its header.
 *
 * @param party - The reader.
 * @param chart - Chart, and right to rely on.
 * @param wanted - The record version.
 * @throws MedsealError with the code of the refusal; `FILE_MISMATCH`.
 */
export async function fetchVersion(
  party: Party,
  chart: ChartWanted,
  wanted: ChartRecord,
): Promise<FetchedVersion> {
  const viewed = await viewVersions(party, chart, [wanted]);
  const [fetched] = await fetchViewed(party, [wanted], viewed);
  if (fetched === undefined) throw new MedsealError('PEER_MALFORMED', { what: 'outcome' });
  if (fetched instanceof MedsealError) throw fetched;
  return fetched;
}

/**
 * Does the same for versions whose views are evidence already; shares are asked for in as few calls as there can be.
 *
 * @param party - The reader.
 * @param wanted - The record versions.
 * @param viewed - Their views.
 * @returns Each file, which the caller must discard, or the error.
 */
export async function fetchViewed(
  party: Party,
  wanted: readonly ChartRecord[],
  { views, collect }: VersionsViewed,
): Promise<readonly (FetchedVersion | MedsealError)[]> {
  const begun = await inLanes(wanted, async (record, place) => {
    const viewed = views[place];
    if (viewed === undefined) throw new MedsealError('PEER_MALFORMED', { what: 'outcome' });
    if (viewed instanceof MedsealError) throw viewed;
    const { ticket } = viewed;
    // A ticket outlives the file that it fetches, and the view's deadline may not: shares of a large one are asked for by its beginning.
    const sealed = isSmall(record) ? await fetchReleased(party, ticket, record) : undefined;
    const beginning = sealed?.read() ?? party.agent.download(ticket, record.file, BEGINNING);
    const under = await attempt(async () => await sealedUnder(party, beginning));
    return { viewed, sealed, under };
  });
  const asked = begun.map((each): ShareWanted | undefined => {
    if (each instanceof MedsealError) return undefined;
    const { viewed, under } = each;
    if (under === undefined || under instanceof MedsealError) return undefined;
    const { acknowledgement: view, place, pair } = viewed;
    const { key, seal, encapsulation } = under;
    return key && { view, place, ...(pair && { pair }), key, seal, encapsulation };
  });
  const isAsked = asked.some((each) => each !== undefined);
  const evidence = isAsked ? await collect?.(asked) : undefined;
  return await inLanes(wanted, async (record, place) => {
    const one = begun[place];
    if (one === undefined || one instanceof MedsealError) throw one;
    const { viewed, under } = one;
    const { acknowledgement, ticket, pair } = viewed;
    const sealed = one.sealed ?? (await fetchReleased(party, ticket, record));
    const of = { acknowledgement, ...(pair && { pair }) };
    return { ...of, sealed, evidence: evidenceOf(under, evidence?.[place]) };
  });
}

function evidenceOf(
  under: SealedUnder | MedsealError | undefined,
  released: SharesReleased | undefined,
): FileEvidence {
  if (under === undefined) return 'unguarded';
  if (under instanceof MedsealError) return under;
  // Nothing opens a file under a key that was given up but the patient's own identity.
  return under.key === undefined ? new MedsealError('SEAL_UNREADABLE', {}) : released;
}

function isSmall({ size }: Pick<ChartRecord, 'size'>): boolean {
  return size <= IN_MEMORY;
}

async function attempt<Value>(run: () => Promise<Value>): Promise<Value | MedsealError> {
  try {
    return await run();
  } catch (error) {
    return toMedsealError(error);
  }
}

/** Does something for each of many, a few at once; the error in place of what failed. */
async function inLanes<Item, Result>(
  items: readonly Item[],
  work: (item: Item, place: number) => Promise<Result>,
): Promise<readonly (Result | MedsealError)[]> {
  const results: (Result | MedsealError)[] = [];
  const places = items.entries();
  const lane = async (): Promise<void> => {
    for (const [place, item] of places) {
      results[place] = await attempt(async () => await work(item, place));
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return results;
}

async function fetchReleased(
  party: Party,
  ticket: string,
  { file, size }: Pick<ChartRecord, 'file' | 'size'>,
): Promise<Spooled> {
  const content = party.agent.download(ticket, file);
  const verified = verifiedContent(content, { hash: file, size }, party.createSha256);
  const spool = isSmall({ size }) ? memorySpool : party.spool;
  return await spool.fill(verified);
}
