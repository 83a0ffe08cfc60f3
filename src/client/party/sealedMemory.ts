import { base64 } from '@scure/base';
import { bytesToUtf8, utf8ToBytes } from '../../crypto/bytes.ts';
import type { PartyKeys } from '../../crypto/keys/PartyKeys.ts';
import { deriveMemoryKey } from '../../crypto/keys/deriveMemoryKey.ts';
import { TAG_LENGTH } from '../../crypto/sealing/PayloadCipher.ts';
import { portableCipher } from '../../crypto/sealing/portableCipher.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Party } from './Party.ts';

/** Bytes of a nonce. */
const NONCE = 12;

/** A device with the keys that open what it remembers sealed. */
type MemoryHolder = Pick<Party, 'cipher' | 'device'> & { readonly keys: Pick<PartyKeys, 'seed'> };

/**
 * Stores a value sealed under a key of the party's seed (ChaCha20-Poly1305), so that whoever has the device's files alone
 * can neither read nor write it.
 *
 * @param holder - The device with its keys.
 * @param name - Name on the device; a value does not open under another one.
 * @param value - A JSON value.
 * @throws MedsealError `SEED_MALFORMED` if the session has ended, which overwrites its seed; of the device.
 * @example
 * ```ts
 * await rememberSealed(patient, 'notes', ['ask about the knee']);
 * console.log(await recallSealed(patient, 'notes'));
 * ```
 */
export async function rememberSealed(
  { cipher = portableCipher, device, keys, random }: MemoryHolder & Pick<Party, 'random'>,
  name: string,
  value: unknown,
): Promise<void> {
  // Everybody has a seed of zeros.
  if (keys.seed().every((byte) => byte === 0)) throw new MedsealError('SEED_MALFORMED', {});
  const text = utf8ToBytes(JSON.stringify(value));
  const nonce = random(NONCE);
  const bytes = new Uint8Array(NONCE + text.length + TAG_LENGTH);
  bytes.set(nonce);
  cipher.under(deriveMemoryKey(keys.seed(), name)).seal(nonce, text, bytes.subarray(NONCE));
  await device.write(name, base64.encode(bytes));
}

/**
 * Reads a sealed value.
 *
 * @param holder - The device with its keys.
 * @param name - Name on the device.
 * @returns Undefined if nothing is stored under the name, it was altered, or another key sealed it, such as a former one.
 * @example
 * ```ts
 * const notes = await recallSealed(patient, 'notes');
 * console.log(notes ?? 'Nothing is kept.');
 * ```
 */
export async function recallSealed(holder: MemoryHolder, name: string): Promise<unknown> {
  try {
    return openRemembered(holder, name, await holder.device.read(name));
  } catch {
    return undefined;
  }
}

/**
 * Opens a sealed value that was read from a device.
 *
 * @param holder - The keys that sealed it.
 * @param name - Its name on the device.
 * @param stored - The stored value.
 * @returns Undefined if it is nothing that this key sealed under this name.
 */
export function openRemembered(
  { cipher = portableCipher, keys }: Omit<MemoryHolder, 'device'>,
  name: string,
  stored: unknown,
): unknown {
  if (typeof stored !== 'string') return undefined;
  try {
    const bytes = base64.decode(stored);
    const text = new Uint8Array(Math.max(0, bytes.length - NONCE - TAG_LENGTH));
    const under = cipher.under(deriveMemoryKey(keys.seed(), name));
    under.open(bytes.subarray(0, NONCE), bytes.subarray(NONCE), text);
    return JSON.parse(bytesToUtf8(text)) as unknown;
  } catch {
    // Whatever it is, it is not what this key sealed.
    return undefined;
  }
}
