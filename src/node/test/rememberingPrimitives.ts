import type { Primitives } from '../../crypto/Primitives.ts';
import { createNativePrimitives } from '../../native/nativePrimitives.ts';

const native = await createNativePrimitives();
const known = new Map<string, Uint8Array>();

/**
 * The native primitives, which recover the key of each signature once in a process: in a network of tests every
 * organisation, the ledger and the parties verify the same ones.
 */
export const rememberingPrimitives: Primitives = {
  ...native,
  recover(digest, signature) {
    const name = `${digest.length} ${Buffer.concat([digest, signature]).toString('latin1')}`;
    const key = known.get(name) ?? native.recover(digest, signature);
    known.set(name, key);
    return key.slice();
  },
};
