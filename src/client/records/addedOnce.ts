import { hexToBytes, utf8ToBytes } from '../../crypto/bytes.ts';
import type { Handle, RecordId } from '../../protocol/ids.ts';
import type { LoggedVersion, SignedVersion } from './logVersion.ts';
import { nameOnDevice } from '../party/nameOnDevice.ts';
import type { Party } from '../party/Party.ts';

/** State that a device stores of a version to be added once. */
export type AddedVersion =
  /** It was signed, and may have been sent: the same bytes get the original answer, if there was one. */
  | ({ readonly state: 'signed' } & SignedVersion)
  /** It is on a log. */
  | { readonly state: 'logged'; readonly version: LoggedVersion };

/**
 * A name for one content on one patient's chart, under which a device remembers that it was added. It is keyed with the
 * party's first seed, so that a device's files do not reveal the content, and a change of key does not change it.
 *
 * @param party - The author.
 * @param handle - The chart.
 * @param content - All bytes of the content; they are read once.
 * @param as - Other values that must be equal, such as the category.
 * @example
 * ```ts
 * const once = await nameOfContent(doctor, handle, [bytes], 'other');
 * const note = { handle, category: 'other', content: bytes, purpose: 'TREAT', grant, once } as const;
 * const { already = false } = await addRecord(doctor, note);
 * console.log(already ? 'It was on the chart before.' : 'It is on the chart.');
 * ```
 */
export async function nameOfContent(
  party: Pick<Party, 'keys' | 'formerKeys' | 'createSha256'>,
  handle: Handle,
  content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  as: string,
): Promise<string> {
  const hash = party.createSha256();
  for await (const piece of content) hash.update(piece);
  return nameOfHash(party, handle, hash.digest(), as);
}

/**
 * The name that `nameOfContent` gives, of content that was hashed elsewhere, such as in a worker.
 *
 * @param party - The author.
 * @param handle - The chart.
 * @param hash - SHA-256 of the content.
 * @param as - Other values that must be equal, such as the category.
 * @example
 * ```ts
 * const digest = await crypto.subtle.digest('SHA-256', Uint8Array.from(bytes));
 * const hash = new Uint8Array(digest);
 * const once = nameOfHash(doctor, handle, hash, 'other');
 * const note = { handle, category: 'other', content: bytes, purpose: 'TREAT', grant, once } as const;
 * await addRecord(doctor, note);
 * ```
 */
export function nameOfHash(
  party: Pick<Party, 'keys' | 'formerKeys'>,
  handle: Handle,
  hash: Uint8Array,
  as: string,
): string {
  return nameOnDevice(party, hash, hexToBytes(handle), utf8ToBytes(as));
}

/** Reads the state that the device stores of a version to be added once. */
export async function recallAdded(
  { device }: Pick<Party, 'device'>,
  once: string,
): Promise<AddedVersion | undefined> {
  return ((await device.read(nameOf(once))) as AddedVersion | null | undefined) ?? undefined;
}

/**
 * Returns the version that this device put on a chart under a name: a person need not be asked to sign it again.
 *
 * @param party - The author.
 * @param once - The name, as `nameOfContent` gives it.
 * @returns Undefined if the device knows of none that was acknowledged.
 * @example
 * ```ts
 * const once = await nameOfContent(doctor, handle, [bytes], 'other');
 * const before = await addedBefore(doctor, once);
 * console.log(before === undefined ? 'It is new.' : `It is the record ${before.record}.`);
 * ```
 */
export async function addedBefore(
  party: Pick<Party, 'device'>,
  once: string,
): Promise<LoggedVersion | undefined> {
  const remembered = await recallAdded(party, once);
  return remembered?.state === 'logged' ? remembered.version : undefined;
}

/** Stores a version, or removes it if the value is undefined. */
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
 * Forgets a record that was added once: it was withdrawn, so the same content may be added again.
 *
 * @param party - The author.
 * @param record - The record.
 * @example
 * ```ts
 * const once = await nameOfContent(doctor, handle, [bytes], 'other');
 * const note = { handle, category: 'other', content: bytes, purpose: 'TREAT', grant, once } as const;
 * const { record } = await addRecord(doctor, note);
 * await forgetAdded(doctor, record);
 * ```
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

/**
 * Forgets a record that was added once, by the name: nobody asks for it by that any more.
 *
 * @param party - The author.
 * @param once - The name.
 */
export async function forgetAddedAs(party: Pick<Party, 'device'>, once: string): Promise<void> {
  const remembered = await recallAdded(party, once);
  if (remembered === undefined) return;
  await party.device.write(placeOf(remembered.version.record), null);
  await rememberAdded(party, once, null);
}

function nameOf(once: string): string {
  return `added-${once}`;
}

function placeOf(record: RecordId): string {
  return `added-record-${record.slice(2)}`;
}
