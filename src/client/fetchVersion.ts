import { bytesToHex } from '../crypto/bytes.ts';
import { verifiedContent } from '../crypto/verifiedContent.ts';
import { seconds } from '../protocol/Clock.ts';
import type { Acknowledgement } from '../protocol/evidence.ts';
import { ZERO32 } from '../protocol/ids.ts';
import { digestOf } from '../protocol/signing.ts';
import type { Party } from './Party.ts';
import { memorySpool, type Spooled } from './Spool.ts';
import { submitEvidence } from './submit.ts';
import type { ChartRecord, ChartWanted } from './viewChart.ts';

/** Up to which size a sealed file is held in memory, bytes. */
const IN_MEMORY = 8 * 2 ** 20;

/** A sealed file that was released, and is the one that its author's signed entry names. */
export interface FetchedVersion {
  /** Evidence of this view. */
  readonly acknowledgement: Acknowledgement;
  /** To be discarded. */
  readonly sealed: Spooled;
}

/**
 * Fetches the sealed file of a record version: the view becomes evidence, and all of the file is compared with the
 * hash in its author's signed entry before anything is done with it.
 *
 * @param party - The reader.
 * @param chart - Whose chart, relying on which right.
 * @param wanted - The record version.
 * @throws MedsealError with the code of the refusal; `FILE_MISMATCH`.
 */
export async function fetchVersion(
  party: Party,
  chart: ChartWanted,
  wanted: ChartRecord,
): Promise<FetchedVersion> {
  const { handle, grant, purpose } = chart;
  const { record, version, file, size } = wanted;
  const view = {
    log: party.log,
    what: 'record',
    handle,
    record,
    version,
    grant: grant === undefined ? ZERO32 : digestOf(party, 'Grant', grant),
    purpose,
    deadline: seconds(party.clock) + 300,
    salt: bytesToHex(party.random(16)),
  } as const;
  const { acknowledgement, release } = await submitEvidence(party, 'View', view, {
    ...(grant && { opening: grant }),
  });
  const content = party.agent.download(release?.ticket ?? '', file);
  const verified = verifiedContent(content, { hash: file, size }, party.createSha256);
  const spool = size <= IN_MEMORY ? memorySpool : party.spool;
  return { acknowledgement, sealed: await spool.fill(verified) };
}
