import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Bundle } from '@medplum/fhirtypes';
import { amendBundle } from './amendBundle.ts';
import { reassembleBundle } from './reassembleBundle.ts';
import { splitBundle } from './splitBundle.ts';

it('amends a bundle of more entries than arguments that a function takes', () => {
  const entry = Array.from({ length: 140_000 }, () => ({ resource: { resourceType: 'Basic' } }));
  const large = { resourceType: 'Bundle', type: 'collection', entry } as unknown as Bundle;
  const set = `0x${'33'.repeat(16)}` as const;
  const parts = splitBundle(large, { set }).map(({ content }) => content);
  const amended = { ...large, entry: entry.slice(1) } as unknown as Bundle;
  const changed = amendBundle(parts, amended, {
    party: `0x${'ab'.repeat(20)}`,
    at: 1_700_000_000,
    purpose: 'TREAT',
    edition: `0x${'77'.repeat(16)}`,
  });
  const after = new Map(parts.map((content) => [content.part, content]));
  for (const { content } of changed) after.set(content.part, content);
  assert.deepEqual(reassembleBundle([...after.values()]), { complete: true, bundle: amended });
});
