import { hash } from 'node:crypto';
import { createKeccak } from 'hash-wasm';
import { portablePrimitives } from '../crypto/portablePrimitives.ts';
import type { Primitives } from '../crypto/Primitives.ts';
import { nativeCurve } from './nativeCurve.ts';

/**
 * The fast primitives for Node: OpenSSL's SHA-256, Keccak in WebAssembly, bitcoin-core's secp256k1.
 *
 * @returns Primitives that give the same bytes as `portablePrimitives`. Where the curve's addon has no build for
 * the machine, the curve is the portable one: slower, the same answers.
 */
export async function createNativePrimitives(): Promise<Primitives> {
  const keccak = await createKeccak(256);
  return {
    ...((await loadCurve()) ?? portablePrimitives),

    sha256(data) {
      // A Buffer prints and compares unlike the Uint8Array that the port promises.
      const digest = hash('sha256', data, 'buffer');
      return new Uint8Array(digest.buffer, digest.byteOffset, digest.length);
    },

    keccak256(data) {
      return keccak.init().update(data).digest('binary');
    },
  };
}

async function loadCurve(): Promise<ReturnType<typeof nativeCurve> | undefined> {
  try {
    const { default: addon } = await import('secp256k1/bindings.js');
    return nativeCurve(addon);
  } catch {
    return undefined;
  }
}
