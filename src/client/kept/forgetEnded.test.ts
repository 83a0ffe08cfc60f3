import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { utf8ToBytes } from '../../crypto/bytes.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { suspend } from '../../node/test/suspend.ts';
import { behind, everything, startCare, startTestNetwork } from '../../node/test/testNetwork.ts';
import type { Care, TestNetwork } from '../../node/test/testNetwork.ts';
import { seconds } from '../../protocol/Clock.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { commitEpochs } from '../epochs/commitEpochs.ts';
import { memoryDevice } from '../party/memoryDevice.ts';
import type { Party } from '../party/Party.ts';
import { addRecord } from '../records/addRecord.ts';
import { readChart } from '../records/readChart.ts';
import { grantRight, type GrantGiven } from '../rights/grantRight.ts';
import { revokeRight } from '../rights/revokeRight.ts';
import { forgetEnded } from './forgetEnded.ts';
import { keepRecord } from './keepRecord.ts';
import { listKept } from './readKept.ts';

let network: TestNetwork;
let care: Care;

before(async () => {
  network = await startTestNetwork({ guarded: true });
  care = await startCare(network);
  const { doctor, handle, right } = care;
  const own = { handle, category: 'vitals', purpose: 'TREAT', grant: right.grant } as const;
  for (const note of ['one', 'another']) {
    await addRecord(doctor, { ...own, content: utf8ToBytes(note) });
  }
});
after(async () => await network.close());
beforeEach(async () => void (await commitEpochs(care.patient, 4)));

/** A reader whose device keeps each of two records under a right of its own. */
async function reader(): Promise<{ readonly party: Party; readonly rights: GrantGiven[] }> {
  const party: Party = { ...care.stranger, device: memoryDevice() };
  const { handle, patient } = care;
  const rights: GrantGiven[] = [];
  for (const place of [0, 1]) {
    const given = await grantRight(patient, {
      ...everything(party),
      actions: ['read'],
      until: seconds(network.ports.clock) + 3600 + 120 * place,
    });
    const chart = await readChart(party, { handle, grant: given.grant, purpose: 'TREAT' });
    const record = chart.records[place];
    assert.ok(record);
    await keepRecord(party, chart, record, seconds(network.ports.clock) + 600);
    rights.push(given);
  }
  return { party, rights };
}

describe('a device that reaches a network again', () => {
  it('deletes what it keeps under a right that has ended, and views nothing for it', async () => {
    const { party, rights } = await reader();
    await forgetEnded(party);
    assert.equal((await listKept(party)).length, 2);
    await revokeRight(care.patient, rights[0]?.digest ?? '0x');
    const noView = behind(party, {
      submit: async () => await Promise.reject(new Error('it asked for a view')),
    });
    await forgetEnded(noView);
    assert.equal((await listKept(party)).length, 1);
  });

  // @attack a node alone has a device delete what it keeps, by saying that a right ended | coordinators of a quorum confirm it first
  it('deletes nothing by the word of fewer organisations than the quorum, or of its node alone', async () => {
    const { party, rights } = await reader();
    await revokeRight(care.patient, rights[0]?.digest ?? '0x');
    const alone = behind(party, {
      facts: async (query) => (await party.agent.facts(query)).slice(0, 1),
    });
    await assert.rejects(forgetEnded(alone));
    const away = behind(party, {
      facts: async () =>
        await Promise.reject(new MedsealError('PEER_UNREACHABLE', { peer: 'any node' })),
    });
    await assert.rejects(forgetEnded(away), failsWith('PEER_UNREACHABLE'));
    assert.equal((await listKept(party)).length, 2);
  });

  it('asks nothing if it keeps nothing', async () => {
    const party = { ...care.stranger, device: memoryDevice() };
    await forgetEnded(behind(party, { facts: async () => await Promise.reject(new Error('x')) }));
  });

  it('deletes all of it once its party is suspended', async () => {
    const { party } = await reader();
    await suspend(network, party, 1);
    await forgetEnded(party);
    assert.deepEqual(await listKept(party), []);
  });
});
