import type { Primitives } from '../../src/crypto/Primitives.ts';

/** Number of signatures of a kind that are remembered. */
const MOST = 20_000;

/**
 * Wraps primitives so that they verify each signature once: in a simulation one process does that for every
 * organisation and every client.
 *
 * @param primitives - Any.
 */
export function rememberingPrimitives(primitives: Primitives): Primitives {
  const recover = remembering((digest, signature) => primitives.recover(digest, signature));
  return {
    ...primitives,
    recover: (digest, signature) => recover(digest, signature).slice(),
    verifyEd25519: remembering((message, signature, key) =>
      primitives.verifyEd25519(message, signature, key),
    ),
  };
}

/** Wraps a function of bytes so that it runs once for the same bytes; a call that threw runs again. */
function remembering<Parts extends readonly Uint8Array[], Result>(
  ask: (...parts: Parts) => Result,
): (...parts: Parts) => Result {
  const known = new Map<string, Result>();
  return (...parts) => {
    const name = parts.map((part) => Buffer.from(part).toString('latin1')).join(' ');
    const result = known.get(name) ?? ask(...parts);
    if (known.size >= MOST) known.clear();
    known.set(name, result);
    return result;
  };
}
