import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { acknowledgementCheck } from '../../protocol/evidence/acknowledgementCheck.ts';
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
    const events = await examineEntries({ primitives }, check, wanted, audited);
    const faults = events.map(({ fault }) => fault);
    const twice = 'its request has an entry before it';
    assert.deepEqual(faults, [undefined, twice, twice, undefined]);
  });

  it('verifies the signatures of the very same entry once, and those of any other again', async () => {
    const entries = await acknowledged([sampleBody(), sampleBody({}, { version: 2 })]);
    const receipts = await Promise.all(entries.map(async (_, i) => await receiptOf(entries, i)));
    const { checkpoint } = receipts[0] ?? assert.fail();
    const audited = receipts.map(({ acknowledgement, inclusion }) => {
      return { ...acknowledgement, inclusion };
    });
    const [first = assert.fail(), second = assert.fail()] = audited;
    let verified = 0;
    const check = acknowledgementCheck(context, network);
    const counting = {
      ...check,
      body: (...given: Parameters<typeof check.body>) => {
        verified += 1;
        return check.body(...given);
      },
    };
    const wanted = { ...checkpoint, handle: HANDLE };
    const events = await examineEntries({ primitives }, counting, wanted, audited);
    const before = new Map(
      events.map((event, place) => [event.index, [audited[place] ?? first, event]] as const),
    );
    const examine = async (list: typeof audited): Promise<readonly (string | undefined)[]> => {
      verified = 0;
      const found = await examineEntries({ primitives }, counting, wanted, list, { before });
      return found.map(({ fault }) => fault);
    };
    assert.deepEqual(await examine(audited), [undefined, undefined]);
    assert.equal(verified, 0);
    const [bare, forged] = [
      { ...second, verdicts: [] },
      { ...second, body: first.body },
    ];
    const moved = { ...first, inclusion: [] };
    for (const [at, list] of [
      [first, bare],
      [first, forged],
      [moved, second],
    ].entries()) {
      const faults = await examine(list);
      assert.equal(faults.filter((fault) => fault !== undefined).length, 1, String(at));
    }
    assert.deepEqual(await examine([first, first]), [undefined, 'it is listed twice']);
  });

  it('lets the page answer its visitor after every sixteenth of a long list, and says how far it is', async () => {
    const entry = { index: 0, entry: HANDLE, verdicts: [], inclusion: [] };
    const check = acknowledgementCheck(context, network);
    const wanted = { log: 'care/hospital', size: 1, root: HANDLE, handle: HANDLE } as const;
    let pauses = 0;
    const pause = async (): Promise<void> => {
      pauses += 1;
      await Promise.resolve();
    };
    const list = Array.from({ length: 100 }, () => entry);
    const told: string[] = [];
    const onExamined = (done: number, of: number): void => void told.push(`${done} of ${of}`);
    await examineEntries({ primitives, pause }, check, wanted, list, { onExamined });
    assert.equal(pauses, 6);
    const expected = [0, 15, 31, 47, 63, 79, 95].map((done) => `${done} of 100`);
    assert.deepEqual(told, expected);
  });
});
