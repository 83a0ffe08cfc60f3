import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import {
  behind,
  everything,
  startTestNetwork,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { seconds } from '../../protocol/Clock.ts';
import { commitEpochs } from '../epochs/commitEpochs.ts';
import type { Party } from '../party/Party.ts';
import { grantRight } from '../rights/grantRight.ts';
import { listGrants } from '../rights/listGrants.ts';
import { revokeRight } from '../rights/revokeRight.ts';
import { DIED, dyingDevice } from '../test/dyingDevice.ts';
import { placesToCut } from '../test/placesToCut.ts';
import { applyRules } from './applyRules.ts';
import { addRule, removeRule } from './changeRules.ts';

let network: TestNetwork;
let patient: Party;
let doctor: Party;
const DENIED = { name: 'not psychiatry', kind: 'deny', categories: ['sensitive'] } as const;

before(async () => {
  network = await startTestNetwork();
  patient = await network.party('patient');
  await commitEpochs(patient, 30);
  doctor = await network.party('doctor');
});
after(async () => await network.close());

/** Categories of the rights that stand. */
async function standing(): Promise<readonly string[]> {
  const holding = (await listGrants(patient)).filter(({ state }) => state === 'holds');
  return holding.map(({ grant }) => grant?.terms.categories.join() ?? '');
}

/** Gives one right by itself, and then the rule that denies a part of it. */
async function givenAndDenied(): Promise<void> {
  for (const { digest, state } of await listGrants(patient)) {
    if (state === 'holds') await revokeRight(patient, digest);
  }
  await removeRule(patient, DENIED.name);
  const until = seconds(network.clock) + 3600;
  const right = { ...everything(doctor), categories: ['billing', 'sensitive'] } as const;
  await grantRight(patient, { ...right, actions: ['read'], until });
  await addRule(patient, DENIED);
}

describe('the rest of a right that a rule narrows', () => {
  // @class a plan whose later steps are only in memory when its first one ends something | is forgotten with the program
  // @actor a device that is cut off between the end of a right that a rule narrows and the gift of its rest | loses a right that nobody asked to end, for good
  it('is given, wherever the device was cut off between the end and the gift', async () => {
    await givenAndDenied();
    const whole = dyingDevice(patient, Infinity, true);
    await applyRules(whole.party);
    assert.deepEqual(await standing(), ['billing']);
    for (const step of placesToCut(whole.calls(), 4)) {
      await givenAndDenied();
      const where = `call ${step} of ${whole.calls().length}`;
      await applyRules(dyingDevice(patient, step, true).party).catch((error: Error) => {
        assert.equal(error.message, DIED, where);
      });
      await applyRules(patient);
      assert.deepEqual(await standing(), ['billing'], where);
    }
  });

  // @actor a grantee whose key changed while a rule narrows the right | loses the rest of the right for good
  it('is given later, if the grantee could not be given it at once', async () => {
    await givenAndDenied();
    const unsure = behind(patient, {
      card: async () => await Promise.reject(new MedsealError('PARTY_UNKNOWN', {})),
    });
    const { failed } = await applyRules(unsure);
    assert.deepEqual([failed.length, await standing()], [1, []]);
    assert.equal((await applyRules(patient)).given.length, 1);
    assert.deepEqual(await standing(), ['billing']);
  });

  it('is not given again, once it was given and the patient ended it', async () => {
    await givenAndDenied();
    await applyRules(patient);
    for (const { digest } of await listGrants(patient))
      await revokeRight(patient, digest).catch(() => undefined);
    await applyRules(patient);
    assert.deepEqual(await standing(), []);
  });
});
