import { hexToBytes, utf8ToBytes } from '../crypto/bytes.ts';
import { deriveName } from '../crypto/keys/deriveName.ts';
import type { Handle, RecordId } from '../protocol/ids.ts';
import type { LoggedVersion, SignedVersion } from './logVersion.ts';
import type { Party } from './Party.ts';

/** What a device remembers of a version that was to be added once. */
export type AddedVersion =
  /** It was signed, and may have been sent: the same bytes get the first answer, if there was one. */
  | ({ readonly state: 'signed' } & SignedVersion)
  /** It stands on a log. */
  | { readonly state: 'logged'; readonly version: LoggedVersion };

/**
 * A name for one content on one patient's chart, under which a device remembers that it was added. It is keyed with the
 * party's seed, so that a device's files do not tell what was added.
 *
 * @param party - The author.
 * @param handle - The chart.
 * @param content - The bytes, each of them; they are read once.
 * @param as - What else has to be the same, such as the category.
 */
export async function nameOfContent(
  { keys, createSha256 }: Pick<Party, 'keys' | 'createSha256'>,
  handle: Handle,
  content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  as: string,
): Promise<string> {
  const hash = createSha256();
  for await (const piece of content) hash.update(piece);
  return deriveName(keys.seed(), hash.digest(), hexToBytes(handle), utf8ToBytes(as));
}

/** What the device remembers of a version that was to be added once. */
export async function recallAdded(
  { device }: Pick<Party, 'device'>,
  once: string,
): Promise<AddedVersion | undefined> {
  return ((await device.read(nameOf(once))) as AddedVersion | null | undefined) ?? undefined;
}

/** Remembers a version, or, if there is none, forgets it. */
export async function rememberAdded(
  { device }: Pick<Party, 'device'>,
  once: string,
  remembered: AddedVersion | null,
): Promise<void> {
  await device.write(nameOf(once), remembered);
  if (remembered?.state === 'logged') {
    await device.write(placeOf(remembered.version.record), once);
  }
}

/**
 * Forgets that a record was to be added once: it was withdrawn, so the same may be added again.
 *
 * @param party - The author.
 * @param record - The record.
 */
export async function forgetAdded(
  { device }: Pick<Party, 'device'>,
  record: RecordId,
): Promise<void> {
  const once = (await device.read(placeOf(record))) as string | null | undefined;
  if (typeof once !== 'string') return;
  await device.write(nameOf(once), null);
  await device.write(placeOf(record), null);
}

function nameOf(once: string): string {
  return `added-${once}`;
}

function placeOf(record: RecordId): string {
  return `added-record-${record.slice(2)}`;
}
