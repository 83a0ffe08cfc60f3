import { hexToBytes } from '../../crypto/bytes.ts';
import { deriveEpochIdentity } from '../../crypto/keys/deriveEpochIdentity.ts';
import type { Keyring, SeededKeyring } from '../../protocol/rights/epochs.ts';
import { closeSpan } from './closeSpan.ts';

/**
 * Returns a keyring in the form of this version. The spans of one of before, whose keys follow from the seed, are closed as a
 * change of key closes them: every prepared epoch keeps its keys, and the later ones get random keys. It is stored so with
 * the next change of the state.
 *
 * @param seed - The patient's seed, which the salts belong to.
 * @param keyring - A keyring of this version or of the one before.
 */
export function keyringOf(seed: Uint8Array, keyring: Keyring | SeededKeyring): Keyring {
  if (keyring.format !== 'medseal-keyring/1') return keyring;
  const { handle, prepared, salts, closed = {} } = keyring;
  const derived = Object.entries(salts).map(([end, bySpan]) => {
    const keys = Object.entries(bySpan).map(([category, salt]) => {
      const name = { handle, category, epoch: Number(end), salt: hexToBytes(salt) };
      return [category, deriveEpochIdentity(seed, name)] as const;
    });
    return [end, Object.fromEntries(keys)] as const;
  });
  const all: Record<string, Keyring['keys'][string]> = Object.fromEntries(derived);
  // The keys of a span that was ended early are there as they were, also if a salt was added beside them.
  for (const [end, keys] of Object.entries(closed)) all[end] = { ...all[end], ...keys };
  const former = Math.max(0, ...Object.keys(closed).map(Number));
  return closeSpan({
    format: 'medseal-keyring/2',
    handle,
    keys: all,
    ...(prepared !== undefined && { prepared }),
    ...(former > 0 && { former }),
  });
}
