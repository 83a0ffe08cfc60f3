import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { utf8ToBytes } from '../../crypto/bytes.ts';
import { everything, startTestNetwork, type TestNetwork } from '../../node/test/testNetwork.ts';
import { commitEpochs } from '../epochs/commitEpochs.ts';
import { turnFormerKeys } from '../epochs/turnFormerKeys.ts';
import { addRecord } from '../records/addRecord.ts';
import { confirmChart } from '../records/confirmChart.ts';
import { readChart } from '../records/readChart.ts';
import { readRecord } from '../records/readRecord.ts';
import { grantRight, type GrantGiven } from '../rights/grantRight.ts';
import { readPatientState } from '../state/PatientState.ts';
import { restorePatient } from '../state/restorePatient.ts';
import { DIED, dyingDevice } from '../test/dyingDevice.ts';
import { readNotes } from '../test/readNotes.ts';
import { changeKey } from './changeKey.ts';
import { findParty } from './findParty.ts';
import { memoryDevice } from './memoryDevice.ts';
import { openParty, type Party } from './Party.ts';

/** Calls between two cuts, so that the test ends within minutes. */
const STRIDE = 3;

let network: TestNetwork;
let doctor: Party;

before(async () => {
  network = await startTestNetwork({ seed: 'cut changes of key' });
  doctor = await network.party('doctor');
});
after(async () => await network.close());

async function add(patient: Party, note: string): Promise<void> {
  const { handle } = await readPatientState(patient);
  const content = utf8ToBytes(note);
  await addRecord(patient, { handle, category: 'vitals', content, purpose: 'PATRQT' });
}

async function start(): Promise<{ readonly patient: Party; readonly right: GrantGiven }> {
  const patient = await network.party('patient');
  await commitEpochs(patient, 4);
  const right = await grantRight(patient, everything(doctor));
  await add(patient, 'before');
  return { patient, right };
}

async function ownNotes(patient: Party): Promise<number> {
  const { handle } = await readPatientState(patient);
  const chart = await readChart(patient, { handle, purpose: 'PATRQT' });
  for (const record of chart.records) await readRecord(patient, chart, record);
  return chart.records.length;
}

/** The party from words alone. */
async function fromWords({ agent, log }: Party, seed: Uint8Array): Promise<Party> {
  const at = { ...network.ports, clock: network.clock, network: network.file, agent, log };
  const address = await findParty(at, seed);
  const phone = await openParty({ ...at, seed, address, device: memoryDevice() });
  await restorePatient(phone);
  return phone;
}

it('a change of key that is cut off anywhere loses nothing, goes on by the new words elsewhere, and is done by a repeat', async (t) => {
  const rehearsal = dyingDevice((await start()).patient, Infinity, true);
  await changeKey(rehearsal.party, network.ports.random(32));
  const calls = rehearsal.calls().length;
  t.diagnostic(`${calls} calls`);
  for (let step = 1; step < calls; step += STRIDE) {
    const where = `call ${step} of ${calls}`;
    const { patient, right } = await start();
    const seed = network.ports.random(32);
    const { party } = dyingDevice(patient, step, true);
    await changeKey(party, seed).catch((error: Error) => assert.equal(error.message, DIED, where));
    // Either words bring the chart back: the old ones until the ledger has the change, the new ones after it.
    const { keyChanges } = await patient.agent.card(patient.address);
    const isDone = keyChanges !== undefined;
    const phone = await fromWords(patient, isDone ? seed : patient.keys.seed());
    assert.equal(await ownNotes(phone), 1, where);
    if (isDone) {
      // The new words finish it there, though the device that died never comes back.
      await turnFormerKeys(phone);
      const { keyring } = await readPatientState(phone);
      const { patient: facts } = await confirmChart(phone, { handle: keyring.handle, keyring });
      assert.ok(keyring.former !== undefined && facts.first > keyring.former, where);
    }
    const { party: renewed } = await changeKey(patient, seed);
    await add(renewed, 'after');
    assert.equal(await ownNotes(renewed), 2, where);
    assert.equal(await ownNotes(await fromWords(patient, seed)), 2, where);
    assert.equal((await readNotes(doctor, right)).length, 2, where);
  }
});
