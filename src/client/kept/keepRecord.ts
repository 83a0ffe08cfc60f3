import { base64 } from '@scure/base';
import { bytesToHex, concatBytes, utf8ToBytes } from '../../crypto/bytes.ts';
import { collectBytes } from '../../crypto/sealing/collectBytes.ts';
import { sealBytes } from '../../crypto/sealing/sealBytes.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { ZERO32 } from '../../protocol/ids.ts';
import { digestOf } from '../../protocol/struct/signing.ts';
import { fetchViewed, type FetchedVersion } from '../records/fetchVersion.ts';
import { keyReleased } from '../records/keyReleased.ts';
import { openVersion } from '../records/openVersion.ts';
import { objectionsOpened } from '../records/objections.ts';
import type { Chart } from '../records/readChart.ts';
import type { RecordRead } from '../records/readRecord.ts';
import type { ChartRecord } from '../records/viewChart.ts';
import { viewVersions } from '../records/viewVersions.ts';
import type { Party } from '../party/Party.ts';
import { storeKept, type KeptHead } from './keptIndex.ts';

/** The largest sealed file that a device keeps, bytes. */
export const LARGEST_KEPT = 8 * 2 ** 20;

/**
 * Reads one record version, and keeps it on the device: until a time that the signed view names, `readKept` opens it there
 * without a network, and no entry tells how often. The evidence of the view says so to the patient. Objections to the
 * record are viewed and kept with it.
 *
 * @param party - The reader, with a device that remembers.
 * @param chart - The chart that lists it.
 * @param wanted - The record version, of at most 8 MiB sealed.
 * @param keep - Until when, Unix seconds: for seven days at most, and no longer than the right holds.
 * @throws MedsealError `KEEP_TOO_LONG`, and what `readRecord` throws; `ARGUMENT_INVALID` before a view is asked for, if the
 * record is too large.
 * @example
 * ```ts
 * const inTwelveHours = Math.floor(Date.now() / 1000) + 12 * 3600;
 * const [record] = chart.records;
 * if (record) await keepRecord(doctor, chart, record, inTwelveHours);
 * for (const { version } of await listKept(doctor)) console.log(version.record, version.category);
 * ```
 */
export async function keepRecord(
  party: Party,
  chart: Chart,
  wanted: ChartRecord,
  keep: number,
): Promise<RecordRead<Uint8Array>> {
  if (wanted.size > LARGEST_KEPT) {
    const reason = 'a device keeps records of at most 8 MiB';
    throw new MedsealError('ARGUMENT_INVALID', { argument: wanted.record, reason });
  }
  // Before a view is asked for.
  chart.openerFor(wanted);
  // Whoever reads it without a network reads what the patient says against it.
  const along = objectionsOpened(chart.records, wanted).filter((each) => hasOpener(chart, each));
  const all = [wanted, ...along];
  const fetched = await fetchViewed(party, all, await viewVersions(party, chart, all, keep));
  try {
    const [first, ...others] = fetched;
    const read = await keepFetched(party, chart, wanted, first, keep);
    for (const [nth, version] of along.entries()) {
      await keepFetched(party, chart, version, others[nth], keep).catch((error: unknown) => {
        // The record is kept; the objection is there without words.
        if (!isMedsealError(error)) throw error;
      });
    }
    return read;
  } finally {
    for (const each of fetched) if (!(each instanceof MedsealError)) await each.sealed.discard();
  }
}

function hasOpener(chart: Chart, record: ChartRecord): boolean {
  try {
    chart.openerFor(record);
    return true;
  } catch {
    return false;
  }
}

/** Opens a version that was viewed, and stores it on the device. */
async function keepFetched(
  party: Party,
  chart: Chart,
  wanted: ChartRecord,
  fetched: FetchedVersion | MedsealError | undefined,
  keep: number,
): Promise<RecordRead<Uint8Array>> {
  if (fetched === undefined) throw new MedsealError('PEER_MALFORMED', { what: 'outcome' });
  if (fetched instanceof MedsealError) throw fetched;
  const { acknowledgement, pair, sealed, evidence } = fetched;
  const { cipher } = party;
  const options = { ...(cipher && { cipher }) };
  const opened = openVersion(party, chart, wanted, evidence, sealed);
  const content = await collectBytes(opened.content);
  const { fileKey } = opened;
  if (fileKey === undefined) throw new MedsealError('SEAL_UNREADABLE', {});
  const head: KeptHead = {
    format: 'medseal-kept/1',
    handle: chart.handle,
    entry: wanted.acknowledgement,
    view: acknowledgement,
    ...(pair && { pair }),
    key: bytesToHex(fileKey),
  };
  const file = await collectBytes(sealed.read());
  const kept = concatBytes(utf8ToBytes(`${JSON.stringify(head)}\n`), file);
  const grant = chart.grant === undefined ? ZERO32 : digestOf(party, 'Grant', chart.grant);
  await storeKept(
    party,
    { keep, grant, file: wanted.file },
    base64.encode(await sealBytes([party.recipient], kept, options)),
  );
  const { released: shares } = opened;
  const released = shares && keyReleased(party, () => shares);
  const of = { acknowledgement, ...(pair && { pair }), ...(released && { released }) };
  return { content, ...of };
}
