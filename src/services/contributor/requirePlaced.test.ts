import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { LedgerProvider } from '../../bindings/LedgerProvider.ts';
import { quantityOf } from '../../bindings/quantityOf.ts';
import { addRecord } from '../../client/records/addRecord.ts';
import { utf8ToBytes } from '../../crypto/bytes.ts';
import { TestClock } from '../../ledger/test/TestClock.ts';
import { contextOf } from '../../node/contextOf.ts';
import { startCare, startTestNetwork, type TestNetwork } from '../../node/test/testNetwork.ts';
import type { PlacedCheckpoint } from '../../protocol/evidence/evidence.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { LedgerIndex } from '../LedgerIndex.ts';
import { requirePlaced } from './requirePlaced.ts';

let network: TestNetwork;
let placed: PlacedCheckpoint;

before(async () => {
  network = await startTestNetwork({ cared: true });
  const { patient, handle } = await startCare(network);
  const content = utf8ToBytes('a line');
  await addRecord(patient, { handle, category: 'other', purpose: 'PATRQT', content });
  const { administrator, contributor } = network.services('hospital');
  await administrator.checkpoint();
  placed = (await contributor.latestCheckpoint('care/hospital')) ?? assert.fail();
});
after(async () => await network.close());

/**
 * Has an organisation require the checkpoint whose own ledger is one block behind it for so many looks; gives the looks.
 */
async function looksUntilPlaced(behind: number, chain?: string): Promise<number> {
  let looks = 0;
  const provider: LedgerProvider = {
    async request(call) {
      if (call.method !== 'eth_getBlockByNumber') return await network.ledger.request(call);
      const block = looks++ < behind ? quantityOf(placed.ledger.block - 1) : 'latest';
      return await network.ledger.request({ ...call, params: [block, false] });
    },
  };
  const clock = new TestClock(network.clock.now());
  const { ledger, ...rest } = network.file;
  const file = { ...rest, ledger: { ...ledger, ...(chain !== undefined && { chain }) } };
  const index = new LedgerIndex({ provider, network: file, clock });
  const ports = { ...network.ports, clock };
  const context = contextOf(ports, { network: file, organisation: 'insurer', index });
  const requiring = requirePlaced(context, placed);
  requiring.catch(() => undefined);
  for (let step = 0; step < 80; step++) {
    await new Promise(setImmediate);
    clock.advance(50);
  }
  await requiring;
  return looks;
}

describe('a checkpoint that a peer says is on the ledger', () => {
  it('is waited for if the organisation’s own validator is a block behind', async () => {
    assert.equal(await looksUntilPlaced(4, 'medseal-test'), 5);
  });

  it('is refused if the validator stays behind', async () => {
    await assert.rejects(looksUntilPlaced(Infinity, 'medseal-test'), failsWith('NOT_YET'));
  });

  it('is not waited for if the ledger is at one organisation, which all ask', async () => {
    await assert.rejects(looksUntilPlaced(4), failsWith('NOT_YET'));
  });
});
