import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { furtherDevice } from '../../node/test/furtherDevice.ts';
import type { TestNetwork } from '../../node/test/testNetwork.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { signatory } from '../../protocol/test/sampleNetwork.ts';
import type { Party } from '../party/Party.ts';
import { readChart } from '../records/readChart.ts';
import { readPatientState } from '../state/PatientState.ts';
import { restorePatient } from '../state/restorePatient.ts';
import { startWithDevice } from '../test/startWithDevice.ts';
import { endDevice } from './endDevice.ts';
import { listDevices } from './listDevices.ts';
import { LONGEST_DEVICE_NAME, nameDevice } from './nameDevice.ts';

const cuff = signatory('cuff of the family').address;
const NAME = 'Grandma’s cuff 🩺';
let network: TestNetwork;
let patient: Party;
let gateway: Party;

before(async () => {
  ({ network, patient, gateway } = await startWithDevice({
    device: { address: cuff, model: 'Cuff 3' },
    epochs: 4,
  }));
});
after(async () => await network.close());

/** Names of the devices of a patient's list. */
async function namesIn(party: Party): Promise<readonly (string | undefined)[]> {
  return (await listDevices(party)).map(({ name }) => name);
}

/** Names as the chart gives them, and in nobody's hands but the patient's. */
async function namesOnChart(party: Party): Promise<unknown> {
  const { handle } = await readPatientState(patient);
  return (await readChart(party, { handle, purpose: 'PATRQT' })).deviceNames;
}

describe('the name that a patient gives to a device', () => {
  it('stands in the list and with the chart, also on a device that has an older state and on one that is new', async () => {
    const other = await furtherDevice(network, patient);
    await restorePatient(other);
    assert.deepEqual(await namesIn(patient), [undefined]);
    await nameDevice(patient, cuff, NAME);
    assert.deepEqual(await namesIn(patient), [NAME]);
    assert.deepEqual(await namesOnChart(other), { [cuff]: NAME });
    const fresh = await furtherDevice(network, patient);
    await restorePatient(fresh);
    assert.deepEqual(await namesIn(fresh), [NAME]);
  });

  it('replaces the former one, also from a device that was behind, and the same name again stores nothing', async () => {
    const other = await furtherDevice(network, patient);
    await restorePatient(other);
    await nameDevice(patient, cuff, 'Cuff of the kitchen');
    await nameDevice(other, cuff, 'Cuff of the hall');
    const { revision } = await readPatientState(other);
    await nameDevice(other, cuff, 'Cuff of the hall');
    assert.equal((await readPatientState(other)).revision, revision);
    assert.deepEqual(await namesOnChart(patient), { [cuff]: 'Cuff of the hall' });
  });

  it('is refused if it is empty, too long, or has characters that nobody sees', async () => {
    const { revision } = await readPatientState(patient);
    const most = 'x'.repeat(LONGEST_DEVICE_NAME);
    const others = [
      '',
      ' ',
      `${most}x`,
      ' cuff',
      'cuff ',
      'two\nlines',
      'bell\u0007',
      '\u202effuc',
      'zero\u200bwidth',
      'half \ud800',
    ];
    for (const name of others) {
      await assert.rejects(nameDevice(patient, cuff, name), failsWith('ARGUMENT_INVALID'), name);
    }
    assert.equal((await readPatientState(patient)).revision, revision);
    await nameDevice(patient, cuff, most);
  });

  it('is refused for a device that was never bound to the chart, and to everybody who is not a patient', async () => {
    const foreign = signatory('cuff of the neighbours').address;
    await assert.rejects(nameDevice(patient, foreign, NAME), failsWith('ARGUMENT_INVALID'));
    await assert.rejects(nameDevice(patient, '0x12', NAME), failsWith('ARGUMENT_INVALID'));
    await assert.rejects(nameDevice(gateway, cuff, NAME), failsWith('NOT_FOUND'));
  });

  it('stays once the device has ended, for the readings that it brought, and can be taken back', async () => {
    await restorePatient(patient);
    await nameDevice(patient, cuff, NAME);
    await endDevice(patient, cuff);
    assert.deepEqual(await namesOnChart(patient), { [cuff]: NAME });
    await nameDevice(patient, cuff, undefined);
    assert.deepEqual(await namesOnChart(patient), {});
  });
});
