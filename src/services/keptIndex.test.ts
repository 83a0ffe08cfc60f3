import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { MemoryDatabase } from '../database/test/MemoryDatabase.ts';
import type { LedgerProvider } from '../bindings/LedgerProvider.ts';
import { commitEpochs } from '../client/epochs/commitEpochs.ts';
import { grantRight } from '../client/rights/grantRight.ts';
import { revokeRight } from '../client/rights/revokeRight.ts';
import { readPatientState } from '../client/state/PatientState.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import { RowStore } from '../database/rows/RowStore.ts';
import type { LocalDatabase } from '../database/synced.ts';
import {
  everything,
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../node/test/testNetwork.ts';

import { word } from '../protocol/test/sampleNetwork.ts';
import { indexBasis, LedgerIndex } from './LedgerIndex.ts';

let network: TestNetwork;
let care: Care;

before(async () => {
  network = await startTestNetwork({ cared: true });
  care = await startCare(network);
});
after(async () => await network.close());

const newDatabase = (): LocalDatabase => new MemoryDatabase();

/** An index over a ledger, and the first blocks of the ranges that it asked events of. */
async function openIndex(
  database: LocalDatabase,
  provider: LedgerProvider = network.ledger,
): Promise<{ readonly index: LedgerIndex; readonly asked: number[] }> {
  const asked: number[] = [];
  const heard: LedgerProvider = {
    request: async (call) => {
      if (call.method === 'eth_getLogs') {
        const [{ fromBlock }] = call.params as [{ readonly fromBlock: string }];
        asked.push(Number(fromBlock));
      }
      return await provider.request(call);
    },
  };
  const rows = await RowStore.open(database, indexBasis(network.file));
  const { file, clock } = network;
  return { index: new LedgerIndex({ provider: heard, network: file, clock, rows }), asked };
}

/** All that an index says of the patient and of a right. */
function saidBy(index: LedgerIndex, right: `0x${string}`): unknown {
  const { handle, patient, doctor } = care;
  return {
    block: index.block,
    rows: index.rows,
    patient: index.patient(handle),
    party: index.party(patient.address),
    signers: index.signersOf(doctor.address),
    granted: index.granted(right),
    ended: index.ended(right),
    active: index.activeGrants(handle),
    place: index.places.of('Granted', handle, right),
  };
}

describe('an index of the ledger whose rows are kept', () => {
  it('says the same after it was opened again, and asks for later blocks alone', async () => {
    const patient = await network.party('patient');
    await commitEpochs(patient, 4);
    const right = await grantRight(patient, everything(care.doctor));
    const database = newDatabase();
    const { index } = await openIndex(database);
    await index.refresh();
    await revokeRight(patient, right.digest);
    await index.refresh();
    const again = await openIndex(database);
    await again.index.refresh();
    assert.deepEqual(again.asked, []);
    assert.deepEqual(saidBy(again.index, right.digest), saidBy(index, right.digest));
    const { handle } = await readPatientState(patient);
    assert.equal(again.index.grant(right.digest)?.state, 'ended');
    await commitEpochs(patient, 5);
    await again.index.refresh();
    assert.deepEqual(again.asked, [index.block + 1]);
    assert.equal(again.index.patient(handle)?.next?.count, 5);
  });

  it('says the same as one that reads all, wherever it was cut off', async () => {
    const whole = await openIndex(newDatabase());
    await whole.index.refresh();
    for (const kept of [0, 1, 2, 5, 9]) {
      const database = newDatabase();
      let answers = 0;
      // The ledger answers for one block at a time, until the node is cut off.
      const narrow: LedgerProvider = {
        request: async (call) => {
          if (call.method !== 'eth_getLogs') return await network.ledger.request(call);
          const [{ fromBlock, toBlock }] = call.params as [Record<string, string>];
          if (fromBlock !== toBlock && answers < kept)
            throw new MedsealError('LEDGER_REJECTED', { code: -32_005, reason: 'too wide' });
          if (answers++ >= kept) throw failure();
          return await network.ledger.request(call);
        },
      };
      const cut = await openIndex(database, narrow);
      await assert.rejects(cut.index.refresh());
      const again = await openIndex(database);
      await again.index.refresh();
      assert.deepEqual(saidBy(again.index, word('none')), saidBy(whole.index, word('none')));
    }
  });

  it('reads all again if the ledger has another block there, or shows none', async () => {
    const others: Readonly<Record<string, (block: Block) => Block | null>> = {
      'another block': (block) => ({ ...block, hash: word('other') }),
      'no such block': () => null,
    };
    for (const [what, change] of Object.entries(others)) {
      const database = newDatabase();
      await (await openIndex(database)).index.refresh();
      const other: LedgerProvider = {
        request: async (call) => {
          const answer = await network.ledger.request(call);
          const isOld = call.method === 'eth_getBlockByNumber' && call.params?.[0] !== 'latest';
          return isOld && again.asked.length === 0 ? change(answer as Block) : answer;
        },
      };
      const again = await openIndex(database, other);
      await again.index.refresh();
      assert.equal(again.asked[0], 0, what);
      assert.notEqual(again.index.patient(care.handle), undefined);
    }
  });

  it('reads all of a ledger that is shorter than it', async () => {
    const database = newDatabase();
    await (await openIndex(database)).index.refresh();
    const short: LedgerProvider = {
      request: async (call) => {
        const isHead = call.method === 'eth_getBlockByNumber' && call.params?.[0] === 'latest';
        const params = isHead ? ['0x1', false] : call.params;
        return await network.ledger.request({ ...call, ...(params && { params }) });
      },
    };
    const { index, asked } = await openIndex(database, short);
    await index.refresh();
    assert.deepEqual([asked[0], index.block], [0, 1]);
    assert.equal(index.patient(care.handle), undefined);
  });

  it('notes how far it has come, also through blocks without events', async () => {
    const database = newDatabase();
    const quiet: LedgerProvider = {
      request: async (call) => {
        if (call.method === 'eth_getLogs') return await Promise.resolve([]);
        const number = call.params?.[0] === 'latest' ? '0x1388' : call.params?.[0];
        return await Promise.resolve({ number, timestamp: '0x1', hash: word(String(number)) });
      },
    };
    await (await openIndex(database, quiet)).index.refresh();
    const again = await openIndex(database, quiet);
    await again.index.refresh();
    assert.deepEqual([again.index.block, again.asked], [5000, []]);
  });
});

interface Block {
  readonly hash: string;
}

function failure(): Error {
  return new Error('the node was cut off');
}
