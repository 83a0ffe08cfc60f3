import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkpointOf } from '../../protocol/test/sampleEvidence.ts';
import { network, word } from '../../protocol/test/sampleNetwork.ts';
import { ledgerWith } from '../test/ledgerWith.ts';
import { compareWithLedger } from './compareWithLedger.ts';

const checkpoint = checkpointOf([word('one'), word('two')]);
const other = checkpointOf([word('one'), word('other')]);
const longer = checkpointOf([word('one'), word('two'), word('three')]);

describe('a checkpoint', () => {
  it('that the ledger holds is safe, among others of its log', async () => {
    const ledger = ledgerWith(network, [checkpoint, longer]);
    const compared = await compareWithLedger(network, ledger, checkpoint);
    assert.deepEqual(compared, { faults: [], unchecked: [] });
  });

  it('is at fault if the ledger holds another root of its size', async () => {
    const compared = await compareWithLedger(network, ledgerWith(network, [other]), checkpoint);
    const faults = ['the ledger holds another history, of 2 entries'];
    assert.deepEqual(compared, { faults, unchecked: [] });
  });

  it('is not checked if the ledger holds none of its size, or that of another log', async () => {
    const elsewhere = { ...checkpoint, log: 'care/laboratory' };
    const unchecked = ['that the ledger holds the checkpoint of 2 entries: it does not'];
    for (const held of [[], [longer], [elsewhere]]) {
      const compared = await compareWithLedger(network, ledgerWith(network, held), checkpoint);
      assert.deepEqual(compared, { faults: [], unchecked });
    }
  });
});
