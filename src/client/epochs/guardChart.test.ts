import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { utf8ToBytes } from '../../crypto/bytes.ts';
import {
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { addRecord } from '../records/addRecord.ts';
import { beforeRelease, enterUnguarded } from '../test/enterUnguarded.ts';
import { memoryDevice } from '../party/memoryDevice.ts';
import type { Party } from '../party/Party.ts';
import { readPatientState } from '../state/PatientState.ts';
import { restorePatient } from '../state/restorePatient.ts';
import { commitMore } from './commitEpochs.ts';
import { confirmSheet } from './confirmSheet.ts';
import { holdsOwn, preparedIn } from './epochIdentity.ts';
import { guardChart } from './guardChart.ts';

/** A chart whose epochs were prepared before the channel got a release key. */

let network: TestNetwork;
let care: Care;

before(async () => {
  network = await startTestNetwork({ guarded: true });
  care = await startCare(network);
});
after(async () => await network.close());

async function write(): Promise<void> {
  const { doctor, handle, right } = care;
  const version = { handle, category: 'vitals', purpose: 'TREAT', grant: right.grant } as const;
  await addRecord(doctor, { ...version, content: utf8ToBytes('a note') });
}

describe('a chart of before its channel had a release key', () => {
  // @attack a chart of before the release key is written to so that it opens without a release, or that its patient cannot open it alone | refused until the patient’s device turned the keys
  it('is guarded once a device of its patient turned the keys, and not turned again', async () => {
    assert.equal(await guardChart(care.patient), false);
    await enterUnguarded(care.patient, care.stranger.address);
    await assert.rejects(write(), failsWith('KEY_PENDING'));
    assert.equal(await guardChart(beforeRelease(care.patient)), false);
    assert.equal(await guardChart(care.patient), true);
    assert.ok((await confirmSheet(care.doctor, care.handle)).own);
    assert.equal(await guardChart(care.patient), false);
    await write();
  });

  // @attack a patient loses the only device after the channel got a release key, and before the keys turned | the words bring the chart back, and the keys turn then
  it('is restored by the words alone on a device that has nothing, which guards it then', async () => {
    const fresh = (): Party => ({ ...care.patient, device: memoryDevice() });
    await enterUnguarded(care.patient, care.stranger.address);
    const other = fresh();
    const { state } = await restorePatient(other);
    assert.equal(state.handle, care.handle);
    assert.equal(await guardChart(other), true);
    await write();
    const { state: after } = await restorePatient(fresh());
    assert.ok(holdsOwn(after.keyring, preparedIn(after.keyring)));
    await restorePatient(care.patient);
  });

  it('is restored as well if a device began to guard it, and did not go on', async () => {
    const { patient, stranger, handle } = care;
    await enterUnguarded(patient, stranger.address);
    const { epoch } = await confirmSheet(patient, handle);
    // It has kept the secret and committed to the next epochs; the keys have not turned.
    const begun = await readPatientState(patient);
    await commitMore(patient, begun, epoch, preparedIn(begun.keyring) + 1 - epoch);
    const other: Party = { ...patient, device: memoryDevice() };
    await restorePatient(other);
    assert.equal(await guardChart(other), true);
    await restorePatient(patient);
    assert.equal(await guardChart(patient), false);
    await write();
  });

  it('is not the concern of whoever has no chart', async () => {
    await assert.rejects(guardChart(care.doctor), failsWith('NOT_FOUND'));
  });
});
