import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Bundle } from '@medplum/fhirtypes';
import { splitBundle } from '../../fhir/splitBundle.ts';
import { incompleteSets } from './incompleteSets.ts';

const bundle = {
  resourceType: 'Bundle',
  type: 'collection',
  entry: ['Patient', 'Condition', 'Claim'].map((resourceType) => ({ resource: { resourceType } })),
} as unknown as Bundle;
const [set, other] = [`0x${'11'.repeat(16)}`, `0x${'22'.repeat(16)}`] as const;
const parts = splitBundle(bundle, { set }).map(({ content }) => content);
const others = splitBundle(bundle, { set: other }).map(({ content }) => content);

describe('bundles of a chart of which parts are missing', () => {
  it('are named, each with what is missing', () => {
    assert.deepEqual(incompleteSets([...parts.slice(0, 2), ...others], 0), [{ set, missing: [2] }]);
    assert.deepEqual(incompleteSets([...parts.slice(0, 1), ...others.slice(1)], 0), [
      { set, missing: [1, 2] },
      { set: other, missing: [0] },
    ]);
    assert.deepEqual(incompleteSets([...parts, ...others], 0), []);
  });

  it('are not named while what was not opened may be what is missing', () => {
    assert.deepEqual(incompleteSets(parts.slice(0, 2), 1), []);
    assert.deepEqual(incompleteSets(parts.slice(0, 1), 1), [{ set, missing: [1, 2] }]);
  });

  it('do not include parts of which older versions are needed', () => {
    const altered = parts.map((part, at) => (at === 1 ? { ...part, entries: [] } : part));
    assert.deepEqual(incompleteSets(altered, 0), []);
    assert.deepEqual(incompleteSets(altered.slice(0, 2), 0), [{ set, missing: [2] }]);
  });
});
