import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { bytesToUtf8, utf8ToBytes } from '../../crypto/bytes.ts';
import { SPAN, earlierIdentity } from '../../crypto/keys/earlierIdentity.ts';
import { collectBytes } from '../../crypto/sealing/collectBytes.ts';
import { openBytes } from '../../crypto/sealing/openBytes.ts';
import { nativeCipher } from '../../native/nativeCipher.ts';
import { everything, startTestNetwork, type TestNetwork } from '../../node/test/testNetwork.ts';
import type { Packet } from '../../protocol/rights/epochs.ts';
import type { Handle } from '../../protocol/ids.ts';
import { addRecord } from '../records/addRecord.ts';
import { commitEpochs } from './commitEpochs.ts';
import { confirmFacts } from '../audit/confirmFacts.ts';
import { grantRight, type GrantGiven, type RightGiven } from '../rights/grantRight.ts';
import { memoryDevice } from '../party/memoryDevice.ts';
import { openSealed } from '../records/openSealed.ts';
import type { Party } from '../party/Party.ts';
import { readPatientState } from '../state/PatientState.ts';
import { readChart } from '../records/readChart.ts';
import { readRecords } from '../records/readRecords.ts';
import { restorePatient } from '../state/restorePatient.ts';
import { revokeRight } from '../rights/revokeRight.ts';
import { readNotes } from '../test/readNotes.ts';

/** More epochs than a span has. */
const EPOCHS = SPAN + 3;

function reading(to: Party): RightGiven {
  return { ...everything(to), categories: ['vitals'], actions: ['read'] };
}

describe('a patient whose keys turned more often than a span is long', () => {
  let network: TestNetwork;
  let patient: Party;
  let doctor: Party;
  let nurse: Party;
  let handle: Handle;
  let lasting: GrantGiven;
  let former: GrantGiven;
  const notes: string[] = [];

  async function add(): Promise<void> {
    const { patient: facts } = await confirmFacts(patient, { handle });
    const note = `epoch ${facts?.epoch}`;
    const content = utf8ToBytes(note);
    await addRecord(patient, { handle, category: 'vitals', content, purpose: 'PATRQT' });
    notes.push(note);
  }

  before(async () => {
    network = await startTestNetwork({ seed: 'many epochs' });
    patient = await network.party('patient');
    doctor = await network.party('doctor');
    nurse = await network.party('nurse');
    await commitEpochs(patient, 8);
    ({ handle } = await readPatientState(patient));
    lasting = await grantRight(patient, reading(doctor));
    await add();
    for (let epoch = 2; epoch <= EPOCHS; epoch++) {
      former = await grantRight(patient, reading(nurse));
      await revokeRight(patient, former.digest);
      if (epoch >= SPAN - 1) await add();
    }
  });
  after(async () => await network.close());

  it('is in the epoch after the last end', () => {
    assert.deepEqual(
      notes,
      [1, 127, 128, 129, 130, 131].map((epoch) => `epoch ${epoch}`),
    );
  });

  it('is read from the first epoch to the last by whoever kept a right', async () => {
    assert.deepEqual(await readNotes(doctor, lasting), notes);
  });

  it('lets the former grantee open what was there, and nothing that came after', async () => {
    const range = { gte: `packet/${former.digest}/`, lt: `packet/${former.digest}0` };
    const kept = await network.database('hospital', 'kept').values(range).all();
    const keys: string[] = [];
    for (const sealed of kept) {
      const packet = await openSealed<Packet>(nurse, handle, JSON.parse(sealed) as string);
      for (const { vitals = '' } of Object.values(packet.identities)) {
        for (let steps = 0; steps < SPAN; steps++) keys.push(earlierIdentity(vitals, steps));
      }
    }
    const { records } = await readChart(patient, { handle, purpose: 'PATRQT' });
    const files = records.map(({ file }) => network.services().contributor.file(file));
    const opened = await Promise.allSettled(
      files.map(async (file) => {
        const options = { cipher: nativeCipher };
        return bytesToUtf8(await openBytes(keys, await collectBytes(file), options));
      }),
    );
    assert.deepEqual(
      opened.map((each) => (each.status === 'fulfilled' ? each.value : each.reason.code)),
      [...notes.slice(0, -1), 'SEAL_UNREADABLE'],
    );
  });

  it('has all of it again from the phrase', async () => {
    const seed = patient.keys.seed();
    const phone = {
      ...(await network.party('patient', { seed, enrolled: false })),
      device: memoryDevice(),
    };
    const { state } = await restorePatient(phone);
    assert.deepEqual(state, await readPatientState(patient));
    assert.deepEqual(Object.keys(state.keyring.keys), [String(SPAN), String(2 * SPAN)]);
    const chart = await readChart(phone, { handle, purpose: 'PATRQT' });
    const read: string[] = [];
    for await (const each of readRecords(phone, chart, chart.records)) {
      assert.ok('content' in each);
      read.push(bytesToUtf8(each.content));
    }
    assert.deepEqual(read, notes);
  });
});
