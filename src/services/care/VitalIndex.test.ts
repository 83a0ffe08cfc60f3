import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RuleEvents } from '../../bindings/RuleEvent.ts';
import type { Address } from '../../protocol/ids.ts';
import { word } from '../../protocol/test/sampleNetwork.ts';
import { UNTOLD_LIFE } from '../../protocol/care/vitalRecords.ts';
import { VITALS } from '../../protocol/struct/vitalTypes.ts';
import { RowStore } from '../../database/rows/RowStore.ts';
import { VitalIndex } from './VitalIndex.ts';

const handle = word('handle');
const report = word('report');
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
    assert.deepEqual(new VitalIndex(RowStore.inMemory()).life(handle), UNTOLD_LIFE);
  });

  for (const what of VITALS) {
    it(`follows a ${what} from its report to its undoing, which leaves all else as it was`, () => {
      const index = new VitalIndex(RowStore.inMemory());
      index.apply(event('WillSet', { handle, will: word('will'), number: 1 }));
      const before = index.life(handle);
      const of = { handle, what, report };
      const by = { reporter: nobody, reportedAt: 98 };
      index.apply(event('VitalReported', { ...of, ...by, step: 1 }));
      const reported = { stage: 'reported', step: 1, report, ...by, reportedIn: block };
      assert.deepEqual(index.life(handle), { ...before, [what]: reported });
      index.apply(event('VitalConfirmed', { ...of, step: 2, confirmer: nobody, since: 99 }));
      const confirmed = { ...reported, stage: 'confirmed', step: 2, since: 99 };
      assert.deepEqual(index.life(handle), { ...before, [what]: confirmed });
      index.apply(event('VitalUndone', { ...of, step: 3, undoing: word('undoing') }));
      assert.deepEqual(index.life(handle), { ...before, [what]: { stage: 'none', step: 3 } });
    });
  }
});
