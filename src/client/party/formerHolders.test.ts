import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { utf8ToBytes } from '../../crypto/bytes.ts';
import { openFileKey } from '../../crypto/sealing/openFileKey.ts';
import { Adversary } from '../../../proof/keys/Adversary.ts';
import { NodesHeld } from '../../../proof/keys/NodesHeld.ts';
import { simulatedCipher as cipher } from '../../../proof/simulation/simulatedCipher.ts';
import {
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import type { KeyChangeAsked } from '../../protocol/AgentPort.ts';
import { LONGEST_STATE } from '../../protocol/rights/requireKeepable.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { commitEpochs } from '../epochs/commitEpochs.ts';
import { confirmSheet } from '../epochs/confirmSheet.ts';
import { refreshPackets } from '../epochs/refreshPackets.ts';
import { addRecord } from '../records/addRecord.ts';
import { confirmChart } from '../records/confirmChart.ts';
import { keepPatientState } from '../state/keepPatientState.ts';
import { readPatientState } from '../state/PatientState.ts';
import { restorePatient } from '../state/restorePatient.ts';
import { keysOfSpan } from '../test/keysOfSpan.ts';
import { turnFormerKeys } from '../epochs/turnFormerKeys.ts';
import { DIED } from '../test/dyingDevice.ts';
import { changeKey } from './changeKey.ts';
import { findParty } from './findParty.ts';
import { memoryDevice } from './memoryDevice.ts';
import { openParty, type Party } from './Party.ts';

let network: TestNetwork;
let care: Care;

before(async () => {
  network = await startTestNetwork({ guarded: true, cipher, cared: false });
  care = await startCare(network);
});
after(async () => await network.close());

// @actor a thief of a patient's former key, together with somebody who may read | to open guarded records of later epochs without a release
it('a thief of a former key opens nothing of later epochs, beside somebody who may read', async () => {
  const { doctor, patient, handle, right } = care;
  const [held, thief, grantee] = [new NodesHeld(), new Adversary(cipher), new Adversary(cipher)];
  const watched = (party: Party): Party => ({ ...party, agent: held.watch(party.agent) });
  thief.stole(patient.keys);
  grantee.has(doctor.keys.identity());
  const version = { handle, category: 'vitals', purpose: 'TREAT', grant: right.grant } as const;
  const epochs: number[] = [];
  const write = async (): Promise<void> => {
    await addRecord(watched(doctor), { ...version, content: utf8ToBytes('a note') });
    epochs.push((await confirmSheet(doctor, handle)).epoch);
  };
  // It keeps the state for old and new devices, so the thief sees all of what the former key opens.
  await commitEpochs(watched(patient), 12);
  await write();
  const changed = await changeKey(watched(patient), network.ports.random(32));
  await refreshPackets(changed.party);
  await write();
  assert.deepEqual([...(await grantee.open(held))], [], 'a grantee needs a release');
  await thief.open(held);
  const [before, later] = [...held.files.values()].map(async (file, place) => {
    const own = thief.ownIdentitiesWith(grantee, epochs[place] ?? 0);
    return await openFileKey(own, [file], { cipher });
  });
  assert.ok(await before, 'the thief has all that was there');
  await assert.rejects(later ?? assert.fail(), failsWith('SEAL_UNREADABLE'));
});

// @actor a thief of a patient's key and a node, while the key changes | to have the new key go on with keys of the thief's choice
it('a thief who keeps a state for both keys before the ledger takes the change chooses no later key', async () => {
  const patient = await network.party('patient');
  await commitEpochs(patient, 4);
  const thief: Party = { ...patient, device: memoryDevice() };
  const chosen = keysOfSpan(7);
  const agent: Party['agent'] = Object.create(patient.agent) as Party['agent'];
  Object.assign(agent, {
    changeKey: async (asked: KeyChangeAsked) => {
      const { state } = await restorePatient(thief);
      const { keyring } = state;
      const keys = { ...keyring.keys, 256: chosen, 384: chosen };
      const both = [thief.recipient, asked.card.recipient];
      const forged = { ...state, keyring: { ...keyring, keys } };
      await keepPatientState(thief, forged, [], LONGEST_STATE, both);
      return await patient.agent.changeKey(asked);
    },
  });
  const { party: renewed } = await changeKey({ ...patient, agent }, network.ports.random(32));
  await commitEpochs(renewed, 140);
  const { keyring } = await readPatientState(renewed);
  const had = Object.values((await readPatientState(thief)).keyring.keys).flatMap(Object.values);
  const { former = 0 } = keyring;
  assert.ok(former >= 4);
  const later = Object.entries(keyring.keys).filter(([end]) => Number(end) > former);
  assert.ok(later.length >= 2);
  for (const [, keys] of later) {
    for (const key of Object.values(keys)) assert.ok(!had.includes(key));
  }
  const { patient: facts } = await confirmChart(renewed, { handle: keyring.handle, keyring });
  assert.ok(facts.first > former);
});

/** The patient at an agent that does something before the ledger takes a change of key, and whose device dies right after it. */
function dyingChange(
  patient: Party,
  before: (asked: KeyChangeAsked) => Promise<void> = async () => await Promise.resolve(),
): Party {
  const agent: Party['agent'] = Object.create(patient.agent) as Party['agent'];
  Object.assign(agent, {
    changeKey: async (asked: KeyChangeAsked) => {
      await before(asked);
      await patient.agent.changeKey(asked);
      throw new Error(DIED);
    },
  });
  return { ...patient, agent };
}

/** The party by its new words: at a new device, or at the one that died. */
async function byNewWords(patient: Party, seed: Uint8Array, isNew: boolean): Promise<Party> {
  const { agent, log, device } = patient;
  const at = { ...network.ports, clock: network.clock, network: network.file, agent, log, cipher };
  const address = await findParty(at, seed);
  const formerSeeds = isNew ? [] : [patient.keys.seed()];
  const place = { ...at, device: isNew ? memoryDevice() : device };
  const party = await openParty({ ...place, seed, address, formerSeeds });
  if (isNew) await restorePatient(party);
  return party;
}

for (const [where, isNew] of [
  ['on another device', true],
  ['on the same device', false],
] as const) {
  // @attack a device dies right after the ledger took its change of key, and the new words go on with the state of the former key, whose thief has all keys in it | a state that a former key kept has its span ended, and the keys turn past it
  it(`a change of key that died after the ledger took it is finished by the new words ${where}`, async () => {
    const { doctor, patient, handle, right } = await startCare(network);
    const [held, thief, grantee] = [new NodesHeld(), new Adversary(cipher), new Adversary(cipher)];
    const watched = (party: Party): Party => ({ ...party, agent: held.watch(party.agent) });
    thief.stole(patient.keys);
    grantee.has(doctor.keys.identity());
    await commitEpochs(watched(patient), 12);
    const seed = network.ports.random(32);
    await assert.rejects(changeKey(dyingChange(watched(patient)), seed), { message: DIED });
    const again = await byNewWords(watched(patient), seed, isNew);
    assert.equal(await turnFormerKeys(again), true);
    assert.equal(await turnFormerKeys(again), false);
    await refreshPackets(again);
    const version = { handle, category: 'vitals', purpose: 'TREAT', grant: right.grant } as const;
    await addRecord(watched(doctor), { ...version, content: utf8ToBytes('a note') });
    const { epoch } = await confirmSheet(doctor, handle);
    await grantee.open(held);
    await thief.open(held);
    const file = [...held.files.values()].at(-1) ?? assert.fail();
    const own = thief.ownIdentitiesWith(grantee, epoch);
    await assert.rejects(openFileKey(own, [file], { cipher }), failsWith('SEAL_UNREADABLE'));
  });
}

// @attack a thief of a key keeps a state with keys of its choice for both keys, the device dies once the ledger took the change, and the new words go on elsewhere | the span of a state that a former key signed ends before any epoch of it is committed to
it('the new words alone go on with no key of a thief who kept the last state of the former key', async () => {
  const patient = await network.party('patient');
  await commitEpochs(patient, 4);
  const thief: Party = { ...patient, device: memoryDevice() };
  const chosen = keysOfSpan(7);
  const dying = dyingChange(patient, async ({ card }) => {
    const { state } = await restorePatient(thief);
    const keys = { ...state.keyring.keys, 256: chosen, 384: chosen };
    const forged = { ...state, keyring: { ...state.keyring, keys } };
    await keepPatientState(thief, forged, [], LONGEST_STATE, [thief.recipient, card.recipient]);
  });
  const seed = network.ports.random(32);
  await assert.rejects(changeKey(dying, seed), { message: DIED });
  const phone = await byNewWords(patient, seed, true);
  await turnFormerKeys(phone);
  await commitEpochs(phone, 140);
  const { keyring } = await readPatientState(phone);
  const { former = 0, keys } = keyring;
  const later = Object.keys(keys).filter((end) => Number(end) > former);
  assert.ok(former >= 4 && later.length >= 2);
  const had = Object.values((await readPatientState(thief)).keyring.keys).flatMap(Object.values);
  for (const end of later) {
    for (const key of Object.values(keys[end] ?? {})) assert.ok(!had.includes(key));
  }
});
