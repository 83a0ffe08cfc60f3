import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import {
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import type { AgentPort } from '../../protocol/AgentPort.ts';
import type { LogName } from '../../protocol/ids.ts';
import { memoryDevice } from '../party/memoryDevice.ts';
import type { Party } from '../party/Party.ts';
import { lyingTo } from '../test/lyingTo.ts';
import { examineAudit } from './examineAudit.ts';

const OWN: LogName = 'care/hospital';
let network: TestNetwork;
let care: Care;

before(async () => {
  network = await startTestNetwork({ cared: true });
  care = await startCare(network);
});
after(async () => await network.close());

/** The patient, and the questions that the agent gets in their order. */
function heard(lies: Partial<AgentPort> = {}): { readonly party: Party; readonly asked: string[] } {
  const asked: string[] = [];
  const { agent } = care.patient;
  const party = lyingTo(network, care.patient, {
    async submit(submissions) {
      asked.push('submit');
      return await agent.submit(submissions);
    },
    async checkpoint(log) {
      asked.push(`checkpoint ${log}`);
      if (log === OWN) await network.checkpoint();
      return await agent.checkpoint(log);
    },
    async audit(query) {
      asked.push(`entries ${query.log}`);
      return await agent.audit(query);
    },
    ...lies,
  });
  return { party, asked };
}

describe('the logs of an audit', () => {
  it('are asked about side by side: one whose checkpoint is on its way holds none of the others up', async () => {
    const left = new Set<LogName>(['care/laboratory', 'care/insurer']);
    const others = Promise.withResolvers<void>();
    const { party, asked } = heard({
      async checkpoint(log) {
        if (log === OWN) {
          await others.promise;
          await network.checkpoint();
        } else if (left.delete(log) && left.size === 0) others.resolve();
        return await care.patient.agent.checkpoint(log);
      },
    });
    const audit = await examineAudit(party);
    assert.deepEqual(
      audit.logs.map(({ log }) => log),
      ['care/hospital', 'care/laboratory', 'care/insurer'],
    );
    assert.ok(audit.logs.some(({ log, complete }) => log === OWN && complete));
    assert.equal(asked.at(0), 'submit');
  });

  it('are told of one after the other, however their entries come', async () => {
    const { party } = heard();
    const told: LogName[] = [];
    await examineAudit(party, { onExamined: (log) => told.push(log) });
    const turns = told.filter((log, place) => log !== told[place - 1]);
    assert.equal(turns.length, new Set(told).size);
  });

  it('are asked about once their reader is ready, and the audit has its entry before', async () => {
    const { party, asked } = heard();
    const ready = Promise.withResolvers<void>();
    const examining = examineAudit(party, { after: ready.promise, handle: care.handle });
    while (asked.length === 0) await new Promise(setImmediate);
    await network.checkpoint();
    assert.deepEqual(asked, ['submit']);
    ready.resolve();
    const { logs } = await examining;
    assert.ok(logs.every(({ faults }) => faults.length === 0));
    assert.ok(asked.includes(`entries ${OWN}`));
  });
});

it('an audit of a named chart needs no state on the device, and names no other chart', async () => {
  const { party } = heard();
  const device = { ...party, device: memoryDevice() };
  await assert.rejects(examineAudit(device));
  const { handle } = await examineAudit(device, { handle: care.handle });
  assert.equal(handle, care.handle);
  const stranger = await network.party('patient');
  await assert.rejects(examineAudit(lyingTo(network, stranger, {}), { handle: care.handle }));
});
