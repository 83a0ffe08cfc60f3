import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { presentNodes } from '../../protocol/network/networkLookups.ts';
import { HANDOVER } from '../../protocol/network/officesOf.ts';
import { successorOf } from '../../protocol/network/successorOf.ts';
import { consortium, FROM, movedTerms } from '../../protocol/test/sampleConsortium.ts';
import { network, primitives } from '../../protocol/test/sampleNetwork.ts';
import { formerAccounts } from './formerAccounts.ts';

const left = successorOf(
  primitives,
  consortium,
  movedTerms(consortium, ['pharmacy'], ['hospital']),
);
const back = successorOf(primitives, left, {
  ...movedTerms(left, [], ['pharmacy']),
  nodes: [...presentNodes(consortium)],
  from: FROM + 10 * HANDOVER,
});

function accountOf(file: NetworkFile, name: string): string {
  const node = presentNodes(file).find(({ organisation }) => organisation === name);
  return node?.sender ?? assert.fail();
}

describe('accounts that network files named and no longer do', () => {
  it('are those of organisations that left, an hour after the change', () => {
    const over = FROM + HANDOVER;
    assert.deepEqual(formerAccounts([consortium, left], over), [
      { organisation: 'hospital', account: accountOf(consortium, 'hospital') },
    ]);
    for (const early of [over - 1, FROM, 0]) {
      assert.deepEqual(formerAccounts([consortium, left], early), []);
    }
  });

  it('leave out those that a file to come names again', () => {
    const now = FROM + 2 * HANDOVER;
    assert.deepEqual(formerAccounts([consortium, left, back], now), []);
    const after = FROM + 12 * HANDOVER;
    assert.deepEqual(formerAccounts([consortium, left, back], after), [
      { organisation: 'pharmacy', account: accountOf(left, 'pharmacy') },
    ]);
  });

  it('are those of a file that was dropped too, an hour after it would have been in force', () => {
    const over = FROM + HANDOVER;
    const pharmacy = { organisation: 'pharmacy', account: accountOf(left, 'pharmacy') };
    assert.deepEqual(formerAccounts([consortium], over, [left]), [pharmacy]);
    assert.deepEqual(formerAccounts([consortium], over - 1, [left]), []);
  });

  it('leave out those of a dropped file that a followed one names', () => {
    const late = FROM + 2 * HANDOVER;
    const later = successorOf(primitives, consortium, {
      ...movedTerms(consortium, ['pharmacy'], []),
      from: FROM + 10 * HANDOVER,
    });
    assert.deepEqual(formerAccounts([consortium, later], late, [left]), []);
  });

  it('are absent without a change, or if files name no accounts', () => {
    assert.deepEqual(formerAccounts([consortium], Number.MAX_SAFE_INTEGER), []);
    assert.deepEqual(formerAccounts([network], Number.MAX_SAFE_INTEGER), []);
  });
});
