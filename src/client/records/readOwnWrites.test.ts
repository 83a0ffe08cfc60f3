import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { utf8ToBytes } from '../../crypto/bytes.ts';
import {
  behind,
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import type { Submission } from '../../protocol/AgentPort.ts';
import type { Acknowledgement, Outcome } from '../../protocol/evidence/evidence.ts';
import { recallAcknowledged } from '../state/acknowledgedHere.ts';
import { addRecord } from './addRecord.ts';
import type { Party } from '../party/Party.ts';
import { readChart, type Chart } from './readChart.ts';

const LOG = 'care/hospital';
const purpose = 'PATRQT';

describe('what a device was acknowledged at one organisation, read at another', () => {
  let network: TestNetwork;
  let care: Care;
  let elsewhere: Party;
  beforeEach(async () => {
    network = await startTestNetwork({ cared: true });
    care = await startCare(network);
    elsewhere = { ...care.patient, agent: network.agent('insurer'), log: 'care/insurer' };
  });
  afterEach(async () => await network.close());

  async function add(party = care.patient): Promise<Acknowledgement> {
    const content = utf8ToBytes('mine');
    const version = { handle: care.handle, category: 'other', content, purpose } as const;
    return (await addRecord(party, version)).acknowledgement;
  }

  async function read(party: Party, after?: []): Promise<Chart> {
    return await readChart(party, { handle: care.handle, purpose, ...(after && { after }) });
  }

  it('is waited for without anybody asking, and is on the chart', async () => {
    const mine = await add();
    // The copy gets it with the next checkpoint, which comes after the view begins to wait for it.
    const insurer = network.services('insurer').logs.get(LOG) ?? assert.fail();
    const grown = insurer.grown.bind(insurer);
    let waited = 0;
    insurer.grown = async (...given) => {
      waited += 1;
      const held = grown(...given);
      await network.checkpoint();
      await held;
    };
    const chart = await read(elsewhere);
    assert.deepEqual(
      chart.records.map((record) => record.acknowledgement),
      [mine],
    );
    assert.deepEqual([chart.behind, waited], [[], 1]);
  });

  it('is told as on its way where it is not waited for, or not long enough', async () => {
    const { index } = await add();
    const unasked = await read(elsewhere, []);
    assert.deepEqual([unasked.records, unasked.behind], [[], []]);
    const reading = read(elsewhere);
    await waiting();
    network.clock.advance(5000);
    const late = await reading;
    assert.deepEqual([late.records, late.behind], [[], [{ log: LOG, index }]]);
    await network.checkpoint();
    assert.equal((await read(elsewhere)).behind.length, 0);
  });

  /** Until a view at the insurer waits for its copy. */
  async function waiting(): Promise<void> {
    const insurer = network.services('insurer').logs.get(LOG) ?? assert.fail();
    const grown = insurer.grown.bind(insurer);
    await new Promise<void>((resolve) => {
      insurer.grown = async (...given) => {
        const held = grown(...given);
        insurer.grown = grown;
        resolve();
        await held;
      };
    });
  }

  it('is one entry of each log, the newest, and forgotten after 10 minutes', async () => {
    const { index } = await add();
    await Promise.all([add(), add(), add()]);
    assert.deepEqual(await recallAcknowledged(care.patient), [{ log: LOG, index: index + 3 }]);
    await read(care.patient);
    assert.deepEqual(
      await recallAcknowledged(care.patient),
      [{ log: LOG, index: index + 3 }],
      'views are on no chart',
    );
    network.clock.advance(601_000);
    assert.deepEqual(await recallAcknowledged(care.patient), []);
  });

  it('keeps nobody from being acknowledged, whose device cannot remember', async () => {
    const { device } = care.patient;
    const full: Party['device'] = {
      read: async (name) => await device.read(name),
      write: async () => await Promise.reject(new Error('no room')),
    };
    await add({ ...care.patient, device: full });
    assert.deepEqual(await recallAcknowledged(care.patient), []);
  });

  it('is not what a node makes up of entries that do not hold', async () => {
    const { agent } = care.patient;
    const other = await add();
    const submit: Party['agent']['submit'] = async (submissions) => {
      const outcomes = await agent.submit(submissions);
      const acknowledgement = { ...other, index: 9_000_000 };
      return outcomes.map((each): Outcome => ({
        ...each,
        outcome: 'acknowledged',
        acknowledgement,
      }));
    };
    await assert.rejects(add(behind(care.patient, { submit })), { code: 'EVIDENCE_INVALID' });
    assert.deepEqual(await recallAcknowledged(care.patient), [{ log: LOG, index: other.index }]);
  });

  // @attack a node acknowledges an index that there is not, to hold its parties' reading elsewhere up | 5 s a chart, for 10 minutes
  it('binds a reader for minutes only if a node makes an index up', async () => {
    const { agent } = care.patient;
    const submit: Party['agent']['submit'] = async (submissions) => {
      const outcomes = await agent.submit(submissions);
      return outcomes.map((each) =>
        each.outcome === 'acknowledged'
          ? { ...each, acknowledgement: { ...each.acknowledgement, index: 9_000_000 } }
          : each,
      );
    };
    await add(behind(care.patient, { submit }));
    const noted: Submission['after'][] = [];
    network.clock.advance(601_000);
    await read(noting(elsewhere, noted));
    await add();
    const [{ index } = assert.fail()] = await recallAcknowledged(care.patient);
    assert.ok(index < 10);
    assert.deepEqual(noted, [undefined]);
  });
});

/** A party at its device that notes what its charts are to come after. */
function noting(party: Party, noted: Submission['after'][]): Party {
  const submit: Party['agent']['submit'] = async (submissions) => {
    noted.push(...submissions.map(({ after }) => after));
    return await party.agent.submit(submissions);
  };
  return behind(party, { submit });
}
