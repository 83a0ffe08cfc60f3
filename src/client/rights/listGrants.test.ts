import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { furtherDevice } from '../../node/test/furtherDevice.ts';
import { suspend } from '../../node/test/suspend.ts';
import {
  behind,
  everything,
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import { bytesToHex } from '../../crypto/bytes.ts';
import { digestOf, sign } from '../../protocol/struct/signing.ts';
import { signatory } from '../../protocol/test/sampleNetwork.ts';
import { bindDevice } from '../devices/bindDevice.ts';
import { endDevice } from '../devices/endDevice.ts';
import type { Party } from '../party/Party.ts';
import { restorePatient } from '../state/restorePatient.ts';
import { grantRight } from './grantRight.ts';
import { listGrants } from './listGrants.ts';

let network: TestNetwork;
let care: Care;
let phone: Party;

before(async () => {
  network = await startTestNetwork();
  care = await startCare(network);
  phone = await furtherDevice(network, care.patient);
  await restorePatient(phone);
});
after(async () => await network.close());

describe('a right that was given on another device of the patient', () => {
  it('is listed with its terms', async () => {
    const given = await grantRight(care.patient, everything(care.stranger));
    const listed = await listGrants(phone);
    const { grant, state } = listed.find(({ digest }) => digest === given.digest) ?? {};
    assert.deepEqual([grant, state], [given.grant, 'holds']);
  });

  // @attack a lost sensor goes on, since another device of the patient bound it | the same
  it('ends with the device that it binds', async () => {
    const { address } = signatory('lost scale');
    const to = { gateway: care.doctor.address, categories: ['vitals'] as const };
    const until = Math.floor(network.clock.now() / 1000) + 3600;
    await bindDevice(care.patient, { device: { address, model: 'S', serial: '1' }, ...to, until });
    assert.equal((await endDevice(phone, address)).length, 1);
  });
});

describe('a grant that no device of the patient knows', () => {
  it('is listed as unknown, and looked for in the newest state once', async () => {
    const salt = bytesToHex(phone.random(16));
    const grant = { ...care.right.grant, terms: { ...care.right.grant.terms, salt } };
    const digest = digestOf(phone, 'Grant', grant);
    const request = sign(phone, phone, 'Grant', grant);
    const [placed] = await network.services('hospital').administrator.carry('Grant', [request]);
    assert.ok(placed && 'block' in placed);
    let views = 0;
    const watched = behind(phone, {
      submit: async (submissions) => {
        views += submissions.filter(({ request: { type } }) => type === 'View').length;
        return await phone.agent.submit(submissions);
      },
    });
    for (const _ of [1, 2, 3]) {
      const found = (await listGrants(watched)).find((each) => each.digest === digest);
      assert.deepEqual(found, { digest, state: 'unknown' });
    }
    assert.equal(views, 1, 'each look is a view of the chart in the audit');
  });

  it('is listed as unknown while the patient is suspended and reads nothing', async () => {
    const { digest } = await grantRight(care.patient, everything(care.stranger));
    await suspend(network, care.patient, 1);
    const found = (await listGrants(phone)).find((each) => each.digest === digest);
    assert.equal(found?.state, 'unknown');
  });
});
