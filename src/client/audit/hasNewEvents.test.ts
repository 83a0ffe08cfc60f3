import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import {
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import type { AgentPort } from '../../protocol/AgentPort.ts';
import type { Party } from '../party/Party.ts';
import { addRecord } from '../records/addRecord.ts';
import { readChart } from '../records/readChart.ts';
import { lyingTo } from '../test/lyingTo.ts';
import { examineAudit } from './examineAudit.ts';
import { hasNewEvents } from './hasNewEvents.ts';

describe('the sign that something happened since an audit', () => {
  let network: TestNetwork;
  let care: Care;
  beforeEach(async () => {
    network = await startTestNetwork({ cared: true });
    care = await startCare(network);
  });
  afterEach(async () => await network.close());

  /** The patient, for whom waiting time passes at once, at an agent that may lie. */
  const patientWith = (lies: Partial<AgentPort> = {}): Party =>
    lyingTo(network, care.patient, lies);

  async function viewed(): Promise<void> {
    const { doctor, handle, right } = care;
    await readChart(doctor, { handle, grant: right.grant, purpose: 'TREAT' });
    await network.checkpoint('hospital');
  }

  it('is not given by the audit itself, and comes with a view of another, but adds no entry', async () => {
    const patient = patientWith();
    const audit = await examineAudit(patient);
    assert.equal(await hasNewEvents(patient, audit), false);
    await viewed();
    assert.equal(await hasNewEvents(patient, audit), true);
    const before = audit.logs.flatMap(({ events }) => events).length;
    const again = await examineAudit(patient);
    assert.equal(again.logs.flatMap(({ events }) => events).length, before + 2);
    assert.equal(await hasNewEvents(patient, again), false);
  });

  it('is not given by what happens to the chart of another patient', async () => {
    const patient = patientWith();
    const audit = await examineAudit(patient);
    const other = await startCare(network);
    const wanted = { handle: other.handle, grant: other.right.grant, purpose: 'TREAT' } as const;
    await addRecord(other.doctor, { ...wanted, category: 'other', content: Uint8Array.of(1) });
    await network.checkpoint('hospital');
    assert.equal(await hasNewEvents(patient, audit), false);
  });

  it('is not given by counts that fewer than k coordinators signed', async () => {
    const patient = patientWith();
    const audit = await examineAudit(patient);
    await viewed();
    const alone = patientWith({
      tallies: async (query) => (await patient.agent.tallies(query)).slice(0, 1),
    });
    assert.equal(await hasNewEvents(alone, audit), false);
  });

  it('is given by any growth of a log once the audit releases nothing more', async () => {
    const patient = patientWith();
    const audit = await examineAudit(patient);
    await viewed();
    const late = { ...audit, key: { ...audit.key, ticket: '0'.repeat(32) } };
    assert.equal(await hasNewEvents(patient, late), true);
  });

  it('fails while the node does not answer, rather than saying that nothing happened', async () => {
    const patient = patientWith();
    const audit = await examineAudit(patient);
    await viewed();
    const silent = patientWith({ checkpoint: silence });
    await assert.rejects(hasNewEvents(silent, audit), failsWith('PEER_UNREACHABLE'));
  });

  it('is given once a log is listed that the audit could not read, and not before', async () => {
    const cut = patientWith({ audit: silence });
    const audit = await examineAudit(cut);
    assert.ok(audit.logs.every(({ checkpoint }) => checkpoint === undefined));
    assert.equal(await hasNewEvents(cut, audit), false, 'its organisation is still away');
    const offline = patientWith({ checkpoint: silence });
    await assert.rejects(hasNewEvents(offline, audit), failsWith('PEER_UNREACHABLE'));
    const patient = patientWith();
    assert.equal(await hasNewEvents(patient, audit), true);
    const late = { ...audit, key: { ...audit.key, ticket: '0'.repeat(32) } };
    assert.equal(await hasNewEvents(patient, late), true);
    assert.equal(await hasNewEvents(patient, await examineAudit(patient)), false);
  });
});

async function silence(): Promise<never> {
  return await Promise.reject(new MedsealError('PEER_UNREACHABLE', { peer: 'hospital' }));
}
