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
import type { Party } from '../party/Party.ts';
import { addRecord } from '../records/addRecord.ts';
import { grantRight } from '../rights/grantRight.ts';
import { revokeRight } from '../rights/revokeRight.ts';
import { readPatientState } from '../state/PatientState.ts';
import { commitMore } from './commitEpochs.ts';
import { confirmSheet } from './confirmSheet.ts';
import { guardChart } from './guardChart.ts';
import { preparedIn } from './epochIdentity.ts';
import { keepPatientState } from '../state/keepPatientState.ts';

/** A chart whose epochs were prepared before the channel got a release key. */

let network: TestNetwork;
let care: Care;

before(async () => {
  network = await startTestNetwork({ guarded: true });
  care = await startCare(network);
});
after(async () => await network.close());

/** The patient as it was before the channel had a release key. */
function patientBefore(): Party {
  const channels = network.file.channels.map(({ release: _release, ...channel }) => channel);
  return { ...care.patient, network: { ...network.file, channels } };
}

/** Enters an epoch that was prepared without recipients of the patient's own. */
async function enterUnguarded(): Promise<void> {
  const party = patientBefore();
  const { keyring, ...state } = await readPatientState(party);
  const { own: _own, ...without } = keyring;
  const { epoch } = await confirmSheet(party, care.handle);
  const kept = await keepPatientState(party, { ...state, keyring: without });
  await commitMore(party, kept, epoch, preparedIn(keyring) + 1 - epoch);
  const { digest } = await grantRight(party, {
    grantee: care.stranger.address,
    categories: ['vitals'],
    actions: ['read'],
    purpose: 'TREAT',
    until: Math.floor(network.clock.now() / 1000) + 600,
  });
  await revokeRight(party, digest);
}

async function write(): Promise<void> {
  const { doctor, handle, right } = care;
  const version = { handle, category: 'vitals', purpose: 'TREAT', grant: right.grant } as const;
  await addRecord(doctor, { ...version, content: utf8ToBytes('a note') });
}

describe('a chart of before its channel had a release key', () => {
  it('is guarded once a device of its patient turned the keys, and not turned again', async () => {
    assert.equal(await guardChart(care.patient), false);
    await enterUnguarded();
    await assert.rejects(write(), failsWith('KEY_PENDING'));
    assert.equal(await guardChart(patientBefore()), false);
    assert.equal(await guardChart(care.patient), true);
    assert.ok((await confirmSheet(care.doctor, care.handle)).own);
    assert.equal(await guardChart(care.patient), false);
    await write();
  });

  it('is not the concern of whoever has no chart', async () => {
    await assert.rejects(guardChart(care.doctor), failsWith('NOT_FOUND'));
  });
});
