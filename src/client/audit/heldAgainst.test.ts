import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { simulatedCipher as cipher } from '../../../proof/simulation/simulatedCipher.ts';
import { startTestNetwork, type TestNetwork } from '../../node/test/testNetwork.ts';
import type { Bytes32, Handle } from '../../protocol/ids.ts';
import type { Body } from '../../protocol/evidence/evidence.ts';
import { commitEpochs } from '../epochs/commitEpochs.ts';
import { actFor } from '../mandates/actFor.ts';
import { endMandate, resignMandate } from '../mandates/endMandate.ts';
import { giveMandate } from '../mandates/giveMandate.ts';
import type { MandateOffer } from '../mandates/MandateOffer.ts';
import { offerMandate } from '../mandates/offerMandate.ts';
import type { Party } from '../party/Party.ts';
import { readPatientState } from '../state/PatientState.ts';
import { restorePatient } from '../state/restorePatient.ts';
import { inTime } from '../test/inTime.ts';
import { heldAgainst } from './heldAgainst.ts';

const DAY = 86_400;

let network: TestNetwork;
before(async () => {
  network = await startTestNetwork({ guarded: true, cipher, further: ['mandates'] });
});
after(async () => await network.close());

function now(): number {
  return Math.floor(network.clock.now() / 1000);
}

/** A party whose offers show their exact end on the ledger. */
async function plain(): Promise<Party> {
  const party = await network.party('patient');
  const random = (size: number): Uint8Array =>
    size === 2 ? new Uint8Array(2) : party.random(size);
  return { ...party, random };
}

interface Family {
  readonly leo: Party;
  readonly forLeo: Party;
  readonly offer: MandateOffer;
  readonly mandate: Bytes32;
  readonly handle: Handle;
}

async function family(appoint = false): Promise<Family> {
  const [leo, marta] = [await network.party('patient'), await plain()];
  await commitEpochs(leo, 4);
  const { handle } = await readPatientState(leo);
  const offer = await offerMandate(marta, {
    handle,
    reason: 'x',
    until: now() + 30 * DAY,
    appoint,
  });
  const { mandate } = await giveMandate(leo, offer);
  const forLeo = await actFor(marta, offer.mandate);
  await restorePatient(forLeo);
  return { leo, forLeo, offer, mandate, handle };
}

/** The fault of a coordinator that released by a mandate at a moment by its own clock. */
async function faultAt(handle: Handle, grant: Bytes32, at: number): Promise<string | undefined> {
  const { address: coordinator, organisation } =
    network.file.channels[0]?.coordinators[0] ?? assert.fail();
  const body = { request: { message: { handle, grant } } } as Body;
  const releases = [{ organisation, coordinator, at }];
  const [held] = await heldAgainst(network.ledger, network.file, { body, releases });
  return held?.fault;
}

describe('a coordinator that released to a former representative', () => {
  // @attack a coordinator releases a record to a representative whose mandate is over | the ledger convicts it by its own time
  it('is convicted from a minute after the end that the patient signed', async () => {
    const { leo, mandate, handle } = await family();
    assert.equal(await faultAt(handle, mandate, now() + DAY), undefined);
    await inTime(network, endMandate(leo, mandate));
    assert.equal(await faultAt(handle, mandate, now()), undefined);
    assert.equal(await faultAt(handle, mandate, now() + DAY), 'ended');
  });

  it('is convicted after the representative laid it down', async () => {
    const { forLeo, mandate, handle } = await family();
    await resignMandate(forLeo);
    assert.equal(await faultAt(handle, mandate, now() + DAY), 'ended');
  });

  it('is convicted after its date, which no event tells', async () => {
    const { offer, mandate, handle } = await family();
    const { until } = offer.mandate;
    assert.equal(await faultAt(handle, mandate, until + 60), undefined);
    assert.equal(await faultAt(handle, mandate, until + 61), 'ended');
  });

  it('is convicted after the end of who appointed the representative', async () => {
    const { leo, forLeo, mandate, handle } = await family(true);
    const jano = await plain();
    const his = await offerMandate(jano, { handle, reason: 'cover', until: now() + 9 * DAY });
    const { mandate: appointed } = await giveMandate(forLeo, his);
    assert.equal(await faultAt(handle, appointed, now() + DAY), undefined);
    await restorePatient(leo);
    await inTime(network, endMandate(leo, mandate));
    assert.equal(await faultAt(handle, appointed, now() + DAY), 'ended');
  });

  it('is not convicted by the end of another mandate on the chart', async () => {
    const { leo, mandate, handle } = await family();
    const other = await offerMandate(await plain(), { handle, reason: 'y', until: now() + DAY });
    const { mandate: second } = await giveMandate(leo, other);
    await inTime(network, endMandate(leo, second));
    assert.equal(await faultAt(handle, mandate, now() + DAY), undefined);
  });
});
