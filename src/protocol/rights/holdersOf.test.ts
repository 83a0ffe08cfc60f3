import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { bytesToHex } from '../../crypto/bytes.ts';
import { portablePrimitives } from '../../crypto/portablePrimitives.ts';
import { ZERO_ADDRESS, ZERO32 } from '../ids.ts';
import { holdersOf } from './holdersOf.ts';

const NAMES = ['clinic', 'hospital', 'insurer', 'laboratory', 'pharmacy'];
const fileOf = fc.uint8Array({ minLength: 32, maxLength: 32 }).map(bytesToHex);

function among(names: readonly string[], copies?: number) {
  const coordinators = names.map((organisation) => ({ organisation, address: ZERO_ADDRESS }));
  return { coordinators, ...(copies !== undefined && { copies }) };
}

describe('the organisations that keep a sealed file', () => {
  it('are all of them if the channel names no number of copies, or as many as there are', () => {
    assert.deepEqual(holdersOf(portablePrimitives, among(NAMES), ZERO32), NAMES);
    assert.deepEqual(holdersOf(portablePrimitives, among(NAMES, 5), ZERO32), NAMES);
  });

  it('are so many different ones, the same in whatever order the organisations are listed', () => {
    fc.assert(
      fc.property(fileOf, fc.integer({ min: 1, max: 4 }), (file, copies) => {
        const found = holdersOf(portablePrimitives, among(NAMES, copies), file);
        const again = holdersOf(portablePrimitives, among(NAMES.toReversed(), copies), file);
        assert.equal(new Set(found).size, copies);
        assert.deepEqual(found, again);
      }),
    );
  });

  it('stay but for one that left, so no other file moves', () => {
    fc.assert(
      fc.property(fileOf, (file) => {
        const before = holdersOf(portablePrimitives, among(NAMES, 3), file);
        const after = holdersOf(portablePrimitives, among(NAMES.slice(1), 3), file);
        for (const name of before) if (name !== 'clinic') assert.ok(after.includes(name));
      }),
    );
  });

  it('are those that any language computes', () => {
    assert.deepEqual(holdersOf(portablePrimitives, among(NAMES, 2), ZERO32), [
      'pharmacy',
      'laboratory',
    ]);
  });
});
