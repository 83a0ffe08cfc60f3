import { hash } from 'node:crypto';
import { createKeccak, createSHA256 } from 'hash-wasm';
import { portablePrimitives } from '../crypto/portablePrimitives.ts';
import type { Primitives } from '../crypto/Primitives.ts';
import { nativeEd25519 } from './nativeEd25519.ts';
import { nativeCurve } from './nativeCurve.ts';
import { nativeGroup } from './nativeGroup.ts';

/** Up to how many bytes SHA-256 takes less time in WebAssembly. */
const SHORT = 256;

/**
 * The fast primitives for Node: OpenSSL's SHA-256, and for short data one in WebAssembly, which leaves nothing outside
 * the heap behind; Keccak in WebAssembly; bitcoin-core's secp256k1;
 * OpenSSL's Ed25519.
 *
 * @returns Primitives that give the same bytes as `portablePrimitives`. If the curve's addon has no build for
 * the machine, the curve is the portable one: slower, the same answers.
 */
export async function createNativePrimitives(): Promise<Primitives> {
  const [keccak, sha256] = await Promise.all([createKeccak(256), createSHA256()]);
  return {
    ...((await loadCurve()) ?? portablePrimitives),
    ...nativeEd25519(),

    sha256(data) {
      if (data.length <= SHORT) return sha256.init().update(data).digest('binary');
      // A Buffer prints and compares unlike the Uint8Array that the port promises.
      return new Uint8Array(hash('sha256', data, 'buffer'));
    },

    keccak256(data) {
      return keccak.init().update(data).digest('binary');
    },
  };
}

/** Tells whether bitcoin-core's library runs on this machine: without it secrets are computed with in JavaScript. */
export async function isCurveNative(): Promise<boolean> {
  return (await loadCurve()) !== undefined;
}

async function loadCurve(): Promise<
  (ReturnType<typeof nativeCurve> & Pick<Primitives, 'group'>) | undefined
> {
  try {
    const { default: addon } = await import('secp256k1/bindings.js');
    return { ...nativeCurve(addon), group: nativeGroup(addon) };
  } catch {
    return undefined;
  }
}
