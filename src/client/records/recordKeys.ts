import { bytesToHex } from '../../crypto/bytes.ts';
import { openFileKey } from '../../crypto/sealing/openFileKey.ts';
import type { Opener } from '../../crypto/sealing/ageHeader.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Bytes32, Hex, RecordId } from '../../protocol/ids.ts';
import { fetchVersion } from './fetchVersion.ts';
import type { Party } from '../party/Party.ts';
import type { Chart } from './readChart.ts';
import type { ChartRecord } from './viewChart.ts';

/**
 * The keys of a record's files (16 bytes), by the hash of the file: they open this record alone. Null stands for a key
 * that the patient erased.
 */
export type RecordKeys = Readonly<Record<Bytes32, Hex | null>>;

/**
 * Returns the keys of all versions of one record on a chart that the party can open. Every file is first fetched whole
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
  const { cipher } = party;
  const keys: Record<Bytes32, Hex | null> = {};
  for (const version of versionsOf(chart, record)) {
    const opener = isErased(version) ? undefined : openerUnlessErased(chart, version);
    if (opener === undefined) {
      keys[version.file] = null;
      continue;
    }
    const { sealed } = await fetchVersion(party, chart, version);
    try {
      const key = await openFileKey([opener], sealed.read(), { ...(cipher && { cipher }) });
      keys[version.file] = bytesToHex(key);
    } finally {
      await sealed.discard();
    }
  }
  return keys;
}

function openerUnlessErased(chart: Chart, version: ChartRecord): Opener | undefined {
  try {
    return chart.openerFor(version);
  } catch (error) {
    if (isMedsealError(error, 'RECORD_ERASED')) return undefined;
    throw error;
  }
}

/**
 * Returns the versions of a record that a chart lists.
 *
 * @throws MedsealError `NOT_FOUND` if it lists no version.
 */
export function versionsOf(
  chart: Pick<Chart, 'records'>,
  record: RecordId,
): readonly ChartRecord[] {
  const versions = chart.records.filter((listed) => listed.record === record);
  if (versions.length === 0) throw new MedsealError('NOT_FOUND', { what: 'record' });
  return versions;
}
