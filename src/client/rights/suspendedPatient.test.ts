import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { utf8ToBytes } from '../../crypto/bytes.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { suspend } from '../../node/test/suspend.ts';
import {
  everything,
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import type { End } from '../../protocol/struct/requests.ts';
import { submitEnd } from '../agent/submit.ts';
import { readAudit } from '../audit/readAudit.ts';
import { commitEpochs } from '../epochs/commitEpochs.ts';
import { eraseKeys } from '../epochs/eraseKeys.ts';
import { checkInbox } from '../care/inbox/checkInbox.ts';
import { sendLetter } from '../letters/letters.ts';
import { changeKey } from '../party/changeKey.ts';
import { addRecord } from '../records/addRecord.ts';
import type { LoggedVersion } from '../records/logVersion.ts';
import { readChart } from '../records/readChart.ts';
import { readRecord } from '../records/readRecord.ts';
import { restorePatient } from '../state/restorePatient.ts';
import { grantRight } from './grantRight.ts';
import { revokeRight } from './revokeRight.ts';
import type { KnownGrant } from '../state/PatientState.ts';

/** A patient whose phone was stolen, and who had the authority suspend the key. */

let network: TestNetwork;
let care: Care;
let one: KnownGrant;

before(async () => {
  network = await startTestNetwork({ guarded: true });
  care = await startCare(network);
  const { doctor, patient, stranger } = care;
  const { record } = await write('before');
  const given = { ...everything(stranger), categories: ['vitals'], actions: ['read'] } as const;
  const right = await grantRight(patient, { ...given, record });
  one = { ...right, sealedTo: 0 };
  // Its end turns the keys while the patient cannot sign.
  await grantRight(patient, {
    ...everything(doctor),
    until: Math.floor(network.clock.now() / 1000) + 60,
  });
  await suspend(network, patient, 1);
  network.clock.advance(61_000);
});
after(async () => await network.close());

async function write(note: string, amends?: LoggedVersion): Promise<LoggedVersion> {
  const { doctor, handle, right } = care;
  const version = { handle, category: 'vitals', purpose: 'TREAT', grant: right.grant } as const;
  const content = utf8ToBytes(note);
  return await addRecord(doctor, { ...version, content, ...(amends && { amends }) });
}

describe('the key of a suspended patient', () => {
  // @actor a thief whose patient was suspended | to have anything done that the key signs
  it('does nothing, whatever it signs', async () => {
    const { doctor, handle, patient, right } = care;
    const version = { handle, category: 'vitals', purpose: 'PATRQT' } as const;
    for (const [name, run] of [
      ['read', async () => await readChart(patient, { handle, purpose: 'PATRQT' })],
      ['add', async () => await addRecord(patient, { ...version, content: utf8ToBytes('no') })],
      ['grant', async () => await grantRight(patient, everything(doctor))],
      ['revoke', async () => await revokeRight(patient, right.digest)],
      ['end', async () => await submitEnd(patient, endOf(right.digest))],
      ['commit', async () => await commitEpochs(patient, 90)],
      ['erase', async () => await eraseKeys(patient, 'vitals')],
      ['audit', async () => await readAudit(patient)],
      ['restore', async () => await restorePatient(patient)],
      ['change', async () => await changeKey(patient, network.ports.random(32))],
      ['letters', async () => await checkInbox(patient)],
      ['send', async () => await sendLetter(patient, doctor.address, { grant: right.grant })],
    ] as const) {
      await assert.rejects(run(), isSuspended, name);
    }
  });
});

/** An end of a right that no node may keep. */
function endOf(grant: Bytes32): End {
  const deadline = Math.floor(network.clock.now() / 1000) + 300;
  return { handle: care.handle, grant, deadline };
}

/** A node says so before it does anything, or the contract. */
function isSuspended(error: unknown): boolean {
  return (
    isMedsealError(error, 'PARTY_SUSPENDED') ||
    (isMedsealError(error, 'RULE_REFUSED') && error.message.includes('PartyIsSuspended'))
  );
}

describe('a right that stood before its patient was suspended', () => {
  // @actor who reports a patient's phone as stolen | locks the treating hospital out of the chart
  it('lets its grantee read, add and amend, in an epoch that began meanwhile too', async () => {
    const { doctor, handle, right } = care;
    const amends = await write('meanwhile');
    await write('amended', amends);
    const chart = await readChart(doctor, { handle, grant: right.grant, purpose: 'TREAT' });
    const notes: Uint8Array[] = [];
    for (const record of chart.records) {
      notes.push((await readRecord(doctor, chart, record)).content);
    }
    assert.deepEqual(notes, ['before', 'meanwhile', 'amended'].map(utf8ToBytes));
    assert.ok((chart.records.at(-1)?.epoch ?? 0) > (chart.records[0]?.epoch ?? 0));
  });

  it('to one record alone lets its grantee read that', async () => {
    const { stranger, handle } = care;
    const chart = await readChart(stranger, { handle, grant: one.grant, purpose: 'TREAT' });
    assert.equal(chart.records.length, 1);
    for (const record of chart.records) await readRecord(stranger, chart, record);
  });
});
