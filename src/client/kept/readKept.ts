import { base64 } from '@scure/base';
import { bytesToUtf8, hexToBytes } from '../../crypto/bytes.ts';
import { collectBytes } from '../../crypto/sealing/collectBytes.ts';
import { openBytes } from '../../crypto/sealing/openBytes.ts';
import { streamBytes } from '../../crypto/sealing/streamBytes.ts';
import { verifiedContent } from '../../crypto/verifiedContent.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { acknowledgementCheck } from '../../protocol/evidence/acknowledgementCheck.ts';
import { keepOf } from '../../protocol/evidence/askedView.ts';
import { viewInEntry } from '../../protocol/release/releasedView.ts';
import { seconds } from '../../protocol/Clock.ts';
import type { Acknowledgement } from '../../protocol/evidence/evidence.ts';
import type { Handle, RecordId } from '../../protocol/ids.ts';
import { identitiesOf } from '../party/identitiesOf.ts';
import type { Party } from '../party/Party.ts';
import { recordInEntry, type ChartRecord } from '../records/viewChart.ts';
import { forgetKept, keptAt, keptPlaces, type KeptHead, type KeptPlace } from './keptIndex.ts';

/** A device with its keys, which needs no network: any `Party` is one. */
export type KeptHolder = Pick<
  Party,
  | 'address'
  | 'cipher'
  | 'clock'
  | 'createSha256'
  | 'device'
  | 'domain'
  | 'formerKeys'
  | 'keys'
  | 'network'
  | 'primitives'
>;

/** A record version that a device keeps. */
export interface KeptRecord {
  readonly handle: Handle;
  readonly version: ChartRecord;
  /** Until when the device may open it, Unix seconds: what its signed view says. */
  readonly keep: number;
  /** Evidence of the view. */
  readonly acknowledgement: Acknowledgement;
}

/**
 * Lists the record versions that a device keeps, after it deleted those whose time is over. Each is verified by the signed
 * entries that it is kept with; what does not hold is left out.
 *
 * @param holder - The device with its keys.
 * @throws MedsealError `FOLDER_UNWRITABLE` if the device cannot delete a record whose time is over.
 * @example
 * ```ts
 * for (const { version, keep } of await listKept(doctor)) {
 *   console.log(version.record, new Date(keep * 1000).toISOString());
 * }
 * ```
 */
export async function listKept(holder: KeptHolder): Promise<readonly KeptRecord[]> {
  await forgetKept(holder);
  const listed: KeptRecord[] = [];
  for (const place of await keptPlaces(holder)) {
    const kept = await openPlace(holder, place).catch(() => undefined);
    if (kept !== undefined) listed.push(kept.record);
  }
  return listed;
}

/**
 * Opens a record version that the device keeps, without a network and without another view. The file is the one that its
 * author's signed entry names, and its time is what the signed view of the device's party says.
 *
 * @param holder - The device with its keys.
 * @param wanted - The record, and its version; the newest that is kept if absent.
 * @throws MedsealError `NOT_FOUND` if the device keeps none, or its time is over; `EVIDENCE_INVALID`, `FILE_MISMATCH`,
 * `SEAL_UNREADABLE` if what it keeps was altered.
 * @example
 * ```ts
 * const [kept] = await listKept(doctor);
 * if (kept === undefined) throw new Error('keep a record first');
 * const { content } = await readKept(doctor, kept.version);
 * console.log(new TextDecoder().decode(content));
 * ```
 */
export async function readKept(
  holder: KeptHolder,
  wanted: { readonly record: RecordId; readonly version?: number },
): Promise<KeptRecord & { readonly content: Uint8Array }> {
  await forgetKept(holder);
  let newest: Opened | undefined;
  let fault: unknown;
  for (const place of await keptPlaces(holder)) {
    try {
      const kept = await openPlace(holder, place);
      const { record, version } = kept?.record.version ?? {};
      if (kept === undefined || record !== wanted.record) continue;
      if (wanted.version !== undefined && version !== wanted.version) continue;
      if (newest === undefined || newest.record.version.version < kept.record.version.version) {
        newest = kept;
      }
    } catch (error) {
      fault = error;
    }
  }
  if (newest === undefined) throw fault ?? new MedsealError('NOT_FOUND', { what: 'kept record' });
  const { record, fileKey, file } = newest;
  const { cipher } = holder;
  const sealed = await collectBytes(
    verifiedContent(
      streamBytes(file),
      { hash: record.version.file, size: record.version.size },
      holder.createSha256,
    ),
  );
  const content = await openBytes([{ fileKey }], sealed, { ...(cipher && { cipher }) });
  return { ...record, content };
}

interface Opened {
  readonly record: KeptRecord;
  readonly fileKey: Uint8Array;
  readonly file: Uint8Array;
}

const NEWLINE = 0x0a;

/** Anybody can seal to the device: what is found there counts for what its signed entries say alone. */
async function openPlace(holder: KeptHolder, place: KeptPlace): Promise<Opened | undefined> {
  const stored = await keptAt(holder, place);
  if (stored === undefined) return undefined;
  const { head, file } = await openStored(holder, stored);
  const { handle, entry, view: acknowledgement, pair } = head;
  const check = acknowledgementCheck(holder, holder.network);
  const version = recordInEntry(check, handle, entry);
  const body = check.request(acknowledgement);
  const view = viewInEntry(holder.primitives, body, pair)?.message;
  const keep = view && keepOf(view);
  const isOf =
    body.flag === 'A' &&
    body.request.party === holder.address &&
    view?.handle === handle &&
    view.record === version.record &&
    view.version === version.version;
  if (!isOf || keep === undefined) {
    throw new MedsealError('EVIDENCE_INVALID', { reason: 'no view lets the device keep it' });
  }
  if (keep <= seconds(holder.clock)) return undefined;
  return {
    record: { handle, version, keep, acknowledgement },
    fileKey: hexToBytes(head.key),
    file,
  };
}

async function openStored(
  holder: KeptHolder,
  stored: string,
): Promise<{ readonly head: KeptHead; readonly file: Uint8Array }> {
  const { cipher } = holder;
  try {
    const bytes = await openBytes(identitiesOf(holder), base64.decode(stored), {
      ...(cipher && { cipher }),
    });
    const end = bytes.indexOf(NEWLINE);
    const head = JSON.parse(bytesToUtf8(bytes.subarray(0, end))) as KeptHead;
    return { head, file: bytes.subarray(end + 1) };
  } catch (cause) {
    throw new MedsealError('SEAL_UNREADABLE', {}, { cause });
  }
}
