import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { base64 } from '@scure/base';
import { bytesToHex, utf8ToBytes } from '../../crypto/bytes.ts';
import { suspend } from '../../node/test/suspend.ts';
import {
  BEGIN,
  behind,
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import type { SentLetter } from '../../protocol/AgentPort.ts';
import type { Letter as LetterMessage } from '../../protocol/struct/requests.ts';
import { sign } from '../../protocol/struct/signing.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { LONGEST_OF_STRANGER } from '../../services/letters/admitLetter.ts';
import { LONGEST_LETTER, LONGEST_LETTER_WAIT } from '../../services/letters/checkLetter.ts';
import { MOST_TO_ONE, MOST_WAITING } from '../../services/letters/LetterStore.ts';
import { requestAccess } from './accessRequests.ts';
import { accessTo, askByLetter } from '../test/accessLetters.ts';
import { checkInbox } from '../care/inbox/checkInbox.ts';
import { grantRight } from '../rights/grantRight.ts';
import { collectLetters, sendLetter, type OpenedLetter } from './letters.ts';
import type { Party } from '../party/Party.ts';
import { revokeRight } from '../rights/revokeRight.ts';

let network: TestNetwork;
let care: Care;

beforeEach(async () => {
  network = await startTestNetwork({ cared: true });
  care = await startCare(network);
});
afterEach(async () => await network.close());

/** Letters that wait for a party; none is taken. */
async function waiting(party: Party): Promise<readonly OpenedLetter[]> {
  const letters: OpenedLetter[] = [];
  await collectLetters(party, async (letter) => {
    letters.push(letter);
    return await Promise.resolve(false);
  });
  return letters;
}

/** Letters that wait for a party, but for those to its own devices. */
async function fromOthers(party: Party): Promise<readonly OpenedLetter[]> {
  return (await waiting(party)).filter(({ from }) => from !== party.address);
}

/** A letter as a party sends it, with something changed. */
function written(from: Party, change: Partial<LetterMessage> = {}, sealed = 'AAAA'): SentLetter {
  const request = sign(from, from, 'Letter', {
    to: care.patient.address,
    letter: bytesToHex(from.primitives.sha256(utf8ToBytes(sealed))),
    until: BEGIN + 3600,
    salt: bytesToHex(from.random(16)),
    ...change,
  });
  return { request, sealed };
}

describe('a letter', () => {
  it('waits at every node for its reader, who takes it once, whichever node is gone', async () => {
    const { patient, doctor } = care;
    await sendLetter(patient, doctor.address, { grant: care.right.grant });
    await network.lose('hospital', 'letters');
    const [letter, another] = await waiting(doctor);
    assert.equal(another, undefined);
    assert.equal(letter?.from, patient.address);
    assert.deepEqual(letter.content?.grant, care.right.grant);
    assert.equal(await collectLetters(doctor, async () => await Promise.resolve(true)), 1);
    assert.deepEqual(await waiting(doctor), []);
    await network.restart('laboratory');
    assert.deepEqual(await waiting(doctor), []);
  });

  it('is forgotten for nobody but its reader, whoever says that it was taken', async () => {
    const { patient, doctor, stranger } = care;
    await sendLetter(patient, doctor.address, { grant: care.right.grant });
    const [letter] = await waiting(doctor);
    assert.ok(letter);
    for (const party of [stranger, patient]) {
      const taking = { taken: [letter.id], deadline: BEGIN + 300 };
      const salt = bytesToHex(party.random(16));
      await party.agent.collect(sign(party, party, 'Collect', { ...taking, salt }));
    }
    assert.equal((await waiting(doctor)).length, 1);
  });

  it('is read by nobody else, and goes to nobody who only says that it is theirs', async () => {
    const { patient, doctor, stranger } = care;
    await sendLetter(patient, doctor.address, { grant: care.right.grant });
    assert.deepEqual(await waiting(stranger), []);
    const collect = sign(stranger, stranger, 'Collect', {
      taken: [],
      deadline: BEGIN + 300,
      salt: bytesToHex(stranger.random(16)),
    });
    const forged = { ...collect, party: doctor.address };
    await assert.rejects(stranger.agent.collect(forged), failsWith('SIGNATURE_INVALID'));
    const late = sign(doctor, doctor, 'Collect', { ...collect.message, deadline: BEGIN - 1 });
    await assert.rejects(doctor.agent.collect(late), failsWith('REQUEST_LATE'));
    const [sent] = await doctor.agent.collect(sign(doctor, doctor, 'Collect', collect.message));
    const passedOn = behind(stranger, {
      collect: async () => await Promise.resolve(sent ? [sent] : []),
    });
    assert.deepEqual(await waiting(passedOn), [], 'what is another’s is left out');
  });

  // @attack a contributor gives something else in a letter's place, so that its reader never gets it | the agent checks each letter, and takes it from any node
  it('reaches its reader whatever a node gives in its place', async () => {
    const { patient, doctor } = care;
    await sendLetter(patient, doctor.address, { grant: care.right.grant });
    const other = 'QUFBQQ==';
    const letter = bytesToHex(doctor.primitives.sha256(utf8ToBytes(other)));
    const places: ((sent: SentLetter) => SentLetter)[] = [
      (sent) => ({ ...sent, sealed: other }),
      ({ request }) => {
        const message = { ...request.message, letter };
        return { request: { ...request, message }, sealed: other };
      },
      ({ request, sealed }) => {
        return { request: { ...request, party: care.stranger.address }, sealed };
      },
    ];
    for (const name of ['insurer', 'laboratory'] as const) {
      const keeper = network.services(name).contributor;
      for (const place of places) {
        network.liars.contributor.set(name, {
          ...keeper,
          letters: async (request) => (await keeper.letters(request)).map(place),
        });
        const found = await waiting(doctor);
        assert.equal(found.length, 1, `${name}: ${String(place)}`);
        assert.deepEqual(found[0]?.content?.grant, care.right.grant);
      }
      network.liars.contributor.clear();
    }
  });

  it('is refused that nobody enrolled wrote, to nobody enrolled, too long, too late or not whole', async () => {
    const { doctor } = care;
    const outsider = await network.party('doctor', { enrolled: false });
    const nobody = `0x${'12'.repeat(20)}` as const;
    const cases = [
      [written(outsider), 'PARTY_UNKNOWN'],
      [written(doctor, { to: nobody }), 'PARTY_UNKNOWN'],
      [written(doctor, { until: BEGIN - 1 }), 'REQUEST_LATE'],
      [written(doctor, { until: BEGIN + LONGEST_LETTER_WAIT + 60 }), 'REQUEST_EARLY'],
      [written(doctor, {}, 'A'.repeat(LONGEST_LETTER + 4)), 'REQUEST_TOO_LARGE'],
      [{ ...written(doctor), sealed: 'BBBB' }, 'REQUEST_MALFORMED'],
      [{ ...written(doctor), sealed: 1 } as never, 'REQUEST_MALFORMED'],
      [
        {
          ...written(doctor),
          request: { ...written(doctor).request, party: care.stranger.address },
        },
        'SIGNATURE_INVALID',
      ],
      [null as never, 'REQUEST_MALFORMED'],
    ] as const;
    for (const [letter, code] of cases)
      await assert.rejects(doctor.agent.send(letter), failsWith(code));
    await suspend(network, doctor, 1);
    await assert.rejects(doctor.agent.send(written(doctor)), failsWith('PARTY_SUSPENDED'));
    await assert.rejects(waiting(doctor), failsWith('PARTY_SUSPENDED'));
  });

  // @attack four parties close somebody's letter box | 32 letters of one party wait for one reader, so it takes 32 parties
  it('of one party takes up no more than its quota, and none after its day', async () => {
    const { doctor, patient, stranger } = care;
    for (let sent = 0; sent < MOST_TO_ONE; sent++) await doctor.agent.send(written(doctor));
    await assert.rejects(doctor.agent.send(written(doctor)), failsWith('QUOTA_SPENT'));
    await doctor.agent.send(written(doctor, { to: stranger.address }));
    assert.ok(MOST_TO_ONE * 30 < MOST_WAITING, 'a few parties close nobody’s box');
    await stranger.agent.send(written(stranger));
    network.clock.advance(3_700_000);
    assert.deepEqual(await waiting(patient), []);
    const later = BEGIN + 7200;
    await doctor.agent.send(written(doctor, { until: later }));
    assert.equal((await waiting(patient)).length, 1);
  });

  it('of a stranger waits two weeks at most, and of who has a right for as long as any', async () => {
    const { doctor, patient, stranger } = care;
    const long = BEGIN + LONGEST_OF_STRANGER + 60;
    const early = failsWith('REQUEST_EARLY');
    const { contributor } = network.services('insurer');
    const strange = written(stranger, { until: long });
    await assert.rejects(stranger.agent.send(strange), early);
    await assert.rejects(contributor.keep({ letter: strange }), early, 'a peer judges it too');
    await stranger.agent.send(written(stranger, { until: long - 60 }));
    await assert.rejects(
      patient.agent.send(written(patient, { to: stranger.address, until: long })),
      early,
    );
    await assert.rejects(
      doctor.agent.send(written(doctor, { to: stranger.address, until: long })),
      early,
    );

    await doctor.agent.send(written(doctor, { until: long }));
    await patient.agent.send(written(patient, { to: doctor.address, until: long }));
    await revokeRight(patient, care.right.digest);
    await assert.rejects(doctor.agent.send(written(doctor, { until: long })), early, 'it ended');
    await doctor.agent.send(written(doctor, { until: long - 60 }));
    const record = `0x${'ab'.repeat(32)}` as const;
    await grantRight(patient, {
      grantee: stranger.address,
      categories: ['vitals'],
      record,
      actions: ['amend'],
      purpose: 'TREAT',
      until: BEGIN + 3600,
    });
    await stranger.agent.send(written(stranger, { until: long }));
  });

  // @attack a node makes up letters without end, of any number of senders | a device reads 2,048 in one look, and holds 512 answers
  it('is one of so many at most, if a node makes up letters without end', async () => {
    const { doctor, stranger } = care;
    let asked = 0;
    const endless = behind(doctor, {
      collect: async () => {
        asked += 1;
        assert.ok(asked < 50, 'it goes on');
        const letters = Array.from({ length: 64 }, () => {
          return written(stranger, { to: doctor.address });
        });
        return await Promise.resolve(letters);
      },
    });
    assert.equal((await waiting(endless)).length, 2048);
  });

  // @attack one party's requests for a right close a patient's inbox | 8 of one party are open, for 90 days; no letter stays that hides others
  it('that asks for more than a party may have open is dropped, and keeps no other from being read', async () => {
    const { doctor, patient, stranger } = care;
    const now = Math.floor(network.clock.now() / 1000);
    const askAt = async (place: number, deadline = now + 3600): Promise<void> => {
      const salt = bytesToHex(doctor.random(16));
      const terms = {
        ...care.right.grant.terms,
        grantee: doctor.address,
        salt,
        until: now + 1 + place,
      };
      const message = { handle: care.handle, terms, deadline };
      await askByLetter(care, doctor, message);
    };
    await askAt(1, now + 400 * 24 * 3600);
    const far = await checkInbox(patient);
    assert.deepEqual([far.requests.length, far.discarded], [0, 1], 'a deadline far ahead');
    for (let place = 0; place < 10; place++) await askAt(place);
    await requestAccess(stranger, accessTo(care));
    const { requests, discarded } = await checkInbox(patient);
    const asking = requests.map(({ request }) => request.party);
    assert.equal(asking.filter((party) => party === doctor.address).length, 8);
    assert.ok(asking.includes(stranger.address));
    assert.equal(discarded, 2);
    assert.deepEqual(await fromOthers(patient), []);
  });

  it('that is of no form or of other keys is dropped, and keeps nothing else from being read', async () => {
    const { doctor, patient } = care;
    await doctor.agent.send(written(doctor, {}, base64.encode(utf8ToBytes('no age file'))));
    await sendLetter(doctor, patient.address, { grant: { handle: 1 } as never });
    await sendLetter(doctor, patient.address, { request: { type: 'Grant' } as never });
    await sendLetter(doctor, patient.address, { entry: 'no' as never });
    await requestAccess(doctor, accessTo(care));
    const news = await checkInbox(patient);
    assert.deepEqual([news.requests.length, news.discarded], [1, 4]);
    assert.deepEqual(await fromOthers(patient), []);
  });
});
