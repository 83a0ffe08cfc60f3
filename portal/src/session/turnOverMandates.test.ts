import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { simulatedCipher as cipher } from '../../../proof/simulation/simulatedCipher.ts';
import {
  actFor,
  giveMandate,
  offerMandate,
  readPatientState,
  resignMandate,
  restorePatient,
} from '../../../src/client/index.ts';
import { commitEpochs } from '../../../src/client/epochs/commitEpochs.ts';
import { inTime } from '../../../src/client/test/inTime.ts';
import { startTestNetwork, type TestNetwork } from '../../../src/node/test/testNetwork.ts';
import { turnOverMandates } from './turnOverMandates.ts';

let network: TestNetwork;
before(async () => {
  network = await startTestNetwork({ guarded: true, cipher, further: ['mandates'] });
});
after(async () => await network.close());

const DAY = 86_400;

async function family() {
  const [party, marta] = [await network.party('patient'), await network.party('patient')];
  await commitEpochs(party, 4);
  const { handle } = await readPatientState(party);
  const until = Math.floor(network.clock.now() / 1000) + DAY;
  const { mandate } = await offerMandate(marta, { handle, reason: 'my son', until }).then(
    async (offer) => {
      await giveMandate(party, offer);
      return offer;
    },
  );
  return { leo: { party, handle }, marta, mandate };
}

async function closedOn({ party }: Awaited<ReturnType<typeof family>>['leo']) {
  const { mandates = [], keyring } = await readPatientState(party);
  return { closed: mandates.map(({ isClosed = false }) => isClosed), keyring };
}

describe('keys of a patient while the portal is open', () => {
  it('turn past a mandate that is over by its date, once an hour at most', async () => {
    const { leo } = await family();
    await inTime(network, turnOverMandates(leo));
    const first = await closedOn(leo);
    assert.deepEqual(first.closed, [false]);
    network.clock.advance(DAY * 1000);
    await inTime(network, turnOverMandates(leo));
    const second = await closedOn(leo);
    assert.deepEqual(second.closed, [true]);
    assert.ok((second.keyring.former ?? 0) > (first.keyring.former ?? 0));
  });

  it('turn past one that was laid down, and not by the device of who acts', async () => {
    const { leo, marta, mandate } = await family();
    const forLeo = await actFor(marta, mandate);
    await restorePatient(forLeo);
    await resignMandate(forLeo);
    const acting = { own: { party: marta } as never, mandate };
    await turnOverMandates({ party: forLeo, handle: leo.handle, acting });
    assert.deepEqual((await closedOn({ ...leo, party: forLeo })).closed, [false]);
    await inTime(network, turnOverMandates(leo));
    assert.deepEqual((await closedOn(leo)).closed, [true]);
  });
});
