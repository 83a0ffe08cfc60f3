import { hexToBytes } from '../../crypto/bytes.ts';
import { seedToPhrase } from '../../crypto/keys/phrase.ts';
import type { Recovery } from '../../protocol/struct/requests.ts';
import { digestOf } from '../../protocol/struct/signing.ts';
import type { Party } from '../party/Party.ts';

/** Number of words that people read to each other: eleven bits each. */
const COUNT = 12;

/**
 * Puts the recovery of a key into words that its holder and a member of the authority read to each other: they are the same only
 * if both have the same party and the same new key before them.
 *
 * @param at - Any party: it names the network.
 * @param message - The recovery.
 * @example
 * ```ts
 * import { readFile } from 'node:fs/promises';
 * const text = await readFile('recovery.json', 'utf8');
 * const { file } = parseRecoveryFile(auditor, text);
 * console.log(recoveryWords(auditor, file.message).join(' '));
 * ```
 */
export function recoveryWords(
  at: Pick<Party, 'domain' | 'primitives'>,
  message: Recovery,
): readonly string[] {
  const digest = hexToBytes(digestOf(at, 'Recovery', message));
  return seedToPhrase(digest).split(' ').slice(0, COUNT);
}
