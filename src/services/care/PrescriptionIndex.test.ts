import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RuleEvents } from '../../bindings/RuleEvent.ts';
import { ZERO32, type Address } from '../../protocol/ids.ts';
import { word } from '../../protocol/test/sampleNetwork.ts';
import { RowStore } from '../../database/rows/RowStore.ts';
import { PrescriptionIndex } from './PrescriptionIndex.ts';

const prescription = word('prescription');
const holder: Address = `0x${'0a'.repeat(20)}`;
const nobody: Address = `0x${'00'.repeat(20)}`;
const terms = { amount: 30, fills: 3, interval: 28, from: 100, until: 1000 };
const slip: Address = `0x${'0b'.repeat(20)}`;
const order = word('order');
const prescribed = {
  prescription,
  order,
  prescriber: holder,
  second: nobody,
  holder,
  slip,
  ...terms,
};

let block = 0;
type Applied = Parameters<PrescriptionIndex['apply']>[0];
function event<Kind extends Applied['kind']>(kind: Kind, fields: RuleEvents[Kind]): Applied {
  block += 1;
  const place = { contract: nobody, block, transaction: word(String(block)), logIndex: 0 };
  return { kind, ...place, ...fields } as unknown as Applied;
}

function begun(): PrescriptionIndex {
  const index = new PrescriptionIndex(RowStore.inMemory());
  index.apply(event('Prescribed', prescribed));
  return index;
}

describe('PrescriptionIndex', () => {
  it('does not know a prescription that the ledger does not have', () => {
    const index = new PrescriptionIndex(RowStore.inMemory());
    index.apply(event('Dispensed', { prescription, step: 1, amount: 1, dispense: word('d') }));
    assert.equal(index.facts(prescription), undefined);
    assert.equal(index.on(order), undefined);
    assert.equal(begun().on(order), prescription);
  });

  it('adds up what is dispensed, and finds each dispense by its digest', () => {
    const index = begun();
    index.apply(event('Dispensed', { prescription, step: 1, amount: 10, dispense: word('d1') }));
    index.apply(event('Dispensed', { prescription, step: 2, amount: 20, dispense: word('d2') }));
    assert.equal(index.facts(prescription)?.dispensed, 30);
    assert.equal(index.facts(prescription)?.step, 2);
    assert.partialDeepStrictEqual(index.dispense(word('d2')), { step: 2, amount: 20, block });
    assert.equal(index.dispense(word('d3')), undefined);
  });

  it('follows holds, and another holder', () => {
    const index = begun();
    const [hold, goOn] = [true, false].map((held, place) => ({
      prescription,
      step: place + 1,
      held,
    })) as [RuleEvents['PrescriptionHeld'], RuleEvents['PrescriptionHeld']];
    index.apply(event('PrescriptionHeld', hold));
    assert.equal(index.facts(prescription)?.state, 'held');
    index.apply(event('PrescriptionHeld', goOn));
    assert.equal(index.facts(prescription)?.state, 'active');
    const pass = { prescription, step: 3, holder: nobody, slip: holder };
    index.apply(event('HolderChanged', pass));
    assert.partialDeepStrictEqual(index.facts(prescription), { holder: nobody, slip: holder });
    assert.deepEqual(
      index.keysEver(prescription).map((keys) => [keys.holder, keys.slip]),
      [
        [holder, slip],
        [nobody, holder],
      ],
    );
  });

  it('tells an end by another prescription from one that was cancelled', () => {
    const [cancelled, replaced] = [begun(), begun()];
    cancelled.apply(event('PrescriptionEnded', { prescription, replacement: ZERO32 }));
    replaced.apply(event('PrescriptionEnded', { prescription, replacement: word('new') }));
    assert.equal(cancelled.facts(prescription)?.state, 'ended');
    assert.equal(cancelled.facts(prescription)?.replacement, undefined);
    assert.equal(replaced.facts(prescription)?.replacement, word('new'));
  });
});
