import { LONGEST_HEADER } from '../../crypto/sealing/ageHeader.ts';
import { verifiedContent } from '../../crypto/verifiedContent.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { toMedsealError } from '../../errors/toMedsealError.ts';
import type { Acknowledgement } from '../../protocol/evidence/evidence.ts';
import { seconds } from '../../protocol/Clock.ts';
import { endsWithin } from '../../protocol/endsWithin.ts';
import type { PairInSet } from '../../protocol/release/releasedView.ts';
import type { Party } from '../party/Party.ts';
import { memorySpool, type Spooled } from '../party/Spool.ts';
import { beginInLanes } from './beginInLanes.ts';
import type { ChartRecord, ChartWanted } from './viewChart.ts';
import type { ShareWanted, SharesReleased } from './releasedShares.ts';
import { sealedUnder, type SealedUnder } from './sealedUnder.ts';
import {
  viewVersions,
  type Releasing,
  type VersionsViewed,
  type VersionViewed,
} from './viewVersions.ts';

/** Largest size of a sealed file that is held in memory, bytes. */
const IN_MEMORY = 8 * 2 ** 20;
/** The part of a larger one that has its header. */
const BEGINNING = { from: 0, to: LONGEST_HEADER } as const;

/** Milliseconds after which shares are asked for what has come: one slow file does not use up the time of the others. */
const PATIENCE = 30_000;

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
 * Does the same for versions whose views are evidence already; shares are asked for in as few calls as there
 * can be: a file that comes slowly has one of its own, and one of several that does not come while the views hold is
 * `NOT_YET`.
 *
 * @param party - The reader.
 * @param wanted - The record versions.
 * @param viewed - Their views.
 * @returns Each file, which the caller must discard, or the error.
 */
export async function fetchViewed(
  party: Party,
  wanted: readonly ChartRecord[],
  { views, releasing }: VersionsViewed,
): Promise<readonly (FetchedVersion | MedsealError)[]> {
  const begun = beginInLanes(party.clock, wanted, async (record, place): Promise<Begun> => {
    const viewed = views[place];
    if (viewed === undefined) throw new MedsealError('PEER_MALFORMED', { what: 'outcome' });
    if (viewed instanceof MedsealError) throw viewed;
    const { ticket } = viewed;
    // A ticket outlives the file that it fetches, and the view's deadline may not: shares of a large one are asked for by its beginning.
    const sealed = isSmall(record) ? await fetchReleased(party, ticket, record) : undefined;
    const beginning = sealed?.read() ?? party.agent.download(ticket, record.file, BEGINNING);
    try {
      return { viewed, sealed, under: await sealedUnder(party, beginning) };
    } catch (error) {
      return { viewed, sealed, under: toMedsealError(error) };
    }
  });
  const shared =
    releasing === undefined
      ? (await Promise.all(begun)).map((one) => ({ one, shares: undefined }))
      : await collectShares(party, begun, releasing);
  const fetched = beginInLanes(party.clock, shared, async ({ one, shares }, place) => {
    const record = wanted[place];
    if (one instanceof MedsealError || record === undefined) throw one;
    const { viewed, under } = one;
    const { acknowledgement, ticket, pair } = viewed;
    const sealed = one.sealed ?? (await fetchReleased(party, ticket, record));
    const of = { acknowledgement, ...(pair && { pair }) };
    return { ...of, sealed, evidence: evidenceOf(under, shares) };
  });
  return await Promise.all(fetched);
}

/** A file whose header has come, and all of it if it is small. */
interface Begun {
  readonly viewed: VersionViewed;
  readonly sealed: Spooled | undefined;
  readonly under: SealedUnder | MedsealError | undefined;
}

/** The same, or why it did not come, with the shares that were released for it. */
interface Shared {
  readonly one: Begun | MedsealError;
  readonly shares: SharesReleased | undefined;
}

/**
 * Collects the shares for files: for what came in half a minute, mostly all, and for the others as they come. Nothing is released
 * after the views have ended, so no file is waited for longer while others are there: one alone may turn out to need no release.
 */
async function collectShares(
  { clock }: Party,
  begun: readonly Promise<Begun | MedsealError>[],
  { collect, until }: Releasing,
): Promise<readonly Shared[]> {
  const shared: Shared[] = [];
  const come = new Map<number, Begun | MedsealError>();
  const waiting = new Map(
    begun.map((file, place) => [place, file.then((one) => come.set(place, one))]),
  );
  do {
    await endsWithin(clock, PATIENCE, Promise.all(waiting.values()));
    const now = [...come].filter(([place]) => waiting.delete(place));
    const asked = now.map(([, one]) => shareOf(one));
    const isAsked = asked.some((each) => each !== undefined);
    const shares = isAsked ? await collect(asked) : [];
    for (const [nth, [place, one]] of now.entries()) shared[place] = { one, shares: shares[nth] };
  } while (waiting.size > 0 && (begun.length === 1 || seconds(clock) <= until));
  for (const place of waiting.keys()) {
    shared[place] = {
      one: new MedsealError('NOT_YET', { what: 'copy of the file' }),
      shares: undefined,
    };
    void begun[place]?.then(async (one) => {
      if (!(one instanceof MedsealError)) await one.sealed?.discard();
    });
  }
  return shared;
}

function shareOf(one: Begun | MedsealError): ShareWanted | undefined {
  if (one instanceof MedsealError) return undefined;
  const { viewed, under } = one;
  if (under === undefined || under instanceof MedsealError) return undefined;
  const { acknowledgement: view, place, pair } = viewed;
  const { key, seal, encapsulation } = under;
  return key && { view, place, ...(pair && { pair }), key, seal, encapsulation };
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
