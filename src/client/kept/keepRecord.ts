import { base64 } from '@scure/base';
import { bytesToHex, concatBytes, utf8ToBytes } from '../../crypto/bytes.ts';
import { collectBytes } from '../../crypto/sealing/collectBytes.ts';
import { sealBytes } from '../../crypto/sealing/sealBytes.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { ZERO32 } from '../../protocol/ids.ts';
import { digestOf } from '../../protocol/signing.ts';
import { fetchVersion } from '../records/fetchVersion.ts';
import { keyReleased } from '../records/keyReleased.ts';
import { openVersion } from '../records/openVersion.ts';
import { objectionsOpened } from '../records/objections.ts';
import type { Chart } from '../records/readChart.ts';
import type { RecordRead } from '../records/readRecord.ts';
import type { ChartRecord } from '../records/viewChart.ts';
import type { Party } from '../party/Party.ts';
import { storeKept, type KeptHead } from './keptIndex.ts';

/** The largest sealed file that a device keeps, bytes. */
export const LARGEST_KEPT = 8 * 2 ** 20;

/**
 * Reads one record version, and keeps it on the device: until a time that the signed view names, `readKept` opens it there
 * without a network, and no entry tells how often. The evidence of the view says so to the patient. Objections to the
 * record are kept with it.
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
  const { cipher } = party;
  const options = { ...(cipher && { cipher }) };
  const { acknowledgement, sealed, evidence } = await fetchVersion(party, chart, wanted, keep);
  try {
    const opened = openVersion(party, chart, wanted, evidence, sealed);
    const content = await collectBytes(opened.content);
    const { fileKey } = opened;
    if (fileKey === undefined) throw new MedsealError('SEAL_UNREADABLE', {});
    const head: KeptHead = {
      format: 'medseal-kept/1',
      handle: chart.handle,
      entry: wanted.acknowledgement,
      view: acknowledgement,
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
    // Whoever reads it without a network reads what the patient says against it.
    for (const each of objectionsOpened(chart.records, wanted)) {
      await keepRecord(party, chart, each, keep).catch((error: unknown) => {
        // The record is kept; the objection is there without words.
        if (!isMedsealError(error)) throw error;
      });
    }
    const { released: shares } = opened;
    return {
      content,
      acknowledgement,
      ...(shares && { released: keyReleased(party, () => shares) }),
    };
  } finally {
    await sealed.discard();
  }
}
