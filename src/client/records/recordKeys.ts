import { bytesToHex } from '../../crypto/bytes.ts';
import { openFileKey } from '../../crypto/sealing/openFileKey.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Bytes32, Hex, RecordId } from '../../protocol/ids.ts';
import { coveredRecord } from '../../protocol/rights/coveredRecord.ts';
import { fetchGroups } from './fetchGroups.ts';
import type { Party } from '../party/Party.ts';
import type { Spooled } from '../party/Spool.ts';
import type { Chart, RecordOpener } from './readChart.ts';
import { whoHalfFrom } from './openersOf.ts';
import type { ChartRecord } from './viewChart.ts';

/**
 * The keys of a record's files (16 bytes), by the hash of the file: they open this record alone. Null stands for a key
 * that the patient erased.
 */
export type RecordKeys = Readonly<Record<Bytes32, Hex | null>>;

/**
 * Returns the keys of all versions of one record, and of objections to it, on a chart that the party can open. They are one view; every file is first fetched whole
 * and compared with its author's signed entry: otherwise a node that gave the beginning of another file would have that
 * file's key passed on. A version that is erased, or whose keys are being erased, is not fetched.
 *
 * @param party - Party that can open the chart.
 * @param chart - The chart.
 * @param record - The record.
 * @param isErased - True if the key of a version may not be sealed to anybody any more.
 * @throws MedsealError `NOT_FOUND` if the chart does not list it; what a view throws.
 */
export async function recordKeys(
  party: Party,
  chart: Chart,
  record: RecordId,
  isErased: (version: ChartRecord) => boolean,
): Promise<RecordKeys> {
  const keys: Record<Bytes32, Hex | null> = {};
  const openers = new Map<ChartRecord, RecordOpener>();
  for (const version of versionsOf(chart, record)) {
    const opener = isErased(version) ? undefined : openerUnlessErased(chart, version);
    if (opener === undefined) keys[version.file] = null;
    else openers.set(version, opener);
  }
  for await (const { group, files } of fetchGroups(party, chart, [...openers.keys()])) {
    try {
      for (const [nth, version] of group.entries()) {
        const [file, opener] = [files[nth], openers.get(version)];
        if (file instanceof MedsealError) throw file;
        if (file === undefined || opener === undefined) continue;
        const of = { ...version, handle: chart.handle };
        keys[version.file] = bytesToHex(await keyToShare(party, of, opener, file.sealed));
      }
    } finally {
      for (const file of files) if (!(file instanceof MedsealError)) await file.sealed.discard();
    }
  }
  return keys;
}

/** The half of a guarded file's key that a right can hand over, or the key of a file that opens by it alone. */
async function keyToShare(
  party: Party,
  version: ChartRecord & Pick<Chart, 'handle'>,
  opener: RecordOpener,
  sealed: Spooled,
): Promise<Uint8Array> {
  const { cipher } = party;
  const half = await whoHalfFrom(party, version, opener, sealed.read());
  if (half !== undefined) return half;
  if ('who' in opener) throw new MedsealError('SEAL_UNREADABLE', {});
  return await openFileKey([opener], sealed.read(), { ...(cipher && { cipher }) });
}

function openerUnlessErased(chart: Chart, version: ChartRecord): RecordOpener | undefined {
  try {
    return chart.openerFor(version);
  } catch (error) {
    if (isMedsealError(error, 'RECORD_ERASED')) return undefined;
    throw error;
  }
}

/**
 * Returns the versions of a record that a chart lists, and of objections to it.
 *
 * @throws MedsealError `NOT_FOUND` if it lists no version.
 */
export function versionsOf(
  chart: Pick<Chart, 'records'>,
  record: RecordId,
): readonly ChartRecord[] {
  const versions = chart.records.filter((listed) => coveredRecord(listed) === record);
  if (versions.length === 0) throw new MedsealError('NOT_FOUND', { what: 'record' });
  return versions;
}
