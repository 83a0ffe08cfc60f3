import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { BEGIN, startTestNetwork, type TestNetwork } from '../../node/test/testNetwork.ts';
import type { SignedSuspension } from '../../protocol/AgentPort.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import type { Suspension } from '../../protocol/struct/requests.ts';
import { signatory } from '../../protocol/test/sampleNetwork.ts';
import { sign } from '../../protocol/struct/signing.ts';
import type { Party } from '../../client/party/Party.ts';

let network: TestNetwork;
let doctor: Party;
before(async () => {
  network = await startTestNetwork();
  doctor = await network.party('doctor');
});
after(async () => await network.close());

/** A suspension of the doctor that all members signed, with something changed. */
function signed(change: Partial<Suspension> = {}): SignedSuspension {
  const first = { party: doctor.address, suspended: true, change: 1, deadline: BEGIN + 300 };
  const message = { ...first, ...change };
  const signatures = network.authorityKeys.map((key) => {
    return sign(doctor, key, 'Suspension', message).signature;
  });
  return { message, signatures };
}

async function transactions(): Promise<number> {
  let count = 0;
  for (const sender of network.senders.values()) {
    const params = [sender.address, 'latest'];
    const method = 'eth_getTransactionCount';
    count += Number(await network.ledger.request({ method, params }));
  }
  return count;
}

describe('a suspension that anyone brings to an agent', () => {
  // @attack somebody reads a signed suspension off the ledger, and has an agent send it again and again | what the ledger has, or would refuse, costs no transaction
  it('costs one transaction, however often it is brought, at once or later', async () => {
    const start = await transactions();
    const before = [1, 2, 3].map(async () => await doctor.agent.suspend(signed()));
    const settled = await Promise.allSettled(before);
    assert.equal(settled.filter(({ status }) => status === 'fulfilled').length, 1);
    const unexpected = failsWith('RULE_REFUSED', { reason: 'ChangeUnexpected' });
    await assert.rejects(network.agent('insurer').suspend(signed()), unexpected);
    await assert.rejects(doctor.agent.suspend(signed({ suspended: false })), unexpected);
    await assert.rejects(doctor.agent.suspend(signed({ change: 3 })), unexpected);
    assert.equal(await transactions(), start + 1);
  });

  it('costs none if it is late, or of nobody who is enrolled', async () => {
    const start = await transactions();
    const late = signed({ change: 2, deadline: BEGIN - 1 });
    await assert.rejects(doctor.agent.suspend(late), failsWith('REQUEST_LATE'));
    const nobody = signed({ party: signatory('nobody').address });
    await assert.rejects(doctor.agent.suspend(nobody), failsWith('PARTY_UNKNOWN'));
    assert.equal(await transactions(), start);
  });
});
