import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Acknowledgement, History, Receipt } from './evidence.ts';
import { findForks } from './findForks.ts';
import { failsWith } from '../test/failsWith.ts';
import { acknowledged, checkpointOf, receiptOf, sampleBody } from '../test/sampleEvidence.ts';
import { context, coordinators, network, word } from '../test/sampleNetwork.ts';

const entries = await acknowledged([0, 1, 2, 3].map((place) => sampleBody({ block: place })));
const others = await acknowledged([10, 11, 12, 13].map((block) => sampleBody({ block })));
const [a, b, c, d] = entries as [
  Acknowledgement,
  Acknowledgement,
  Acknowledgement,
  Acknowledgement,
];
const [x] = others as [Acknowledgement];
const addresses = coordinators.map(({ address }) => address);
const convicts = { log: 'care/hospital', organisation: 'hospital' };

/** A history of these entries, signed by some. */
function history(
  of: readonly Acknowledgement[],
  signers?: Parameters<typeof checkpointOf>[1],
): History {
  const names = of.map(({ entry }) => entry);
  return {
    format: 'medseal-history/1',
    checkpoint: checkpointOf(names, signers),
    entries: `0x${names.map((name) => name.slice(2)).join('')}`,
  };
}

/** The receipt of one of some entries. */
async function receipt(of: readonly Acknowledgement[], index: number): Promise<Receipt> {
  const placed = of.map((each, place) => ({ ...each, index: place }));
  return await receiptOf(placed, index);
}

function found(receipts: readonly Receipt[], histories: readonly History[] = []) {
  return findForks(context, network, { receipts, histories });
}

describe('evidence that holds one by one', () => {
  it('convicts nobody where all of it is one history', async () => {
    const receipts = [await receipt([a, b], 1), await receipt([a, b, c], 1), await receipt([a], 0)];
    assert.deepEqual(found(receipts, [history([a, b, c, d]), history([a, b])]), []);
    assert.deepEqual(found([]), []);
  });

  it('convicts by two roots for one size', async () => {
    const receipts = [await receipt([a, b], 0), await receipt([a, x], 0)];
    const fork = { ...convicts, sizes: [2, 2], why: 'two roots of 2 entries', signers: addresses };
    assert.deepEqual(found(receipts), [fork]);
    assert.deepEqual(found(receipts.toReversed()), [fork], 'in whatever order');
  });

  it('convicts by two entries at one place, in checkpoints of two sizes', async () => {
    const receipts = [await receipt([a, b, c], 1), await receipt([a, x], 1)];
    const fork = { ...convicts, sizes: [2, 3], why: 'two entries at #1', signers: addresses };
    assert.deepEqual(found(receipts), [fork]);
  });

  it('convicts by a history that does not begin as a smaller checkpoint says', async () => {
    const why = 'of the first 2 entries two roots';
    const fork = { ...convicts, sizes: [2, 4], why, signers: addresses };
    assert.deepEqual(found([await receipt([a, x], 0)], [history([a, b, c, d])]), [fork]);
    assert.deepEqual(found([], [history([a, b, c, d]), history([a, x])]), [fork]);
  });

  it('convicts by a history that has another entry than a receipt of a larger checkpoint', async () => {
    const fork = { ...convicts, sizes: [2, 3], why: 'two entries at #1', signers: addresses };
    assert.deepEqual(found([await receipt([a, x, c], 1)], [history([a, b])]), [fork]);
  });

  it('convicts those coordinators alone that signed both', () => {
    const [first, second, third] = coordinators;
    assert.ok(first && second && third);
    const [fork] = found(
      [],
      [history([a, b], [first, second]), history([a, x, c], [second, third])],
    );
    assert.deepEqual(fork?.signers, [second.address]);
  });

  it('says one thing once, however much shows it', async () => {
    const receipts = [
      await receipt([a, b, c], 0),
      await receipt([a, b, c], 1),
      await receipt([a, x], 0),
      await receipt([a, x], 1),
    ];
    assert.equal(found(receipts, [history([a, b, c]), history([a, x])]).length, 1);
  });

  it('shows nothing if one of it does not hold', async () => {
    const forged = history([a, b, c]);
    const wrong: History[] = [
      { ...forged, entries: history([a, x, c]).entries },
      { ...forged, entries: '0x' },
      { ...forged, checkpoint: { ...forged.checkpoint, root: word('x') } },
      { ...forged, checkpoint: { ...forged.checkpoint, signatures: [] } },
    ];
    for (const each of wrong) {
      assert.throws(() => found([], [each]), failsWith('EVIDENCE_INVALID'));
    }
    await Promise.resolve();
  });
});
