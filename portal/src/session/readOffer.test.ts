import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { simulatedCipher as cipher } from '../../../proof/simulation/simulatedCipher.ts';
import {
  endMandate,
  giveMandate,
  keepOffered,
  offerMandate,
  readPatientState,
  restorePatient,
  type MandateOffer,
  type Party,
} from '../../../src/client/index.ts';
import { keepPatientState } from '../../../src/client/state/keepPatientState.ts';
import { inTime } from '../../../src/client/test/inTime.ts';
import { startTestNetwork, type TestNetwork } from '../../../src/node/test/testNetwork.ts';
import { failsWith } from '../../../src/protocol/test/failsWith.ts';
import { heldMandates } from './heldMandates.ts';
import { mandatesHere } from './mandatesHere.ts';
import { readOffer } from './readOffer.ts';

let network: TestNetwork;
before(async () => {
  network = await startTestNetwork({ guarded: true, cipher, further: ['mandates'] });
});
after(async () => await network.close());

const DAY = 86_400;
const now = (): number => Math.floor(network.clock.now() / 1000);

function fileOf(offer: unknown): Pick<File, 'size' | 'text'> {
  return new File([JSON.stringify(offer)], 'offer.json');
}

/** A patient, and another party that offers to act for them. */
async function family(days = 30) {
  const [party, marta] = [await network.party('patient'), await network.party('patient')];
  const { handle } = await readPatientState(party);
  const wanted = { handle, reason: 'my son', until: now() + days * DAY, audit: true };
  return { leo: { party, handle }, marta, offer: await offerMandate(marta, wanted) };
}

async function statesOf(party: Party): Promise<readonly string[]> {
  return (await heldMandates(party)).map(({ state }) => state);
}

describe('the file of an offer', () => {
  it('is read if the patient can give it, also once it was given', async () => {
    const { leo, offer } = await family();
    assert.deepEqual(await readOffer(leo, fileOf(offer)), offer);
    await giveMandate(leo.party, offer);
    assert.deepEqual(await readOffer(leo, fileOf(offer)), offer);
  });

  it('is refused if it is another file, or too large', async () => {
    const { leo, offer } = await family();
    const malformed = failsWith('REQUEST_MALFORMED');
    await assert.rejects(readOffer(leo, fileOf({ format: 'other' })), malformed);
    await assert.rejects(readOffer(leo, fileOf({ ...offer, more: 1 })), malformed);
    const large = new File([' '.repeat(70_000)], 'offer.json');
    await assert.rejects(readOffer(leo, large), malformed);
  });

  it('is refused for another patient, and as one’s own', async () => {
    const { offer } = await family();
    const other = await family();
    await assert.rejects(readOffer(other.leo, fileOf(offer)), failsWith('RIGHT_MISSING'));
    const { party, handle } = other.leo;
    const own = await offerMandate(party, { handle, reason: 'me', until: now() + DAY });
    await assert.rejects(readOffer(other.leo, fileOf(own)), failsWith('ARGUMENT_INVALID'));
  });

  it('is refused if it was altered, or made in the name of another', async () => {
    const { leo, marta, offer } = await family();
    const { mandate } = offer;
    const altered = { ...offer, mandate: { ...mandate, powers: 7 } };
    await assert.rejects(readOffer(leo, fileOf(altered)), failsWith('SIGNATURE_INVALID'));
    const { address: representative, recipient } = await network.party('doctor');
    const forged = { ...mandate, terms: { ...mandate.terms, representative } };
    const inName = { ...offer, mandate: forged };
    await assert.rejects(readOffer(leo, fileOf(inName)), failsWith('SIGNATURE_INVALID'));
    const sealed: MandateOffer = { ...offer, recipient };
    await assert.rejects(readOffer(leo, fileOf(sealed)), failsWith('KEY_UNAUTHENTIC'));
    const stranger = { ...mandate, terms: { ...mandate.terms, representative: mandate.key } };
    const unknown = { ...offer, mandate: stranger };
    await assert.rejects(readOffer(leo, fileOf(unknown)), failsWith('PARTY_UNKNOWN'));
    assert.notEqual(marta.address, representative);
  });

  it('is refused once it is over, or its mandate ended', async () => {
    const { leo, offer } = await family();
    const { mandate } = await giveMandate(leo.party, offer);
    await inTime(network, endMandate(leo.party, mandate));
    await assert.rejects(readOffer(leo, fileOf(offer)), failsWith('RIGHT_ENDED'));
    const short = await family(1);
    const long = await family();
    network.clock.advance(2 * DAY * 1000);
    await assert.rejects(readOffer(short.leo, fileOf(short.offer)), failsWith('RIGHT_ENDED'));
    network.clock.advance(6 * DAY * 1000);
    await assert.rejects(readOffer(long.leo, fileOf(long.offer)), failsWith('RIGHT_ENDED'));
  });
});

describe('the list of mandates', () => {
  it('says of each on either side how it stands with it', async () => {
    const { leo, marta, offer } = await family();
    await keepOffered(marta, { mandate: offer.mandate, name: 'Leo' });
    assert.deepEqual(await statesOf(marta), ['offered']);
    assert.deepEqual(await mandatesHere(leo), []);
    const { mandate } = await giveMandate(leo.party, offer);
    assert.deepEqual(await statesOf(marta), ['active']);
    const [given] = await mandatesHere(leo);
    assert.equal(given?.stands, 'active');
    assert.equal(given.opening?.terms.representative, marta.address);
    await inTime(network, endMandate(leo.party, mandate));
    assert.deepEqual(await statesOf(marta), ['ended']);
    assert.deepEqual(
      (await mandatesHere(leo)).map(({ stands }) => stands),
      ['ended'],
    );
  });

  it('says that an offer is over which nobody gave in time, and a mandate after its date', async () => {
    const { leo, marta, offer } = await family(10);
    const late = await family(30);
    await keepOffered(marta, { mandate: offer.mandate, name: 'Leo' });
    await keepOffered(marta, { mandate: late.offer.mandate, name: 'Ana' });
    await giveMandate(leo.party, offer);
    network.clock.advance(11 * DAY * 1000);
    assert.deepEqual(
      (await heldMandates(marta)).map(({ name, state }) => [name, state]),
      [
        ['Ana', 'over'],
        ['Leo', 'over'],
      ],
    );
  });

  it('knows what another device of the patient gave, and leaves a key unknown that none knows', async () => {
    const { leo, offer } = await family();
    const { device } = await network.party('doctor');
    const other: Party = { ...leo.party, device };
    await restorePatient(other);
    await giveMandate(leo.party, offer);
    const [known] = await mandatesHere({ party: other });
    assert.equal(known?.opening?.terms.reason, 'my son');
    await keepPatientState(other, { ...(await readPatientState(other)), mandates: [] });
    const [unknown] = await mandatesHere({ party: other });
    assert.equal(unknown?.opening, undefined);
    assert.equal(unknown?.stands, 'active');
  });
});
