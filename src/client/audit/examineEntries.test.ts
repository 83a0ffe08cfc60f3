import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { acknowledgementCheck } from '../../protocol/acknowledgementCheck.ts';
import {
  acknowledged,
  HANDLE,
  NOW,
  receiptOf,
  sampleBody,
} from '../../protocol/test/sampleEvidence.ts';
import { context, network, primitives } from '../../protocol/test/sampleNetwork.ts';
import { examineEntries } from './examineEntries.ts';

describe('examineEntries', () => {
  it('finds a request that has two entries: accepted and refused, or seen twice', async () => {
    const bodies = [
      sampleBody(),
      sampleBody({ at: NOW + 1 }),
      sampleBody({ flag: 'R', code: 'RIGHT_MISSING' }),
      sampleBody({}, { version: 2 }),
    ];
    const entries = await acknowledged(bodies);
    const receipts = await Promise.all(entries.map(async (_, i) => await receiptOf(entries, i)));
    const audited = receipts.map(({ acknowledgement, inclusion }) => {
      return { ...acknowledgement, inclusion };
    });
    const { checkpoint } = receipts[0] ?? assert.fail();
    const check = acknowledgementCheck(context, network);
    const wanted = { ...checkpoint, handle: HANDLE };
    const faults = examineEntries(primitives, check, wanted, audited).map(({ fault }) => fault);
    const twice = 'its request has an entry before it';
    assert.deepEqual(faults, [undefined, twice, twice, undefined]);
  });
});
