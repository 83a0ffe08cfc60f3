import assert from 'node:assert/strict';
import { it } from 'node:test';
import { presentNodes } from '../../protocol/network/networkLookups.ts';
import { HANDOVER } from '../../protocol/network/officesOf.ts';
import type { SuccessorFork } from '../../protocol/network/Successor.ts';
import { successorOf } from '../../protocol/network/successorOf.ts';
import { consortium, FROM, movedTerms } from '../../protocol/test/sampleConsortium.ts';
import { primitives } from '../../protocol/test/sampleNetwork.ts';
import { formerIn } from './formerIn.ts';

it('the account that a dropped successor named is one of before, once the fork is decided', () => {
  const joined = movedTerms(consortium, ['pharmacy'], []);
  const dropped = [successorOf(primitives, consortium, joined)];
  const pharmacy = presentNodes(dropped[0] ?? assert.fail()).find(
    ({ organisation }) => organisation === 'pharmacy',
  );
  const known = { files: [consortium], fork: undefined, dropped };
  assert.deepEqual(formerIn(known, FROM + HANDOVER), [
    { organisation: 'pharmacy', account: pharmacy?.sender },
  ]);
  const fork = {} as SuccessorFork;
  assert.deepEqual(formerIn({ ...known, fork }, FROM + HANDOVER), []);
});
