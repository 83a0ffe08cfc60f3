import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '../../crypto/bytes.ts';
import type { Primitives } from '../../crypto/Primitives.ts';
import type { Bytes32, Organisation } from '../ids.ts';
import type { Channel } from '../network/NetworkFile.ts';

/**
 * Returns the organisations of a channel that keep a sealed file, which everyone computes alike: each has the score
 * SHA-256(file ‖ its name in UTF-8), and the `copies` lowest keep it (rendezvous hashing). An organisation that joins or
 * leaves moves only the files that it keeps.
 *
 * @param primitives - For SHA-256.
 * @param channel - The channel; all its organisations keep the file if it names no number of copies.
 * @param file - SHA-256 of the sealed file.
 */
export function holdersOf(
  primitives: Pick<Primitives, 'sha256'>,
  { coordinators, copies }: Pick<Channel, 'coordinators' | 'copies'>,
  file: Bytes32,
): readonly Organisation[] {
  const names = coordinators.map(({ organisation }) => organisation);
  if (copies === undefined || copies >= names.length) return names;
  const hash = hexToBytes(file);
  const scores = names.map((name) => {
    const score = bytesToHex(primitives.sha256(concatBytes(hash, utf8ToBytes(name))));
    return { name, score };
  });
  const ranked = scores.toSorted((a, b) => (a.score < b.score ? -1 : 1));
  return ranked.slice(0, copies).map(({ name }) => name);
}
