import type { Primitives } from '../../../crypto/Primitives.ts';

/** How many signatures are remembered. */
const MOST = 20_000;

/**
 * The same primitives, which recover the signer of a signature once: in a simulation one process does that for every
 * organisation and every client.
 *
 * @param primitives - Any.
 */
export function rememberingPrimitives(primitives: Primitives): Primitives {
  const known = new Map<string, Uint8Array>();
  return {
    ...primitives,
    recover(digest, signature) {
      const name = Buffer.concat([digest, signature]).toString('latin1');
      const key = known.get(name) ?? primitives.recover(digest, signature);
      if (known.size >= MOST) known.clear();
      known.set(name, key);
      return key.slice();
    },
  };
}
