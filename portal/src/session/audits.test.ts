import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Party } from '../../../src/client/index.ts';
import { lyingTo } from '../../../src/client/test/lyingTo.ts';
import { MedsealError } from '../../../src/errors/MedsealError.ts';
import {
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../../src/node/test/testNetwork.ts';
import { askAuditAhead, auditIn, lastAudit } from './audits.ts';

let network: TestNetwork;
let care: Care;

before(async () => {
  network = await startTestNetwork({ cared: true });
  care = await startCare(network);
});
after(async () => await network.close());

/** The patient's session at a node that does not answer the first requests. */
function sessionAt(failures = 0): {
  readonly session: { readonly party: Party; readonly handle: Care['handle'] };
  readonly counts: { submitted: number; entries: number };
} {
  const counts = { submitted: 0, entries: 0 };
  const { agent } = care.patient;
  const party = lyingTo(network, care.patient, {
    async submit(submissions) {
      counts.submitted += 1;
      if (counts.submitted <= failures) throw new MedsealError('PEER_UNREACHABLE', { peer: 'x' });
      return await agent.submit(submissions);
    },
    async checkpoint(log) {
      await network.checkpoint();
      return await agent.checkpoint(log);
    },
    async audit(query) {
      counts.entries += 1;
      return await agent.audit(query);
    },
  });
  return { session: { party, handle: care.handle }, counts };
}

describe('an audit that is asked for ahead', () => {
  it('is one event of the chart, and goes on once a screen wants it', async () => {
    const { session, counts } = sessionAt();
    askAuditAhead(session);
    askAuditAhead(session);
    while (counts.submitted === 0) await new Promise(setImmediate);
    await network.checkpoint();
    assert.deepEqual(counts, { submitted: 1, entries: 0 });
    const audit = await auditIn(session);
    assert.equal(counts.submitted, 1);
    assert.ok(counts.entries > 0);
    assert.equal(await auditIn(session), audit);
    assert.equal(lastAudit(session.party), audit);
  });

  it('is asked for again by the screen if it failed', async () => {
    const { session, counts } = sessionAt(1);
    askAuditAhead(session);
    while (counts.submitted === 0) await new Promise(setImmediate);
    await new Promise(setImmediate);
    const { logs } = await auditIn(session);
    assert.equal(counts.submitted, 2);
    assert.ok(logs.every(({ faults }) => faults.length === 0));
  });
});
