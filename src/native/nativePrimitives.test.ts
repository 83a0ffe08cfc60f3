import assert from 'node:assert/strict';
import { it } from 'node:test';
import { portablePrimitives } from '../crypto/portablePrimitives.ts';
import { assertSamePrimitives, primitivesCases } from '../crypto/primitives.cases.ts';
import { createNativePrimitives } from './nativePrimitives.ts';

primitivesCases('nativePrimitives', createNativePrimitives);

it('nativePrimitives give what portablePrimitives give', async () => {
  assertSamePrimitives(await createNativePrimitives(), portablePrimitives);
});

it('nativePrimitives use the addon of the curve, which this machine has', async () => {
  const primitives = await createNativePrimitives();
  assert.notEqual(primitives['recover'], portablePrimitives['recover']);
});
