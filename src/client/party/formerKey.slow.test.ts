import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { utf8ToBytes } from '../../crypto/bytes.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { viewOf } from '../../node/test/requests.ts';
import { suspend } from '../../node/test/suspend.ts';
import {
  behind,
  everything,
  startTestNetwork,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import type { KeyChangeAsked } from '../../protocol/AgentPort.ts';
import type { Address } from '../../protocol/ids.ts';
import type { Category } from '../../protocol/vocabulary.ts';
import { sign } from '../../protocol/struct/signing.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { verifyReceipt } from '../../protocol/evidence/verifyReceipt.ts';
import { fetchReceipt } from '../audit/fetchReceipt.ts';
import { readAudit } from '../audit/readAudit.ts';
import { commitEpochs } from '../epochs/commitEpochs.ts';
import { epochIdentity } from '../epochs/epochIdentity.ts';
import { eraseKeys } from '../epochs/eraseKeys.ts';
import { turnFormerKeys } from '../epochs/turnFormerKeys.ts';
import { requestAccess } from '../letters/accessRequests.ts';
import { checkInbox } from '../care/inbox/checkInbox.ts';
import { sendLetter } from '../letters/letters.ts';
import { addRecord } from '../records/addRecord.ts';
import { readChart } from '../records/readChart.ts';
import { readRecord } from '../records/readRecord.ts';
import { grantRight, type GrantGiven } from '../rights/grantRight.ts';
import { restoreRights } from '../rights/restoreRights.ts';
import { revokeRight } from '../rights/revokeRight.ts';
import { readPatientState } from '../state/PatientState.ts';
import { restorePatient } from '../state/restorePatient.ts';
import { readNotes } from '../test/readNotes.ts';
import { changeKey } from './changeKey.ts';
import { findParty } from './findParty.ts';
import { memoryDevice } from './memoryDevice.ts';
import { openParty, type Party } from './Party.ts';

let network: TestNetwork;
let patient: Party;
let doctor: Party;
let right: GrantGiven;

before(async () => {
  network = await startTestNetwork({ seed: 'former keys' });
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

const refused = failsWith('SIGNATURE_INVALID');

async function away(): Promise<never> {
  return await Promise.reject(new MedsealError('PEER_UNREACHABLE', { peer: 'x' }));
}

async function add(by: Party, note: string, { grant }: Partial<GrantGiven> = {}) {
  const { handle } = right.grant;
  return await addRecord(by, {
    handle,
    category: 'vitals',
    content: utf8ToBytes(note),
    purpose: grant?.terms.purpose ?? 'PATRQT',
    ...(grant && { grant }),
  });
}

/** The party on an empty device. */
async function open(party: Party, seed: Uint8Array, address?: Address): Promise<Party> {
  return await openParty({
    ...network.ports,
    clock: network.clock,
    network: network.file,
    agent: party.agent,
    log: party.log,
    seed,
    ...(address && { address }),
    device: memoryDevice(),
  });
}

async function ownNotes(by: Party): Promise<number> {
  const { handle } = await readPatientState(by);
  const chart = await readChart(by, { handle, purpose: 'PATRQT' });
  for (const record of chart.records) await readRecord(by, chart, record);
  return chart.records.length;
}

/** Sends the same view of the chart at each call. */
async function viewer(by: Party) {
  const { handle } = await readPatientState(patient);
  const care = { patient, doctor: by, stranger: by, handle, right };
  const request = sign(by, by, 'View', viewOf(care));
  return async () => (await by.agent.submit([{ request, opening: right.grant }]))[0];
}

describe('a key of before', () => {
  it('of a doctor is refused by every operation', async () => {
    await add(patient, 'before');
    const { handle } = right.grant;
    const ask = await viewer(doctor);
    const first = await ask();
    assert.ok(first?.outcome === 'acknowledged' && first.release !== undefined);
    const other = await network.party('doctor');
    await changeKey(doctor, fresh());
    // The very bytes that were answered before.
    const again = await ask();
    assert.ok(again?.outcome === 'refused' && again.problem.code === 'SIGNATURE_INVALID');
    const grant = right.grant;
    const wanted = { ...grant.terms, handle, categories: ['vitals'] as Category[] };
    for (const [name, run] of [
      ['read', async () => await readChart(doctor, { handle, grant, purpose: 'TREAT' })],
      ['add', async () => await add(doctor, 'no', right)],
      ['ask', async () => await requestAccess(doctor, { ...wanted, actions: ['read'] })],
      ['letters', async () => await checkInbox(doctor)],
      ['rights', async () => await restoreRights(doctor)],
      ['send', async () => await sendLetter(doctor, other.address, { grant })],
      ['change', async () => await changeKey(doctor, fresh())],
    ] as const) {
      await assert.rejects(run(), refused, name);
    }
  });

  it('of a patient is refused by every operation, and its thief is given no state', async () => {
    await add(patient, 'before');
    const thief: Party = { ...patient, device: memoryDevice() };
    await thief.device.write('patient', await readPatientState(patient));
    await changeKey(patient, fresh());
    const { handle } = right.grant;
    for (const [name, run] of [
      ['read', async () => await readChart(thief, { handle, purpose: 'PATRQT' })],
      ['add', async () => await add(thief, 'no')],
      ['grant', async () => await grantRight(thief, everything(doctor))],
      ['revoke', async () => await revokeRight(thief, right.digest)],
      ['commit', async () => await commitEpochs(thief, 9)],
      ['refresh', async () => await turnFormerKeys(thief)],
      ['erase', async () => await eraseKeys(thief, 'sensitive')],
      ['audit', async () => await readAudit(thief)],
      ['restore', async () => await restorePatient(thief)],
      ['change', async () => await changeKey(thief, fresh())],
    ] as const) {
      await assert.rejects(
        run(),
        (error) => {
          const codes = ['SIGNATURE_INVALID', 'STATE_STALE'];
          return error instanceof MedsealError && codes.includes(error.code);
        },
        name,
      );
    }
  });

  // @actor a stolen phone | to open what is added after the change
  it('opens nothing of a patient that is added after the change', async () => {
    const { keyring } = await readPatientState(patient);
    const { handle } = right.grant;
    const { party: renewed } = await changeKey(patient, fresh());
    const chart = async () => await readChart(renewed, { handle, purpose: 'PATRQT' });
    await add(renewed, 'after');
    const [added] = (await chart()).records;
    const epoch = added?.epoch ?? 0;
    assert.throws(() => epochIdentity(keyring, epoch, 'vitals'), failsWith('KEY_PENDING'));
    const kept = (await readPatientState(renewed)).keyring;
    assert.ok((kept.former ?? epoch) < epoch);
    // Whoever has a right reads on.
    assert.deepEqual(await readNotes(doctor, right), ['after']);
    assert.equal(await turnFormerKeys(renewed), false);
  });

  // @actor a stolen phone and a node | to put in a packet of its own
  it('of a patient binds no packet of a right that is given after the change', async () => {
    const { party: renewed } = await changeKey(patient, fresh());
    const other = await network.party('doctor');
    const swapping = behind(renewed, {
      submit: async (given) =>
        await renewed.agent.submit(
          given.map((each) => ({
            ...each,
            ...(each.keep && { keep: sign(patient, patient, 'Keep', each.keep.message) }),
          })),
        ),
    });
    await assert.rejects(grantRight(swapping, everything(other)), refused);
    await grantRight(renewed, everything(other));
  });

  it('verifies offline what it signed before, whatever comes after', async () => {
    const written = await add(doctor, 'before', right);
    await network.checkpoint();
    const receipt = await fetchReceipt(patient, written.acknowledgement);
    await changeKey((await changeKey(doctor, fresh())).party, fresh());
    const body = verifyReceipt(patient, network.file, receipt);
    assert.ok(body.format === 'medseal-body/1' && body.request.party === doctor.address);
    const later = await fetchReceipt(patient, written.acknowledgement);
    verifyReceipt(patient, network.file, later);
  });
});

describe('changes of key', () => {
  it('at once of two devices: one stands, and the other device is told so', async () => {
    const second: Party = { ...patient, device: memoryDevice() };
    await restorePatient(second);
    await add(patient, 'before');
    const seeds = [fresh(), fresh()] as const;
    const changes = await Promise.allSettled([
      changeKey(patient, seeds[0]),
      changeKey(second, seeds[1]),
    ]);
    const done = changes.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    assert.equal(done.length, 1, JSON.stringify(changes));
    const { party: renewed } = done[0] ?? assert.fail();
    assert.equal(await ownNotes(renewed), 1);
    await add(renewed, 'after');
    const loser = changes[0]?.status === 'fulfilled' ? second : patient;
    await assert.rejects(changeKey(loser, fresh()), refused);
    const seed = changes[0]?.status === 'fulfilled' ? seeds[0] : seeds[1];
    const phone = await open(patient, seed, patient.address);
    await restorePatient(phone);
    assert.equal(await ownNotes(phone), 2);
  });

  it('keep what another device did with the old key in between', async () => {
    const second: Party = { ...patient, device: memoryDevice() };
    await restorePatient(second);
    await add(patient, 'before');
    const other = await network.party('doctor');
    let given: GrantGiven | undefined;
    const slow = behind(patient, {
      changeKey: async (asked: KeyChangeAsked) => {
        // Its state is sealed to the old recipient alone.
        given = await grantRight(second, everything(other));
        await commitEpochs(second, 6);
        return await patient.agent.changeKey(asked);
      },
    });
    const { party: renewed } = await changeKey(slow, fresh());
    const { grants } = await readPatientState(renewed);
    assert.ok(grants.some(({ digest }) => digest === given?.digest));
    await add(renewed, 'after');
    assert.equal(await ownNotes(renewed), 2);
    assert.equal((await readNotes(other, given ?? assert.fail())).length, 2);
  });

  it('after an erasure, and before another', async () => {
    await add(patient, 'before');
    await eraseKeys(patient, 'sensitive');
    const { party: renewed } = await changeKey(patient, fresh());
    await eraseKeys(renewed, 'sensitive');
    await add(renewed, 'after');
    assert.equal(await ownNotes(renewed), 2);
    const { party: last } = await changeKey(renewed, fresh());
    assert.equal(await ownNotes(last), 2);
  });

  it('go on after an interruption, also the second one and after the keys began to turn', async () => {
    const lost = failsWith('PEER_UNREACHABLE');
    const [first, next] = [fresh(), fresh()];
    let kept: Party | undefined;
    const broken = changeKey(patient, first, {
      changed: async (party) => {
        kept = party;
        await away();
      },
    });
    await assert.rejects(broken, lost);
    assert.deepEqual(kept?.keys.seed(), first);
    const { party: renewed } = await changeKey(patient, first);
    await add(renewed, 'with the first');
    const proof = { keyChanges: renewed.keyChanges ?? [] };
    const unheard = behind(renewed, {
      changeKey: async (given: KeyChangeAsked) => {
        await patient.agent.changeKey(given);
        return await away();
      },
    });
    await assert.rejects(changeKey(unheard, next), lost);
    // The device still has the first key, and its own proof of it: the card proves the next one.
    const at = { ...network.ports, clock: network.clock, network: network.file };
    const here = { ...at, agent: patient.agent, log: patient.log, device: renewed.device };
    const reopened = await openParty({ ...here, seed: first, address: patient.address, ...proof });
    const { party: last } = await changeKey(reopened, next);
    assert.equal(await ownNotes(last), 1);
    await assert.rejects(
      openParty({ ...here, seed: fresh(), address: patient.address, ...proof }),
      failsWith('KEY_UNAUTHENTIC'),
    );
  });

  it('are refused again once another has followed, and of a party that is suspended in between', async () => {
    let first: KeyChangeAsked | undefined;
    const spying = behind(doctor, {
      changeKey: async (asked) => {
        first ??= asked;
        return await doctor.agent.changeKey(asked);
      },
    });
    const { party: renewed } = await changeKey(spying, fresh());
    const { party: last } = await changeKey(renewed, fresh());
    assert.ok(first !== undefined);
    await assert.rejects(doctor.agent.changeKey(first), refused);
    assert.equal((await (await viewer(last))())?.outcome, 'acknowledged');
    await suspend(network, doctor, 1);
    await assert.rejects(changeKey(last, fresh()), failsWith('PARTY_SUSPENDED'));
    await assert.rejects(doctor.agent.changeKey(first), MedsealError);
  });
});

describe('the party of a seed', () => {
  it('is found by its present key, and a former one is told that another followed', async () => {
    const [first, next] = [fresh(), fresh()];
    const at = { ...network.ports, network: network.file, agent: doctor.agent };
    const own = doctor.keys.seed();
    assert.equal(await findParty(at, own), doctor.address);
    const { party: renewed, signer } = await changeKey(doctor, first);
    assert.equal(await findParty(at, first), doctor.address);
    await assert.rejects(findParty(at, own), failsWith('KEY_CHANGED'));
    await changeKey(renewed, next);
    assert.equal(await findParty(at, next), doctor.address);
    await assert.rejects(findParty(at, first), failsWith('KEY_CHANGED'));
    const opened = await open(doctor, next, await findParty(at, next));
    await add(opened, 'from the words alone', right);
    const stranger = fresh();
    assert.notEqual(await findParty(at, stranger), doctor.address);
    assert.equal((await doctor.agent.card(signer)).party, doctor.address);
  });

  // @actor a lying node | to name another party for a key
  it('is not believed of a node that names another, or leaves changes out', async () => {
    const seed = fresh();
    await changeKey(doctor, seed);
    const card = await doctor.agent.card(doctor.address);
    const foreign = await doctor.agent.card(patient.address);
    const { keyChanges: _left, ...bare } = card;
    for (const lie of [
      foreign,
      bare,
      { ...card, party: patient.address },
      { ...foreign, keyChanges: card.keyChanges ?? [] },
    ]) {
      const { agent } = behind(doctor, { card: async () => await Promise.resolve(lie) });
      const at = { ...network.ports, network: network.file, agent };
      await assert.rejects(findParty(at, seed), failsWith('KEY_UNAUTHENTIC'));
    }
  });
});
