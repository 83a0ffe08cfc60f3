import assert from 'node:assert/strict';
import { it } from 'node:test';
import { portablePrimitives } from '../crypto/portablePrimitives.ts';
import { assertSameEd25519, ed25519Cases } from '../crypto/ed25519.cases.ts';
import { assertSamePrimitives, primitivesCases } from '../crypto/primitives.cases.ts';
import { createNativePrimitives } from './nativePrimitives.ts';

primitivesCases('nativePrimitives', createNativePrimitives);
ed25519Cases('nativePrimitives', createNativePrimitives);

it('nativePrimitives give what portablePrimitives give', async () => {
  const native = await createNativePrimitives();
  assertSamePrimitives(native, portablePrimitives);
  assertSameEd25519(native, portablePrimitives);
});

it('nativePrimitives use the addon of the curve, which this machine has', async () => {
  const primitives = await createNativePrimitives();
  assert.notEqual(primitives['recover'], portablePrimitives['recover']);
});
