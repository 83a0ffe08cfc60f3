import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ORGANISATIONS, startTestNetwork, type TestNetwork } from '../node/test/testNetwork.ts';
import type { CareCast, CastMember } from './Cast.ts';
import { playCare } from './test/playCare.ts';

const [HOSPITAL, LABORATORY, INSURER] = ORGANISATIONS;
let network: TestNetwork;
let cast: CareCast;
before(async () => {
  const further = ['prescriptions', 'vitalRecords', 'settlement', 'claims'] as const;
  network = await startTestNetwork({ seed: 'care', further });
  cast = {
    patient: await actor('patient', 'patient'),
    doctor: await actor('doctor', 'doctor'),
    specialist: await actor('specialist', 'doctor'),
    pharmacies: [
      await actor('pharmacist', 'pharmacist'),
      await actor('pharmacist-2', 'pharmacist'),
    ],
    child: await actor('child', 'patient'),
    registrar: await actor('registrar', 'registrar', LABORATORY),
    insurers: [await actor('insurer', 'insurer', LABORATORY), await actor('insurer-2', 'insurer')],
    verifiers: [
      await actor('verifier', 'verifier', INSURER),
      await actor('verifier-2', 'verifier', LABORATORY),
    ],
  };
});
after(async () => await network.close());

async function actor(
  name: string,
  role: CastMember['role'],
  organisation: CastMember['organisation'] = HOSPITAL,
): Promise<CastMember> {
  const party = await network.party(role, { organisation, enrolled: false });
  return { name, role, organisation, party, fresh: true };
}

describe('the care scenario', () => {
  it('is played from a visit to a death, with what must be refused', async () => {
    await playCare(cast);
    assert.deepEqual(network.failures, []);
  });
});
