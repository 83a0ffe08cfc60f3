import { verifiedContent } from '../../crypto/verifiedContent.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Acknowledgement } from '../../protocol/evidence.ts';
import type { Party } from '../party/Party.ts';
import { memorySpool, type Spooled } from '../party/Spool.ts';
import type { ChartRecord, ChartWanted } from './viewChart.ts';
import type { SharesReleased } from './releasedShares.ts';
import { viewVersions } from './viewVersions.ts';

/** Largest size of a sealed file that is held in memory, bytes. */
const IN_MEMORY = 8 * 2 ** 20;

/** A released sealed file that its author's signed entry names. */
export interface FetchedVersion {
  /** Evidence of this view. */
  readonly acknowledgement: Acknowledgement;
  /** Sealed file, which the caller must discard. */
  readonly sealed: Spooled;
  /** As for `VersionViewed`. */
  readonly evidence?: SharesReleased | undefined;
}

/**
 * Fetches the sealed file of a record version: the view becomes evidence, and all of the file is compared with the hash
 * in its author's signed entry before anything is done with it.
 *
 * @param party - The reader.
 * @param chart - Chart, and right to rely on.
 * @param wanted - The record version.
 * @param keep - As for `viewVersions`.
 * @throws MedsealError with the code of the refusal; `FILE_MISMATCH`.
 */
export async function fetchVersion(
  party: Party,
  chart: ChartWanted,
  wanted: ChartRecord,
  keep?: number,
): Promise<FetchedVersion> {
  const [viewed] = await viewVersions(party, chart, [wanted], keep);
  if (viewed === undefined) throw new MedsealError('PEER_MALFORMED', { what: 'outcome' });
  if (viewed instanceof MedsealError) throw viewed;
  const { acknowledgement, ticket, evidence } = viewed;
  return { acknowledgement, evidence, sealed: await fetchReleased(party, ticket, wanted) };
}

/**
 * Does the same for a view that is evidence already.
 *
 * @param party - The reader.
 * @param ticket - Ticket that the view released.
 * @param wanted - The record version.
 * @throws MedsealError `FILE_MISMATCH`, `RELEASE_UNKNOWN`.
 */
export async function fetchReleased(
  party: Party,
  ticket: string,
  { file, size }: Pick<ChartRecord, 'file' | 'size'>,
): Promise<Spooled> {
  const content = party.agent.download(ticket, file);
  const verified = verifiedContent(content, { hash: file, size }, party.createSha256);
  const spool = size <= IN_MEMORY ? memorySpool : party.spool;
  return await spool.fill(verified);
}
