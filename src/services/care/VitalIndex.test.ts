import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RuleEvents } from '../../bindings/RuleEvent.ts';
import type { Address } from '../../protocol/ids.ts';
import { word } from '../../protocol/test/sampleNetwork.ts';
import { VitalIndex } from './VitalIndex.ts';

const handle = word('handle');
const death = word('death');
const nobody: Address = `0x${'00'.repeat(20)}`;

let block = 0;
type Applied = Parameters<VitalIndex['apply']>[0];
function event<Kind extends Applied['kind']>(kind: Kind, fields: RuleEvents[Kind]): Applied {
  block += 1;
  const place = { contract: nobody, block, transaction: word(String(block)), logIndex: 0 };
  return { kind, ...place, ...fields } as unknown as Applied;
}

describe('VitalIndex', () => {
  it('takes everybody for living of whom the ledger says nothing', () => {
    assert.deepEqual(new VitalIndex().life(handle), { state: 'living', step: 0, number: 0 });
    assert.equal(new VitalIndex().place(death), undefined);
  });

  it('follows a death from its report to its undoing, which leaves birth and will as they were', () => {
    const index = new VitalIndex();
    index.apply(event('BirthRegistered', { handle, birth: word('birth'), registrar: nobody }));
    index.apply(event('WillSet', { handle, will: word('will'), number: 1 }));
    const before = index.life(handle);
    index.apply(event('DeathReported', { handle, death, step: 1, reporter: nobody }));
    assert.equal(index.life(handle).state, 'reported');
    assert.ok(index.place(death));
    const confirmed = { handle, death, step: 2, confirmer: nobody, since: 99 };
    index.apply(event('DeathConfirmed', confirmed));
    assert.deepEqual(index.life(handle), {
      ...before,
      state: 'dead',
      step: 2,
      death,
      reporter: nobody,
      since: 99,
    });
    assert.ok(index.confirmed(handle, 2, nobody));
    assert.equal(index.confirmed(handle, 1, nobody), undefined);
    assert.equal(index.confirmed(handle, 2, `0x${'01'.repeat(20)}`), undefined);
    index.apply(event('DeathUndone', { handle, death, step: 3, undoing: word('undoing') }));
    assert.deepEqual(index.life(handle), { ...before, step: 3 });
    assert.ok(index.place(word('undoing')));
  });
});
