import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { bytesToHex, utf8ToBytes } from '../../../crypto/bytes.ts';
import { sealBytes } from '../../../crypto/sealing/sealBytes.ts';
import { base64 } from '@scure/base';
import { furtherDevice } from '../../../node/test/furtherDevice.ts';
import {
  BEGIN,
  behind,
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../../node/test/testNetwork.ts';
import { ZERO32, type Bytes32 } from '../../../protocol/ids.ts';
import { digestOf, sign } from '../../../protocol/struct/signing.ts';
import { signatory, word } from '../../../protocol/test/sampleNetwork.ts';
import { MOST_TO_ONE } from '../../../services/letters/LetterStore.ts';
import type { Party } from '../../party/Party.ts';
import { commitEpochs } from '../../epochs/commitEpochs.ts';
import { confirmRecipient } from '../../rights/confirmRecipient.ts';
import { readPatientState } from '../../state/PatientState.ts';
import { restorePatient } from '../../state/restorePatient.ts';
import {
  declineAccess,
  keepAsked,
  readAsked,
  readAskedFor,
  requestAccess,
} from '../../letters/accessRequests.ts';
import { checkInbox } from './checkInbox.ts';
import { noteContacts, notedContacts, type NamedContact } from '../../letters/contactNotes.ts';
import { enterAsk } from '../../letters/enterAsk.ts';
import { collectLetters, sendLetter } from '../../letters/letters.ts';

let network: TestNetwork;
let care: Care;

beforeEach(async () => {
  network = await startTestNetwork({ cared: true });
  care = await startCare(network);
});
afterEach(async () => await network.close());

/** Lowest id of the letters that wait for a party. */
async function firstLetterOf(party: Party): Promise<Bytes32> {
  const ids: Bytes32[] = [];
  await collectLetters(party, async ({ id }) => {
    ids.push(id);
    return await Promise.resolve(false);
  });
  return ids.toSorted()[0] ?? assert.fail('no letter');
}

/** Sends as many letters as one may, and each comes before another letter. */
async function crowd(from: Party, to: Party, before: Bytes32, entry: unknown): Promise<void> {
  const recipient = await confirmRecipient(from, to.address);
  const content = JSON.stringify({ format: 'medseal-letter/1', entry });
  const sealed = base64.encode(await sealBytes([recipient], utf8ToBytes(content)));
  const letter = bytesToHex(from.primitives.sha256(utf8ToBytes(sealed)));
  for (let sent = 0; sent < MOST_TO_ONE;) {
    const salt = bytesToHex(from.random(16));
    const message = { to: to.address, letter, until: BEGIN + 3600, salt };
    if (digestOf(from, 'Letter', message) >= before) continue;
    await from.agent.send({ request: sign(from, from, 'Letter', message), sealed });
    sent += 1;
  }
}

function contact(number: number): NamedContact {
  return { party: `0x${number.toString(16).padStart(40, '0')}`, name: `name ${number}` };
}

/** Stores that a party, enrolled or not, asked the patient for a right. */
async function asks(from: Party, salt: number, deadline: number): Promise<void> {
  const { patient, handle, right } = care;
  const text = `0x${salt.toString(16).padStart(32, '0')}` as const;
  const terms = { ...right.grant.terms, grantee: from.address, salt: text };
  const message = { handle, terms, deadline };
  const request = sign(from, from, 'AccessRequest', message);
  await keepAsked(patient, { digest: digestOf(from, 'AccessRequest', message), request });
}

describe('letters that fill the first page of an inbox', () => {
  // @attack letters of strangers fill the first page of a box, and hide what comes behind them | answers to unknown requests are taken to the device, and the rest is read
  it('hide neither the notes of the party’s devices nor an answer to what another device asked', async () => {
    const { patient, doctor, stranger, handle } = care;
    const wanted = { handle, categories: ['vitals'], actions: ['read'], purpose: 'TREAT' } as const;
    await requestAccess(doctor, { ...wanted, until: BEGIN + 3600 });
    await noteContacts(doctor, [contact(1)]);
    await checkInbox(doctor);
    await checkInbox(patient);
    const [open = assert.fail()] = await readAsked(patient);
    await declineAccess(patient, open);
    const about = { request: word('another'), grant: ZERO32, purpose: 'TREAT' } as const;
    const before = await firstLetterOf(doctor);
    await crowd(stranger, doctor, before, 'junk');
    const other = await network.party('patient');
    await commitEpochs(other, 3);
    const { handle: chart } = await readPatientState(other);
    const entry = await enterAsk(other, { what: 'decline', ...about, handle: chart });
    await crowd(other, doctor, before, entry);
    const second = await furtherDevice(network, doctor);
    const news = await checkInbox(second);
    assert.deepEqual(
      [(await notedContacts(second)).length, news.answers.length, news.discarded],
      // Of those that the device cannot judge it holds eight of one sender.
      [1, 1, 2 * MOST_TO_ONE - 8],
    );
    assert.equal((await readAskedFor(second))[0]?.answer, 'declined');
  });
});

describe('a node that makes up letters of any number of senders', () => {
  it('has a device hold a bounded number of letters that it cannot judge', async () => {
    const { doctor } = care;
    const recipient = await confirmRecipient(doctor, doctor.address);
    // It is proven by the ledger, whoever hands it over, and the ledger may not show it yet.
    const grant = { ...care.right.grant, deadline: BEGIN };
    const content = JSON.stringify({ format: 'medseal-letter/1', grant });
    const sealed = base64.encode(await sealBytes([recipient], utf8ToBytes(content)));
    const letter = bytesToHex(doctor.primitives.sha256(utf8ToBytes(sealed)));
    let pages = 0;
    const lying = behind(doctor, {
      collect: async () => {
        pages += 1;
        const made = Array.from({ length: pages > 10 ? 0 : 64 }, (_, place) => {
          const from = signatory(`made up ${pages} ${Math.floor(place / 8)}`);
          const salt = bytesToHex(doctor.random(16));
          const message = { to: doctor.address, letter, until: BEGIN + 3600, salt };
          return { request: sign(doctor, from, 'Letter', message), sealed };
        });
        return await Promise.resolve(made);
      },
    });
    let most = 0;
    const device = new Proxy(doctor.device, {
      get: (target, name) => {
        if (name !== 'write') return Reflect.get(target, name) as unknown;
        return async (key: string, value: unknown) => {
          if (key === 'held-letters') most = Math.max(most, (value as unknown[]).length);
          await target.write(key, value);
        };
      },
    });
    const news = await checkInbox({ ...lying, device });
    assert.deepEqual([most, news.discarded], [128, 640 - 128]);
  });
});

describe('notes of one device to another', () => {
  // @attack many ask a patient often and for a far day, so that other devices hear of no other request | of each party and chart one is told, then of each the next
  it('tell who asked once, however many ask how often and about however far a day', async () => {
    const { patient, stranger } = care;
    for (let place = 0; place < 25; place++) {
      const crowding = await network.party('doctor', { enrolled: false });
      for (let salt = 0; salt < 8; salt++) await asks(crowding, salt, BEGIN + 89 * 24 * 3600);
    }
    await asks(stranger, 1, BEGIN + 24 * 3600);
    await checkInbox(patient);
    const second = await furtherDevice(network, patient);
    await restorePatient(second);
    await checkInbox(second);
    const told = await readAsked(second);
    assert.ok(told.some(({ request }) => request.party === stranger.address));
    assert.ok(told.length > 64, `${told.length} requests`);
  });

  it('tell the contacts that were noted last, and the same ones from each device', async () => {
    const { doctor } = care;
    const long = 'a name that is as long as names can be '.repeat(12);
    const many = Array.from({ length: 1250 }, (_, index) => {
      return { ...contact(index + 1), name: `${long} ${index}` };
    });
    await noteContacts(doctor, many);
    network.clock.advance(1000);
    await noteContacts(doctor, [...many, contact(5000)]);
    // A device that was cut off left letters behind, so that there is no room for as many as are needed.
    for (let left = 0; left < 20; left++) await sendLetter(doctor, doctor.address, { notes: [] });
    await checkInbox(doctor);
    const second = await furtherDevice(network, doctor);
    await checkInbox(second);
    const told = await notedContacts(second);
    assert.ok(told.length < many.length && told.some(({ name }) => name === 'name 5000'));
    let sent = 0;
    const quiet = behind(doctor, {
      send: async (letter) => {
        sent += 1;
        await doctor.agent.send(letter);
      },
    });
    await checkInbox(quiet);
    assert.equal(sent, 0);
  });
});
