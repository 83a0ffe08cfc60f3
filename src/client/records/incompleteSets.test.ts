import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Bundle } from '@medplum/fhirtypes';
import type { ChartRecord } from './viewChart.ts';
import { splitBundle } from '../../fhir/splitBundle.ts';
import type { PartContent } from '../../fhir/Part.ts';
import type { Address } from '../../protocol/ids.ts';
import { incompleteSets, type IncompleteSet } from './incompleteSets.ts';

const bundle = {
  resourceType: 'Bundle',
  type: 'collection',
  entry: ['Patient', 'Condition', 'Claim'].map((resourceType) => ({ resource: { resourceType } })),
} as unknown as Bundle;
const [set, other] = [`0x${'11'.repeat(16)}`, `0x${'22'.repeat(16)}`] as const;
const parts = splitBundle(bundle, { set }).map(({ content }) => content);
const others = splitBundle(bundle, { set: other }).map(({ content }) => content);
const [author, hostile] = ['aa', 'bb'].map((byte): Address => `0x${byte.repeat(20)}`);

/** Of records that were added one after the other, each by the author or by who is said. */
function incomplete(
  contents: readonly PartContent[],
  unopened: number,
  by = new Map<PartContent, Address | undefined>(),
): readonly IncompleteSet[] {
  const claims = contents.map((content, at) => ({
    content,
    record: {
      record: `0x${String(at).padStart(64, '0')}`,
      version: 1,
      author: by.get(content) ?? author,
    } as ChartRecord,
  }));
  return incompleteSets({ records: claims.map(({ record }) => record) }, claims, unopened);
}

describe('bundles of a chart of which parts are missing', () => {
  it('are named, each with what is missing', () => {
    assert.deepEqual(incomplete([...parts.slice(0, 2), ...others], 0), [{ set, missing: [2] }]);
    assert.deepEqual(incomplete([...parts.slice(0, 1), ...others.slice(1)], 0), [
      { set, missing: [1, 2] },
      { set: other, missing: [0] },
    ]);
    assert.deepEqual(incomplete([...parts, ...others], 0), []);
  });

  it('are not named while what was not opened may be what is missing', () => {
    assert.deepEqual(incomplete(parts.slice(0, 2), 1), []);
    assert.deepEqual(incomplete(parts.slice(0, 1), 1), [{ set, missing: [1, 2] }]);
  });

  // @attack somebody else's record says to be a missing part, so that the patient's list does not tell that it is missing | it counts for nothing, in the list too
  it('are named where somebody else says to have what is missing', () => {
    const claim = { ...(parts[2] ?? assert.fail()) };
    const claimed = [...parts.slice(0, 2), claim];
    assert.deepEqual(incomplete(claimed, 0, new Map([[claim, hostile]])), [{ set, missing: [2] }]);
  });

  it('do not include parts of which older versions are needed', () => {
    const altered = parts.map((part, at) => (at === 1 ? { ...part, entries: [] } : part));
    assert.deepEqual(incomplete(altered, 0), []);
    assert.deepEqual(incomplete(altered.slice(0, 2), 0), [{ set, missing: [2] }]);
  });
});
