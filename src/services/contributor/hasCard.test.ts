import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { changeKey } from '../../client/party/changeKey.ts';
import { BEGIN, startTestNetwork, type TestNetwork } from '../../node/test/testNetwork.ts';
import type { PartyCard } from '../../protocol/AgentPort.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { sign } from '../../protocol/struct/signing.ts';

let network: TestNetwork;
before(async () => {
  network = await startTestNetwork();
});
after(async () => await network.close());

async function rows(): Promise<readonly (readonly [string, string])[]> {
  return await network.database('insurer', 'kept').iterator().all();
}

// @attack a party signs its changes of key in many ways, and has all nodes write each | a card that proves as much as the kept one is not written
it('writes no second proof of a key that a kept card proves, however its party signs it again', async () => {
  const doctor = await network.party('doctor');
  const { party: renewed } = await changeKey(doctor, network.ports.random(32));
  const card = await renewed.agent.card(doctor.address);
  const [change = assert.fail()] = card.keyChanges ?? [];
  const kept = await rows();
  for (let again = 1; again <= 3; again++) {
    const message = { ...change.message, deadline: BEGIN + again };
    const { signature } = sign(doctor, doctor, 'KeyChange', message);
    const { signature: newSignature } = sign(renewed, renewed, 'KeyChange', message);
    const other: PartyCard = { ...card, keyChanges: [{ message, signature, newSignature }] };
    await doctor.agent.keepCard(other);
    await network.services('insurer').contributor.keep({ card: other });
  }
  assert.deepEqual(await rows(), kept);
  const { keyChanges: _none, ...first } = card;
  const refused = network.services('insurer').contributor.keep({ card: first });
  await assert.rejects(refused, failsWith('REQUEST_MALFORMED'));
});

it('takes the card of a party again that was lost', async () => {
  const doctor = await network.party('doctor');
  const card = await doctor.agent.card(doctor.address);
  const key = `card/${doctor.address}`;
  const database = network.database('insurer', 'kept');
  const row = await database.get(key);
  assert.ok(row !== undefined);
  await database.del(key);
  await network.services('insurer').contributor.keep({ card });
  assert.equal(await database.get(key), row);
});
