import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { failsWith } from '../../../protocol/test/failsWith.ts';
import { context } from '../../../protocol/test/sampleNetwork.ts';
import { parseClaimFile } from './claimFile.ts';

describe('the file of a claim', () => {
  it('is nothing else: not JSON, of another format, or without its claim', () => {
    const empty = { format: 'medseal-claim/1', entries: [], permits: [] };
    for (const text of [
      '',
      '{',
      'null',
      '{}',
      JSON.stringify(empty),
      '{"format":"medseal-slip/1"}',
    ])
      assert.throws(() => parseClaimFile(context, text), failsWith('ARGUMENT_INVALID'), text);
  });
});
