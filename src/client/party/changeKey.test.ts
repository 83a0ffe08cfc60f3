import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { bytesToUtf8, utf8ToBytes } from '../../crypto/bytes.ts';
import { networkApp } from '../../http/networkApp.ts';
import { suspend } from '../../node/test/suspend.ts';
import {
  behind,
  everything,
  startTestNetwork,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { KeyChangeAsked } from '../../protocol/AgentPort.ts';
import type { Address } from '../../protocol/ids.ts';
import { recipientHash } from '../../protocol/rights/recipientHash.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { word } from '../../protocol/test/sampleNetwork.ts';
import { verifyReceipt } from '../../protocol/evidence/verifyReceipt.ts';
import { httpAgent } from '../agent/httpAgent.ts';
import { fetchReceipt } from '../audit/fetchReceipt.ts';
import { commitEpochs } from '../epochs/commitEpochs.ts';
import { addRecord } from '../records/addRecord.ts';
import { readChart } from '../records/readChart.ts';
import { readRecord } from '../records/readRecord.ts';
import { acceptRecipient } from '../rights/acceptRecipient.ts';
import { grantRight, type GrantGiven } from '../rights/grantRight.ts';
import { listChangedRecipients } from '../rights/listChangedRecipients.ts';
import { revokeRight } from '../rights/revokeRight.ts';
import { readPatientState } from '../state/PatientState.ts';
import { restorePatient } from '../state/restorePatient.ts';
import { readNotes } from '../test/readNotes.ts';
import { changeKey } from './changeKey.ts';
import { memoryDevice } from './memoryDevice.ts';
import { openParty, type Party } from './Party.ts';

let network: TestNetwork;
let patient: Party;
let doctor: Party;
let right: GrantGiven;

before(async () => {
  network = await startTestNetwork();
});
after(async () => await network.close());
beforeEach(async () => {
  patient = await network.party('patient');
  doctor = await network.party('doctor');
  await commitEpochs(patient, 4);
  right = await grantRight(patient, everything(doctor));
});

function fresh(): Uint8Array {
  return network.ports.random(32);
}

async function add(by: Party, note: string, grant?: GrantGiven['grant']) {
  const { handle } = right.grant;
  const content = utf8ToBytes(note);
  const purpose = grant?.terms.purpose ?? 'PATRQT';
  const version = {
    handle,
    category: 'vitals',
    content,
    purpose,
    ...(grant && { grant }),
  } as const;
  return await addRecord(by, version);
}

/** The party on an empty device, from a seed. */
async function open(
  {
    network: file,
    agent,
    log,
    address,
  }: Pick<Party, 'network' | 'agent' | 'log'> & { address?: Address },
  seed: Uint8Array,
): Promise<Party> {
  return await openParty({
    ...network.ports,
    clock: network.clock,
    network: file,
    agent,
    log,
    seed,
    ...(address && { address }),
    device: memoryDevice(),
  });
}

/** The notes of the patient's own chart, sorted. */
async function ownNotes(by: Party): Promise<readonly string[]> {
  const { handle } = await readPatientState(by);
  const chart = await readChart(by, { handle, purpose: 'PATRQT' });
  const notes: string[] = [];
  for (const record of chart.records) {
    notes.push(bytesToUtf8((await readRecord(by, chart, record)).content));
  }
  return notes.toSorted();
}

/** The request that the party sends for a change of its key. */
async function asked(party: Party, seed = fresh()): Promise<KeyChangeAsked> {
  let sent: KeyChangeAsked | undefined;
  const spying = behind(party, {
    changeKey: async (given) => {
      sent = given;
      return await Promise.reject(new MedsealError('PEER_UNREACHABLE', { peer: 'hospital' }));
    },
  });
  await assert.rejects(changeKey(spying, seed), failsWith('PEER_UNREACHABLE'));
  return sent ?? assert.fail();
}

describe('a party that changes its key', () => {
  // @actor a stolen phone | to go on after the key was changed
  it('goes on with the new key under its address, and the old one signs nothing more', async () => {
    const written = await add(doctor, 'before', right.grant);
    const { party: renewed, signer } = await changeKey(doctor, fresh());
    assert.equal(renewed.address, doctor.address);
    assert.notEqual(signer, doctor.address);
    await add(renewed, 'after', right.grant);
    await assert.rejects(
      add(doctor, 'by the old key', right.grant),
      failsWith('SIGNATURE_INVALID'),
    );
    const twice = (await changeKey(renewed, fresh())).party;
    const last = await add(twice, 'after the second', right.grant);
    await assert.rejects(
      add(renewed, 'by the second', right.grant),
      failsWith('SIGNATURE_INVALID'),
    );
    await assert.rejects(changeKey(doctor, fresh()), failsWith('SIGNATURE_INVALID'));
    assert.deepEqual(await ownNotes(patient), ['after', 'after the second', 'before']);
    await network.checkpoint();
    // Evidence of every key verifies offline, with the network file alone.
    for (const { acknowledgement } of [written, last]) {
      const receipt = await fetchReceipt(patient, acknowledgement);
      const body = verifyReceipt(patient, network.file, receipt);
      assert.ok(body.format === 'medseal-body/1' && body.request.party === doctor.address);
    }
  });

  it('is opened from the new seed and its address on an empty device, and from no other seed', async () => {
    const seed = fresh();
    await changeKey(doctor, seed);
    const opened = await open(doctor, seed);
    assert.equal(opened.address, doctor.address);
    await add(opened, 'from an empty device', right.grant);
    const unauthentic = failsWith('KEY_UNAUTHENTIC', { what: 'key' });
    await assert.rejects(open(doctor, fresh()), unauthentic);
    await assert.rejects(open(patient, seed), unauthentic);
  });

  it('reads what was sealed to it once the patient has accepted its new recipient', async () => {
    await add(patient, 'before');
    const { party: renewed } = await changeKey(doctor, fresh());
    // On the same device the former key still opens what was sealed to it.
    assert.deepEqual(await readNotes(renewed, right), ['before']);
    const { formerKeys: _former, ...elsewhere } = renewed;
    await assert.rejects(readNotes(elsewhere, right), failsWith('SEAL_UNREADABLE'));
    const [changed] = await listChangedRecipients(patient);
    const fingerprint = recipientHash(renewed.primitives, renewed.recipient);
    assert.deepEqual([changed?.grantee, changed?.fingerprint], [doctor.address, fingerprint]);
    await assert.rejects(grantRight(patient, everything(doctor)), failsWith('RECIPIENT_CHANGED'));
    await acceptRecipient(patient, { grantee: doctor.address, fingerprint });
    assert.deepEqual(await readNotes(renewed, right), ['before']);
  });

  it('goes on where it was interrupted, before the ledger and after it', async () => {
    const seed = fresh();
    const lost = failsWith('PEER_UNREACHABLE');
    const unsent = {
      changeKey: async () =>
        await Promise.reject(new MedsealError('PEER_UNREACHABLE', { peer: 'x' })),
    };
    await assert.rejects(changeKey(behind(patient, unsent), seed), lost);
    await add(patient, 'with the old key still');
    const unheard = {
      changeKey: async (given: KeyChangeAsked) => {
        await patient.agent.changeKey(given);
        throw new MedsealError('PEER_UNREACHABLE', { peer: 'x' });
      },
    };
    await assert.rejects(changeKey(behind(patient, unheard), seed), lost);
    const { party: renewed, block } = await changeKey(patient, seed);
    assert.equal((await changeKey(patient, seed)).block, block);
    await add(renewed, 'with the new one');
    assert.equal((await ownNotes(renewed)).length, 2);
  });
});

describe('a patient that changes the key', () => {
  it('keeps chart, rights and the keys of former epochs, from the new seed alone', async () => {
    await add(patient, 'before');
    const seed = fresh();
    const { party: renewed } = await changeKey(patient, seed);
    const phone = await open(patient, seed);
    const { state, unknown } = await restorePatient(phone);
    const standing = state.grants.filter(({ grant }) => grant.terms.grantee === doctor.address);
    assert.deepEqual([standing.length, unknown], [1, []]);
    await add(phone, 'after');
    await commitEpochs(phone, 6);
    await revokeRight(phone, right.digest);
    await add(phone, 'in the next epoch');
    assert.deepEqual(await ownNotes(phone), ['after', 'before', 'in the next epoch']);
    await restorePatient(renewed);
    assert.equal((await ownNotes(renewed)).length, 3);
    await assert.rejects(restorePatient(await open(patient, patient.keys.seed())), MedsealError);
  });

  it('is restored from the new seed also if the device died right after the ledger’s change', async () => {
    await add(patient, 'before');
    const seed = fresh();
    const dying = behind(patient, {
      changeKey: async (given) => {
        await patient.agent.changeKey(given);
        throw new MedsealError('PEER_UNREACHABLE', { peer: 'x' });
      },
    });
    await assert.rejects(changeKey(dying, seed), failsWith('PEER_UNREACHABLE'));
    const phone = await open(patient, seed);
    await restorePatient(phone);
    assert.deepEqual(await ownNotes(phone), ['before']);
  });
});

describe('a change of key', () => {
  it('that the ledger has gets its first answer again', async () => {
    const app = networkApp(new Map([['hospital', network.agent()]]));
    const agent = httpAgent('http://127.0.0.1:8480/hospital', async (url, init) => {
      const headers = { ...(init?.headers as Record<string, string>), host: '127.0.0.1:8480' };
      return await app.request(url, { ...init, headers });
    });
    const sent = await asked(doctor);
    const place = await agent.changeKey(sent);
    assert.deepEqual(await agent.changeKey(sent), place);
    const again = sent.change.message.change + 1;
    const late = {
      ...sent,
      change: { ...sent.change, message: { ...sent.change.message, change: again } },
    };
    await assert.rejects(agent.changeKey(late), MedsealError);
  });

  it('is refused of an old key, under a wrong number, to another’s address, late, or altered', async () => {
    const thief = await network.party('nurse');
    const seed = fresh();
    const sent = await asked(doctor, seed);
    const stolen = await asked(thief);
    const { message } = sent.change;
    const agent = doctor.agent;
    const withChange = (change: KeyChangeAsked['change']): KeyChangeAsked => ({
      change,
      card: { ...sent.card, keyChanges: [change] },
    });
    for (const [wrong, code] of [
      [{ ...sent, card: stolen.card }, 'REQUEST_MALFORMED'],
      [{ ...sent, card: { ...sent.card, recipient: thief.recipient } }, 'REQUEST_MALFORMED'],
      [
        { ...sent, card: { ...sent.card, keyChanges: stolen.card.keyChanges } },
        'REQUEST_MALFORMED',
      ],
      [
        { change: sent.change, card: { party: doctor.address, recipient: sent.card.recipient } },
        'REQUEST_MALFORMED',
      ],
      [withChange({ ...sent.change, signature: stolen.change.signature }), 'REQUEST_MALFORMED'],
      [
        withChange({ ...sent.change, newSignature: stolen.change.newSignature }),
        'REQUEST_MALFORMED',
      ],
      [
        withChange({ ...sent.change, message: { ...message, recipient: word('x') } }),
        'REQUEST_MALFORMED',
      ],
      [null, 'REQUEST_MALFORMED'],
    ] as const) {
      await assert.rejects(agent.changeKey(wrong as KeyChangeAsked), failsWith(code));
    }
    // To the address of somebody who is enrolled: the ledger has one owner for each.
    await assert.rejects(
      changeKey(doctor, thief.keys.seed()),
      failsWith('RULE_REFUSED', { reason: 'AddressTaken' }),
    );
    network.clock.advance(301_000);
    await assert.rejects(agent.changeKey(sent), failsWith('REQUEST_LATE'));
    const { party: renewed } = await changeKey(doctor, seed);
    const byOld = await asked(renewed);
    const forged = { ...byOld.change, signature: sent.change.signature };
    await assert.rejects(agent.changeKey({ ...byOld, change: forged }), MedsealError);
    await assert.rejects(changeKey(renewed, seed), failsWith('ARGUMENT_INVALID'));
    await assert.rejects(changeKey(renewed, doctor.keys.seed()), failsWith('ARGUMENT_INVALID'));
  });

  it('is refused of a party that is suspended, or not enrolled', async () => {
    const sent = await asked(doctor);
    await suspend(network, doctor, 1);
    await assert.rejects(doctor.agent.changeKey(sent), failsWith('PARTY_SUSPENDED'));
    await assert.rejects(changeKey(doctor, fresh()), failsWith('PARTY_SUSPENDED'));
    const { address: _other, ...anywhere } = doctor;
    const stranger = await open(anywhere, fresh());
    await assert.rejects(changeKey(stranger, fresh()), failsWith('PARTY_UNKNOWN'));
  });

  // @actor anybody | to bring back the card of before
  it('cannot be undone by a card of the time before, or one that proves another key', async () => {
    const { party: renewed } = await changeKey(doctor, fresh());
    const card = await patient.agent.card(doctor.address);
    assert.deepEqual(card.keyChanges, renewed.keyChanges);
    const { keyChanges: _proof, ...bare } = card;
    const old = { party: doctor.address, recipient: doctor.recipient };
    for (const wrong of [bare, old]) {
      await assert.rejects(patient.agent.keepCard(wrong), failsWith('REQUEST_MALFORMED'));
    }
    assert.deepEqual(await patient.agent.card(doctor.address), card);
  });
});
