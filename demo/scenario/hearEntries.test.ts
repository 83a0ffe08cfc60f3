import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { readChart } from '../../src/client/records/readChart.ts';
import {
  behind,
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../src/node/test/testNetwork.ts';
import type { Acknowledgement, Outcome } from '../../src/protocol/evidence/evidence.ts';
import { hearEntries } from './hearEntries.ts';

describe('entries that are heard of', () => {
  let network: TestNetwork;
  let care: Care;
  before(async () => {
    network = await startTestNetwork({ cared: true });
    care = await startCare(network);
  });
  after(async () => await network.close());

  it('are all that a party’s requests became, refusals too', async () => {
    const heard: Acknowledgement[] = [];
    const wanted = { handle: care.handle, purpose: 'TREAT' } as const;
    const doctor = hearEntries(care.doctor, (entry) => heard.push(entry));
    const chart = await readChart(doctor, { ...wanted, grant: care.right.grant });
    const stranger = hearEntries(care.stranger, (entry) => heard.push(entry));
    await assert.rejects(readChart(stranger, wanted));
    assert.deepEqual(heard[0], chart.acknowledgement);
    assert.match(heard[1]?.body ?? '', /"code":"RIGHT_MISSING"/);
    assert.equal(heard.length, 2);
  });

  it('leave out entries that do not verify, whatever a node answers', async () => {
    const heard: Acknowledgement[] = [];
    const { doctor, handle, right } = care;
    const answers: unknown[] = [
      null,
      [null],
      [{ outcome: 'acknowledged' }],
      [{ outcome: 'acknowledged', acknowledgement: {} }],
      [{ outcome: 'refused', problem: {}, acknowledgement: { log: 'care/hospital', body: '{' } }],
    ];
    for (const answer of answers) {
      const submit = async (): Promise<Outcome[]> => await Promise.resolve(answer as Outcome[]);
      const party = hearEntries(behind(doctor, { submit }), (entry) => heard.push(entry));
      await assert.rejects(readChart(party, { handle, grant: right.grant, purpose: 'TREAT' }));
    }
    assert.deepEqual(heard, []);
  });
});
