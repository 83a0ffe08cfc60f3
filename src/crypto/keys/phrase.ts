import { entropyToMnemonic, mnemonicToEntropy } from '@scure/bip39';
import { wordlist } from '@scure/bip39/wordlists/english.js';
import { MedsealError } from '../../errors/MedsealError.ts';

/**
 * A seed as 24 English words that a person can write down (BIP-39, "Generating the mnemonic"): the seed itself is the
 * entropy, and the last word holds a checksum of 8 bits.
 *
 * @param seed - 32 bytes.
 * @throws MedsealError `SEED_MALFORMED` if the seed is of another length.
 * @example
 * ```ts
 * const seed = webPorts.random(32);
 * console.log(`Write these words down: ${seedToPhrase(seed)}`);
 * ```
 */
export function seedToPhrase(seed: Uint8Array): string {
  if (seed.length !== 32) throw new MedsealError('SEED_MALFORMED', {});
  return entropyToMnemonic(seed, wordlist);
}

/**
 * The seed that a phrase stands for. Capitals, and how much space is between the words, do not matter.
 *
 * @param phrase - 24 English words.
 * @returns 32 bytes.
 * @throws MedsealError `PHRASE_INVALID` if a word is unknown, one is missing, or the checksum does not hold.
 * @example
 * ```ts
 * const seed = phraseToSeed(phrase);
 * const at = { network, agent, log: 'care/hospital', device };
 * const party = await openParty({ ...webPorts, ...at, seed });
 * ```
 */
export function phraseToSeed(phrase: string): Uint8Array {
  const words = phrase.toLowerCase().split(/\s+/).filter(Boolean);
  try {
    const seed = mnemonicToEntropy(words.join(' '), wordlist);
    if (seed.length === 32) return seed;
  } catch {
    // The cause would quote the words.
  }
  throw new MedsealError('PHRASE_INVALID', {});
}
