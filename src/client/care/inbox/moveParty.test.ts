import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { furtherDevice } from '../../../node/test/furtherDevice.ts';
import { suspend } from '../../../node/test/suspend.ts';
import {
  BEGIN,
  behind,
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../../node/test/testNetwork.ts';
import { MedsealError } from '../../../errors/MedsealError.ts';
import type { SentLetter } from '../../../protocol/AgentPort.ts';
import type { Organisation } from '../../../protocol/ids.ts';
import { failsWith } from '../../../protocol/test/failsWith.ts';
import { httpAgent } from '../../agent/httpAgent.ts';
import { noteContacts, notedContacts } from '../../letters/contactNotes.ts';
import type { DeviceNote } from '../../letters/DeviceNote.ts';
import { sendLetter } from '../../letters/letters.ts';
import { mergeServedNotes, servedBy } from '../../letters/servedBy.ts';
import { changeKey } from '../../party/changeKey.ts';
import { memoryDevice } from '../../party/memoryDevice.ts';
import { openParty, type Party } from '../../party/Party.ts';
import { requestAccess, readAsked } from '../../letters/accessRequests.ts';
import { readChart } from '../../records/readChart.ts';
import { checkInbox } from './checkInbox.ts';
import { moveParty } from './moveParty.ts';

let network: TestNetwork;
let care: Care;

beforeEach(async () => {
  network = await startTestNetwork({ cared: true });
  care = await startCare(network);
});
afterEach(async () => await network.close());

/** A party at the same device, opened at the node of another organisation. */
async function at(organisation: Organisation, { keys, device }: Party): Promise<Party> {
  return await network.party('patient', {
    organisation,
    device,
    seed: keys.seed(),
    enrolled: false,
  });
}

/** A note of a move to the laboratory. */
function note(change: Readonly<Record<string, unknown>> = {}): DeviceNote {
  return { kind: 'servedBy', organisation: 'laboratory', at: BEGIN, ...change };
}

/** A call that fails. */
function failing(error: MedsealError): () => Promise<never> {
  return async () => await Promise.reject(error);
}

describe('a party that moves to another organisation', () => {
  it('is served there from then on, in every role, and its other devices follow', async () => {
    for (const party of [care.patient, care.doctor]) {
      const second = await furtherDevice(network, party);
      assert.equal(await servedBy(party), undefined);
      const moved = await moveParty(await at('insurer', party));
      assert.deepEqual(moved, { organisation: 'insurer', already: false });
      assert.deepEqual(await servedBy(party), { organisation: 'insurer' });
      assert.equal(await servedBy(second), undefined, 'it was not told yet');
      await checkInbox(second);
      assert.deepEqual(await servedBy(second), { organisation: 'insurer' });
      const late = await furtherDevice(network, party, { organisation: 'laboratory' });
      await checkInbox(late);
      assert.deepEqual(await servedBy(late), { organisation: 'insurer' }, 'a device of later');
    }
  });

  it('moves once by the same move, whichever of its devices repeats it, and back again', async () => {
    const { patient } = care;
    const sent: SentLetter[] = [];
    const there = await at('insurer', patient);
    const watched = behind(there, {
      send: async (letter) => {
        sent.push(letter);
        await there.agent.send(letter);
      },
    });
    await moveParty(watched);
    assert.equal((await moveParty(watched)).already, true);
    assert.equal(sent.length, 1, 'nothing is written again that says the same');
    const second = await furtherDevice(network, patient, { organisation: 'insurer' });
    assert.equal((await moveParty(second)).already, true);
    assert.equal((await moveParty(await at('hospital', second))).already, false);
    await checkInbox(patient);
    assert.deepEqual(await servedBy(patient), { organisation: 'hospital' });
  });

  it('moves to the latest of two places, at all of its devices, also by a clock that is behind', async () => {
    const { patient } = care;
    const second = await furtherDevice(network, patient);
    await mergeServedNotes(patient, [note({ at: BEGIN + 9000 }) as never]);
    await moveParty(await at('insurer', patient));
    await moveParty(await at('laboratory', second));
    for (const device of [patient, second]) await checkInbox(device);
    const [one, other] = [await servedBy(patient), await servedBy(second)];
    assert.deepEqual(one, other);
    assert.deepEqual(one, { organisation: 'laboratory' }, 'the second was told of the first');
  });

  it('finds what was written to it before, and loses none of it by the move', async () => {
    const { patient, stranger, handle } = care;
    const terms = { categories: ['vitals'], actions: ['read'], purpose: 'TREAT' } as const;
    await requestAccess(stranger, { handle, ...terms, until: BEGIN + 3600 });
    const there = await at('insurer', patient);
    await noteContacts(patient, [{ party: stranger.address, name: 'a stranger' }]);
    await moveParty(there);
    assert.equal((await readAsked(there)).length, 0, 'letters of others wait');
    assert.equal((await checkInbox(there)).requests.length, 1);
    const second = await furtherDevice(network, patient);
    await checkInbox(second);
    assert.deepEqual((await notedContacts(second)).length, 1);
    await readChart(there, { handle, purpose: 'PATRQT' });
  });

  it('goes on after its former organisation left the network, and hears at another device where', async () => {
    const { patient, handle } = care;
    const second = await furtherDevice(network, patient, { organisation: 'laboratory' });
    await network.leave('hospital');
    const there = await at('insurer', patient);
    await moveParty(there);
    await readChart(there, { handle, purpose: 'PATRQT' });
    const again = await at('laboratory', second);
    await checkInbox(again);
    assert.deepEqual(await servedBy(again), { organisation: 'insurer' });
  });

  it('tells its other devices the address of the node that this one calls', async () => {
    const { patient } = care;
    const { agent } = await at('insurer', patient);
    const named = httpAgent('http://127.0.0.1:1/x/insurer', async () => {
      throw await Promise.resolve(new Error('nobody is called'));
    });
    for (const method of Object.keys(named)) {
      Object.assign(named, { [method]: Reflect.get(agent, method) as unknown });
    }
    await moveParty({ ...(await at('insurer', patient)), agent: named });
    const second = await furtherDevice(network, patient);
    await checkInbox(second);
    const told = { organisation: 'insurer', url: 'http://127.0.0.1:1/x' };
    assert.deepEqual(await servedBy(second), told);
  });
});

describe('a move that is refused', () => {
  it('is one to an organisation that left the network: its node answers as before', async () => {
    const { patient } = care;
    const { agent } = await at('insurer', patient);
    await network.leave('insurer');
    const { keys, device } = patient;
    const file = network.file;
    const lying = { ...agent, network: async () => await Promise.resolve(file) };
    const left = await openParty({
      ...network.ports,
      seed: keys.seed(),
      network: file,
      agent: lying,
      log: 'care/insurer',
      device,
    });
    const reason = 'it has left the network';
    const why = failsWith('MOVE_REFUSED', { organisation: 'insurer', reason });
    await assert.rejects(moveParty(left), why);
    assert.equal(await servedBy(patient), undefined);
  });

  it('is one of a party that is not enrolled, is suspended, or has another key since', async () => {
    const { patient, doctor } = care;
    const nobody = await network.party('doctor', { organisation: 'insurer', enrolled: false });
    await assert.rejects(moveParty(nobody), failsWith('PARTY_UNKNOWN'));
    await suspend(network, doctor, 1);
    await assert.rejects(moveParty(await at('insurer', doctor)), failsWith('PARTY_SUSPENDED'));
    const old = await at('insurer', patient);
    const { party } = await changeKey(patient, network.ports.random(32));
    await assert.rejects(moveParty({ ...old, device: memoryDevice() }), failsWith('KEY_CHANGED'));
    for (const each of [nobody, doctor, patient]) assert.equal(await servedBy(each), undefined);
    assert.equal(party.address, patient.address);
  });

  // @attack a node has a party move to it that serves it nothing | the party moves once k coordinators and its own letters answered through the node
  it('is one to a node that does not answer, gives no letters, or whose facts k coordinators do not sign', async () => {
    const { patient } = care;
    const there = await at('insurer', patient);
    const away = new MedsealError('PEER_UNREACHABLE', { peer: 'insurer' });
    const closed = new MedsealError('CLOSED', { what: 'node' });
    const lies = [
      [{ facts: failing(away) }, 'PEER_UNREACHABLE'],
      [{ collect: failing(closed) }, 'CLOSED'],
      [{ facts: async () => await Promise.resolve([]) }, 'VERDICTS_MISSING'],
    ] as const;
    for (const [lie, code] of lies) {
      await assert.rejects(moveParty(behind(there, lie)), failsWith(code));
      assert.equal(await servedBy(patient), undefined, code);
    }
  });

  it('is carried on by the same call if the letter to the other devices did not go', async () => {
    const { patient } = care;
    const there = await at('insurer', patient);
    const error = new MedsealError('PEER_UNREACHABLE', { peer: 'insurer' });
    const cut = behind(there, { send: async () => await Promise.reject(error) });
    await assert.rejects(moveParty(cut), failsWith('PEER_UNREACHABLE'));
    assert.equal((await moveParty(there)).already, true);
    const second = await furtherDevice(network, patient);
    await checkInbox(second);
    assert.deepEqual(await servedBy(second), { organisation: 'insurer' });
  });
});

describe('a word about a move', () => {
  // @attack somebody tells a party's device that the party moved to a node of theirs | only letters that the party's present key signed count
  it('counts from nobody else, and not under a key of before', async () => {
    const { patient, doctor, stranger } = care;
    for (const from of [doctor, stranger]) {
      await sendLetter(from, patient.address, { notes: [note()] });
    }
    await checkInbox(patient);
    const sent: SentLetter[] = [];
    const thief = behind(
      { ...patient, device: memoryDevice() },
      { send: async (letter) => await Promise.resolve(void sent.push(letter)) },
    );
    await sendLetter(thief, patient.address, { notes: [note({ at: BEGIN + 1 })] });
    const { party } = await changeKey(patient, network.ports.random(32));
    let given = 0;
    const lied = behind(party, {
      collect: async (request) => {
        given += 1;
        return given === 1 ? sent : await party.agent.collect(request);
      },
    });
    await checkInbox(lied);
    assert.equal(await servedBy(party), undefined);
  });

  // @attack a thief of a party's key leaves its devices the address of a page of theirs, where the person enters the 24 words of the new key | a change of the key takes addresses of moves back, at each device
  it('loses the address of the node once the party changes its key, and stays a move', async () => {
    const { patient } = care;
    const seed = network.ports.random(32);
    const second = await furtherDevice(network, patient);
    await sendLetter(patient, patient.address, { notes: [note({ url: 'https://thief.example' })] });
    for (const device of [patient, second]) {
      await checkInbox(device);
      assert.equal((await servedBy(device))?.url, 'https://thief.example');
    }
    const { party } = await changeKey(patient, seed);
    assert.deepEqual(await servedBy(party), { organisation: 'laboratory' });
    await checkInbox(party);
    await checkInbox({ ...party, device: second.device });
    assert.deepEqual(await servedBy(second), { organisation: 'laboratory' });
  });

  // @attack somebody with a former key of a party moved its devices once, by a note of the latest moment there is | a note of a moment that has not come gives way to any of one that has
  it('is left by the next move and by other devices, if its moment is far ahead or the last there is', async () => {
    const { patient } = care;
    const second = await furtherDevice(network, patient);
    for (const at of [BEGIN + 100 * 365 * 86_400, Number.MAX_SAFE_INTEGER]) {
      await patient.device.write('served-by', [note({ at, url: 'https://thief.example' })]);
      assert.deepEqual((await servedBy(patient))?.url, 'https://thief.example');
      await sendLetter(patient, patient.address, { notes: [note({ at }), note({ at: at - 1 })] });
      await checkInbox(second);
      assert.equal(await servedBy(second), undefined, 'it is not taken');
    }
    const { already } = await moveParty(await at('insurer', patient));
    assert.equal(already, false);
    for (const device of [patient, second]) {
      await checkInbox(device);
      assert.deepEqual(await servedBy(device), { organisation: 'insurer' });
    }
    await moveParty(await at('laboratory', second));
    await checkInbox(patient);
    assert.deepEqual(await servedBy(patient), { organisation: 'laboratory' });
  });

  it('counts not if it is malformed, or names an address that nobody can call', async () => {
    const { patient } = care;
    const wrong = [
      { organisation: '../hospital' },
      { organisation: '' },
      { url: 'file:///etc' },
      { url: `http://${'x'.repeat(600)}` },
      { url: 'http://a b' },
      { at: -1 },
      { at: undefined },
    ].map((change) => note(change));
    await sendLetter(patient, patient.address, { notes: wrong });
    await checkInbox(patient);
    assert.equal(await servedBy(patient), undefined);
  });
});
