import assert from 'node:assert/strict';
import { it } from 'node:test';
import { MOST_BLOCKS_VERIFIED } from '../../consortium/LightLogs.ts';
import { isRpcError } from '../isRpcError.ts';
import { requireNarrow } from './requireNarrow.ts';

it('a range of more blocks than are verified at once is refused as other ledgers refuse it, and never one block', () => {
  requireNarrow(7, 7);
  requireNarrow(7, 6 + MOST_BLOCKS_VERIFIED);
  assert.throws(
    () => requireNarrow(7, 7 + MOST_BLOCKS_VERIFIED),
    (error) => isRpcError(error, [-32_005]),
  );
});
