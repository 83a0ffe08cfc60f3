import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { furtherDevice } from '../../../node/test/furtherDevice.ts';
import {
  BEGIN,
  behind,
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../../node/test/testNetwork.ts';
import type { SentLetter } from '../../../protocol/AgentPort.ts';
import { sign } from '../../../protocol/struct/signing.ts';
import { failsWith } from '../../../protocol/test/failsWith.ts';
import { changeKey } from '../../party/changeKey.ts';
import { memoryDevice } from '../../party/memoryDevice.ts';
import type { Party } from '../../party/Party.ts';
import { restorePatient } from '../../state/restorePatient.ts';
import {
  approveAccess,
  declineAccess,
  readAsked,
  readAskedFor,
  requestAccess,
} from '../../letters/accessRequests.ts';
import { checkInbox } from './checkInbox.ts';
import { noteContacts, notedContacts, type NamedContact } from '../../letters/contactNotes.ts';
import type { DeviceNote } from '../../letters/DeviceNote.ts';
import { sendLetter } from '../../letters/letters.ts';

const DAY = 24 * 3600;

let network: TestNetwork;
let care: Care;

beforeEach(async () => {
  network = await startTestNetwork({ cared: true });
  care = await startCare(network);
});
afterEach(async () => await network.close());

function contact(number: number, name = `name ${number}`): NamedContact {
  return { party: `0x${number.toString(16).padStart(40, '0')}`, name };
}

async function namesOn(party: Party): Promise<readonly string[]> {
  return (await notedContacts(party)).map(({ name }) => name).toSorted();
}

/** The device, and the letters that it sends. */
function watched(party: Party): { readonly device: Party; readonly sent: SentLetter[] } {
  const sent: SentLetter[] = [];
  const device = behind(party, {
    send: async (letter) => {
      sent.push(letter);
      await party.agent.send(letter);
    },
  });
  return { device, sent };
}

function wanted(until = BEGIN + 3600): Parameters<typeof requestAccess>[1] {
  const terms = { categories: ['vitals'], actions: ['read'], purpose: 'TREAT' } as const;
  return { handle: care.handle, ...terms, until };
}

describe('requests that a device of a party knows', () => {
  it('are known to a further device of who asked, and so is the answer, whichever took the letter', async () => {
    const { patient, stranger } = care;
    const asked = await requestAccess(stranger, wanted());
    await checkInbox(stranger);
    const second = await furtherDevice(network, stranger);
    await checkInbox(second);
    const [found] = await readAskedFor(second);
    assert.deepEqual([found?.digest, found?.answer], [asked.digest, undefined]);
    await checkInbox(patient);
    const [open = assert.fail()] = await readAsked(patient);
    await approveAccess(patient, open);
    assert.equal((await checkInbox(second)).answers.length, 1);
    await checkInbox(stranger);
    assert.equal((await readAskedFor(stranger))[0]?.answer, 'granted');
    assert.equal(
      (await readAskedFor(stranger))[0]?.entry?.entry,
      asked.entry?.entry,
      'and its own entry',
    );
  });

  it('are answered once by a patient with two devices', async () => {
    const { patient, stranger } = care;
    await requestAccess(stranger, wanted());
    await checkInbox(patient);
    const second = await furtherDevice(network, patient);
    await checkInbox(second);
    assert.deepEqual(await readAsked(second), [], 'it does not know yet whose chart it is');
    await restorePatient(second);
    await checkInbox(second);
    const [open = assert.fail()] = await readAsked(second);
    await declineAccess(second, open);
    await checkInbox(second);
    assert.equal((await readAsked(patient)).length, 1);
    await checkInbox(patient);
    assert.deepEqual(await readAsked(patient), []);
  });
});

describe('contacts that a device of a party knows', () => {
  it('come to a further device, and nothing is written again that says the same', async () => {
    const { doctor } = care;
    const one = watched(doctor);
    await noteContacts(one.device, [contact(1), contact(2)]);
    await checkInbox(one.device);
    const two = watched(await furtherDevice(network, doctor));
    await checkInbox(two.device);
    assert.deepEqual(await namesOn(two.device), ['name 1', 'name 2']);
    for (const { device } of [one, two, one]) {
      await noteContacts(device, await notedContacts(device));
      await checkInbox(device);
    }
    assert.deepEqual([one.sent.length, two.sent.length], [1, 0]);
  });

  it('are merged if two devices note some at once, and both come to the same end', async () => {
    const { doctor } = care;
    const [one, two] = [watched(doctor), watched(await furtherDevice(network, doctor))];
    await noteContacts(one.device, [contact(1), contact(3, 'here')]);
    await noteContacts(two.device, [contact(2), contact(3, 'there')]);
    await Promise.all([checkInbox(one.device), checkInbox(two.device)]);
    for (const { device } of [one, two, one, two]) await checkInbox(device);
    const names = await namesOn(one.device);
    assert.deepEqual(names, await namesOn(two.device));
    assert.equal(names.length, 3);
    const sent = one.sent.length + two.sent.length;
    for (const { device } of [one, two]) await checkInbox(device);
    assert.equal(one.sent.length + two.sent.length, sent, 'then it is quiet');
  });

  it('do not come back that a device forgot, and get the name that was given last', async () => {
    const { doctor } = care;
    const second = await furtherDevice(network, doctor);
    await noteContacts(doctor, [contact(1), contact(2)]);
    for (const device of [doctor, second]) await checkInbox(device);
    await noteContacts(second, await notedContacts(second));
    await noteContacts(doctor, [contact(2, 'another')]);
    for (const device of [doctor, second]) await checkInbox(device);
    assert.deepEqual(await namesOn(second), ['another']);
    // The second device has both of them still, under the names of before.
    await noteContacts(second, [contact(1), contact(2)]);
    for (const device of [second, doctor]) await checkInbox(device);
    assert.deepEqual(await namesOn(doctor), ['another']);
    await noteContacts(doctor, [contact(1), contact(2, 'another')]);
    for (const device of [doctor, second]) await checkInbox(device);
    assert.deepEqual(await namesOn(second), ['another', 'name 1'], 'it was added again');
  });

  it('are more than fit in one letter, and all come', async () => {
    const { doctor } = care;
    const many = Array.from({ length: 600 }, (_, index) => contact(index + 1));
    const { device, sent } = watched(doctor);
    await noteContacts(device, many);
    await checkInbox(device);
    assert.ok(sent.length > 1, `${sent.length} letters`);
    const second = await furtherDevice(network, doctor);
    await checkInbox(second);
    assert.equal((await notedContacts(second)).length, many.length);
  });

  it('last as long as a device looks once in 45 days, and a letter that is gone is written again', async () => {
    const { doctor } = care;
    const { device, sent } = watched(doctor);
    await noteContacts(device, [contact(1)]);
    await checkInbox(device);
    network.clock.advance(46 * DAY * 1000);
    await checkInbox(device);
    assert.equal(sent.length, 2);
    network.clock.advance(60 * DAY * 1000);
    const second = await furtherDevice(network, doctor);
    await checkInbox(second);
    assert.deepEqual(await namesOn(second), ['name 1']);
    network.clock.advance(100 * DAY * 1000);
    await checkInbox(device);
    const third = await furtherDevice(network, doctor);
    await checkInbox(third);
    assert.deepEqual(await namesOn(third), ['name 1']);
  });
});

describe('notes for the devices of a party', () => {
  // @attack somebody writes a party notes as if one of its devices did | only letters that the party itself signed have notes
  it('are taken from nobody else, whatever right stands between the two', async () => {
    const { patient, doctor, stranger } = care;
    const note: DeviceNote = { kind: 'contact', ...contact(1), at: BEGIN };
    for (const from of [patient, stranger]) {
      await sendLetter(from, doctor.address, { notes: [note] });
    }
    assert.equal((await checkInbox(doctor)).discarded, 2);
    assert.deepEqual(await notedContacts(doctor), []);
  });

  // @attack who stole a former key of a party names a stranger after one of its contacts | only what the present key signed counts
  it('are not taken from who stole the key of before, and are written again under the present key', async () => {
    const { doctor } = care;
    const inbox = memoryDevice();
    const stolen = behind({ ...doctor, device: inbox }, {});
    await noteContacts(stolen, [contact(1, 'forged')]);
    const { device: thief, sent } = watched(stolen);
    await checkInbox(thief);
    await noteContacts(doctor, [contact(2)]);
    const { party: renewed } = await changeKey(doctor, network.ports.random(32));
    await assert.rejects(sendLetter(thief, doctor.address, {}), failsWith('SIGNATURE_INVALID'));
    let given = 0;
    const lied = behind(renewed, {
      collect: async (request) => {
        given += 1;
        return given === 1 ? sent : await renewed.agent.collect(request);
      },
    });
    assert.equal((await checkInbox(lied)).discarded, 0);
    await checkInbox(renewed);
    assert.deepEqual(await namesOn(renewed), ['name 2']);
    const again = watched(renewed);
    await checkInbox(again.device);
    assert.deepEqual(again.sent, []);
  });

  it('are left out that are malformed, or about a request that is not the party’s, or was not signed', async () => {
    const { patient, doctor, stranger } = care;
    const { request } = await requestAccess(stranger, wanted());
    const own = sign(doctor, doctor, 'AccessRequest', {
      ...request.message,
      terms: { ...request.message.terms, grantee: doctor.address },
    });
    const notes: unknown[] = [
      { kind: 'askedFor', request },
      { kind: 'asked', request },
      { kind: 'askedFor', request: { ...own, signature: request.signature } },
      { kind: 'askedFor', request: { ...own, party: stranger.address } },
      { kind: 'askedFor', request: own, answer: 'perhaps' },
      { kind: 'contact', ...contact(1) },
      { kind: 'contact', party: 'everybody', name: 'all', at: BEGIN },
      { kind: 'key', seed: '0x00' },
      null,
      'note',
    ];
    await sendLetter(doctor, doctor.address, { notes: notes as DeviceNote[] });
    await checkInbox(doctor);
    assert.deepEqual([await readAskedFor(doctor), await notedContacts(doctor)], [[], []]);
    const other: DeviceNote = { kind: 'asked', request: own };
    await sendLetter(patient, patient.address, { notes: [other] });
    await checkInbox(patient);
    assert.deepEqual((await readAsked(patient)).map(({ digest }) => digest).length, 2);
  });
});
