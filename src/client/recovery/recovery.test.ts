import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { encodeBatch } from '../../bindings/encodeBatch.ts';
import { registryAbi } from '../../bindings/generated/registryAbi.ts';
import { readEvents } from '../../bindings/readEvents.ts';
import { utf8ToBytes } from '../../crypto/bytes.ts';
import { suspend } from '../../node/test/suspend.ts';
import { everything, startTestNetwork, type TestNetwork } from '../../node/test/testNetwork.ts';
import { isRecoverable } from '../../protocol/rights/isRecoverable.ts';
import { recipientHash } from '../../protocol/rights/recipientHash.ts';
import { verifyReceipt } from '../../protocol/evidence/verifyReceipt.ts';
import type { Organisation } from '../../protocol/ids.ts';
import type { Signed, SignedRecovery } from '../../protocol/struct/requests.ts';
import { sign } from '../../protocol/struct/signing.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { signatory, word } from '../../protocol/test/sampleNetwork.ts';
import { confirmFacts } from '../audit/confirmFacts.ts';
import { fetchReceipt } from '../audit/fetchReceipt.ts';
import { commitEpochs } from '../epochs/commitEpochs.ts';
import { changeKey } from '../party/changeKey.ts';
import { findParty } from '../party/findParty.ts';
import { memoryDevice } from '../party/memoryDevice.ts';
import { openParty, type Party } from '../party/Party.ts';
import { addRecord } from '../records/addRecord.ts';
import { acceptRecipient } from '../rights/acceptRecipient.ts';
import { grantRight } from '../rights/grantRight.ts';
import { signSuspension } from '../rights/signSuspension.ts';
import { askRecovery } from './askRecovery.ts';
import { carryRecovery } from './carryRecovery.ts';
import { finishRecovery } from './finishRecovery.ts';
import { parseRecoveryFile, type RecoveryFile } from './recoveryFile.ts';
import { recoveryWords } from './recoveryWords.ts';
import { signRecovery } from './signRecovery.ts';
import { vetoRecovery } from './vetoRecovery.ts';

/** The delay of the network, milliseconds. */
const DELAY = 3 * 24 * 3600 * 1000;

let network: TestNetwork;
/** A moment beyond the delay, Unix seconds. */
const later = (): number => Math.floor(network.clock.now() / 1000) + 30 * 24 * 3600;
before(async () => {
  network = await startTestNetwork();
});
after(async () => await network.close());

/** A new key on an empty device, which nobody enrolled. */
async function guest(organisation: Organisation = 'hospital', seed = fresh()): Promise<Party> {
  return await openParty({
    ...network.ports,
    seed: seed.slice(),
    network: network.file,
    agent: network.agent(organisation),
    log: `care/${organisation}`,
    device: memoryDevice(),
  });
}

function fresh(): Uint8Array {
  return network.ports.random(32);
}

/** The party before the agent of another organisation. */
function at(party: Party, organisation: Organisation): Party {
  return { ...party, agent: network.agent(organisation) };
}

function members(count = 3): TestNetwork['authorityKeys'] {
  return network.authorityKeys.slice(0, count);
}

async function signed(by: Party, party: Party, count = 3): Promise<RecoveryFile> {
  const file = await askRecovery(by, { party: party.address });
  return signRecovery(by, file, members(count)).file;
}

async function begin(by: Party, party: Party): Promise<RecoveryFile> {
  const file = await signed(by, party);
  await carryRecovery(by, file);
  return file;
}

/** Has anybody's account finish the recovery; returns the contract's reason against it. */
async function finish(party: Party): Promise<string | undefined> {
  const data = encodeBatch(registryAbi, 'finishRecoveries', [[party.address]]);
  const to = network.file.contracts.registry;
  const receipt = await network.senders.get('insurer')?.send({ to, data });
  const refusal = readEvents(receipt?.logs ?? []).find(({ kind }) => kind === 'Refused');
  return refusal?.kind === 'Refused' ? refusal.error : undefined;
}

/** The patient compares the new recipient, and accepts it. */
async function accept(patient: Party, { address, primitives, recipient }: Party): Promise<void> {
  const fingerprint = recipientHash(primitives, recipient);
  await acceptRecipient(patient, { grantee: address, fingerprint });
}

async function factsOf(party: Party) {
  const { party: facts } = await confirmFacts(party, { party: party.address });
  return facts ?? assert.fail();
}

describe('a key that the authority recovers', () => {
  it('signs for the party after the delay, and everything signed before and after verifies offline', async () => {
    const patient = await network.party('patient');
    const doctor = await network.party('doctor');
    await commitEpochs(patient, 4);
    const { grant } = await grantRight(patient, { ...everything(doctor), until: later() });
    const { handle } = grant;
    const write = async (by: Party, note: string) =>
      await addRecord(by, {
        handle,
        category: 'vitals',
        content: utf8ToBytes(note),
        purpose: grant.terms.purpose,
        grant,
      });
    const old = await write(doctor, 'before');

    const seed = fresh();
    const by = await guest('hospital', seed);
    const file = await begin(at(by, 'insurer'), doctor);
    const { state } = await finishRecovery(by, file);
    assert.equal(state, 'begun');
    const pending = (await factsOf(doctor)).recovery;
    assert.equal(pending?.signer, by.address);
    assert.equal(pending.readyAt, Math.floor((network.clock.now() + DELAY) / 1000));
    await write(doctor, 'the former key signs until the delay is over');

    network.clock.advance(DELAY);
    assert.equal(await finish(doctor), undefined);
    const progress = await finishRecovery(by, { ...file, signatures: [] });
    assert.ok(progress.state === 'finished');
    const { party: renewed } = progress;
    assert.equal(renewed.address, doctor.address);
    assert.equal((await factsOf(doctor)).recovery, undefined);
    await assert.rejects(write(doctor, 'with the lost key'), failsWith('SIGNATURE_INVALID'));

    await accept(patient, renewed);
    const late = await write(renewed, 'after');
    await network.checkpoint();
    for (const { acknowledgement } of [old, late]) {
      const receipt = await fetchReceipt(patient, acknowledgement);
      verifyReceipt(patient, network.file, receipt);
      // Nothing but the pinned network file and the receipt.
      const offline = { domain: patient.domain, primitives: patient.primitives };
      verifyReceipt(offline, network.file, JSON.parse(JSON.stringify(receipt)) as typeof receipt);
    }
    const receipt = await fetchReceipt(patient, late.acknowledgement);
    const strangers = ['one', 'two'].map((name) => ({
      organisation: 'hospital',
      address: signatory(name).address,
    }));
    const other = { ...network.file, authority: { threshold: 2, members: strangers } };
    assert.throws(() => verifyReceipt(patient, other, receipt), failsWith('EVIDENCE_INVALID'));

    // On a device with the new words alone, also after a node started again.
    await network.restart('hospital');
    const fresher = { ...network.ports, network: network.file, agent: network.agent('hospital') };
    assert.equal(await findParty(fresher, seed), doctor.address);
    const again = await openParty({
      ...fresher,
      seed: seed.slice(),
      address: doctor.address,
      log: 'care/hospital',
      device: memoryDevice(),
    });
    await write(again, 'from another device');
    const { party: changed } = await changeKey(again, fresh());
    await accept(patient, changed);
    await write(changed, 'after a change of the recovered key');
    assert.deepEqual(network.failures, []);
  });

  it('is asked for with words that a person compares, which differ by party, key and network', async () => {
    const [one, two] = [await network.party('doctor'), await network.party('pharmacist')];
    const by = await guest();
    const file = await askRecovery(by, { party: one.address });
    const words = recoveryWords(by, file.message);
    assert.equal(words.length, 12);
    const others = [
      recoveryWords(by, (await askRecovery(by, { party: two.address })).message),
      recoveryWords(by, (await askRecovery(await guest(), { party: one.address })).message),
      recoveryWords({ ...by, domain: { ...by.domain, salt: word('other') } }, file.message),
    ];
    for (const other of others) assert.notDeepEqual(other, words);
  });

  it('is not asked for of a patient, an account of an organisation, an unknown party, or with a key in use', async () => {
    const by = await guest();
    const patient = await network.party('patient');
    await assert.rejects(
      askRecovery(by, { party: patient.address }),
      failsWith('RECOVERY_UNFIT', { role: 'patient' }),
    );
    for (const role of ['administrator', 'agent', 'contributor', 'none'] as const) {
      assert.equal(isRecoverable(network.file, role), false, role);
    }
    await assert.rejects(
      askRecovery(by, { party: signatory('nobody').address }),
      failsWith('PARTY_UNKNOWN'),
    );
    const doctor = await network.party('doctor');
    await assert.rejects(
      askRecovery(doctor, { party: doctor.address }),
      failsWith('ARGUMENT_INVALID'),
    );
    await assert.rejects(askRecovery(by, { party: '0x12' }), failsWith('ARGUMENT_INVALID'));
  });
});

describe('the agent that carries a recovery', () => {
  it('refuses k−1 members, a member twice, strangers, and signatures of something else', async () => {
    const doctor = await network.party('doctor');
    const by = await guest();
    const file = await signed(by, doctor);
    const [one = '0x', two = '0x'] = file.signatures;
    const strangers = ['one', 'two', 'three'].map(signatory);
    const foreign = strangers.map((key) => sign(by, key, 'Recovery', file.message).signature);
    const suspension = { party: doctor.address, suspended: true, change: 1, deadline: 2 ** 32 };
    const others = signSuspension(by, { message: suspension, signatures: [] }, members());
    const abroad = { ...by, domain: { ...by.domain, salt: word('other') } };
    for (const signatures of [
      [one],
      [one, one],
      foreign,
      [one, ...foreign.slice(1)],
      others.signed.signatures,
      signRecovery(abroad, { ...file, signatures: [] }, members()).file.signatures,
    ]) {
      await assert.rejects(
        carryRecovery(by, { ...file, signatures }),
        failsWith('SIGNATURE_INVALID'),
      );
    }
    const altered = { ...file.message, recipient: word('a thief’s recipient') };
    await assert.rejects(
      carryRecovery(by, { ...file, message: altered }),
      failsWith('SIGNATURE_INVALID'),
    );
    await assert.rejects(
      carryRecovery(by, { ...file, newSignature: two }),
      failsWith('SIGNATURE_INVALID'),
      'nobody has the new key',
    );
    assert.equal((await factsOf(doctor)).recovery, undefined);
  });

  it('refuses what is malformed', async () => {
    const doctor = await network.party('doctor');
    const by = await guest();
    const { message, signatures, newSignature } = await signed(by, doctor);
    for (const wrong of [
      undefined,
      {},
      { message, signatures },
      { message, newSignature, signatures: 'all' },
      { message, newSignature, signatures: [] },
      { message, newSignature, signatures: [...signatures, ...signatures] },
      { message: { ...message, reason: 'words' }, signatures, newSignature },
    ]) {
      const refused = by.agent.recover(wrong as SignedRecovery);
      await assert.rejects(refused, failsWith('REQUEST_MALFORMED'));
    }
  });

  it('refuses a patient, an unknown party, a taken key, another number, and deadlines', async () => {
    const [doctor, other] = [await network.party('doctor'), await network.party('doctor')];
    const patient = await network.party('patient');
    const by = await guest();
    const file = await askRecovery(by, { party: doctor.address });
    const asking = async (changed: Partial<RecoveryFile['message']>, key = by) => {
      const message = { ...file.message, ...changed };
      const newSignature = sign(key, key, 'Recovery', message).signature;
      const draft = { ...file, message, newSignature };
      return await carryRecovery(by, signRecovery(by, draft, members()).file);
    };
    await assert.rejects(asking({ party: patient.address }), failsWith('RECOVERY_UNFIT'));
    await assert.rejects(asking({ party: signatory('x').address }), failsWith('PARTY_UNKNOWN'));
    await assert.rejects(
      asking({ signer: other.address }, other),
      failsWith('RULE_REFUSED', { reason: 'AddressTaken' }),
    );
    for (const change of [0, 2, 7]) {
      await assert.rejects(
        asking({ change }),
        failsWith('RULE_REFUSED', { reason: 'ChangeUnexpected' }),
      );
    }
    const now = Math.floor(network.clock.now() / 1000);
    await assert.rejects(asking({ deadline: now - 1 }), failsWith('REQUEST_LATE'));
    await assert.rejects(asking({ deadline: now + 31 * 86_400 }), failsWith('REQUEST_EARLY'));
    assert.equal((await factsOf(doctor)).recovery, undefined);
  });

  it('answers a repeat again, and refuses the same signatures after the recovery was stopped', async () => {
    const doctor = await network.party('doctor');
    const by = await guest();
    const file = await begin(by, doctor);
    const { message, signatures, newSignature } = file;
    const first = await by.agent.recover({ message, signatures, newSignature });
    const again = await network.agent('insurer').recover({ message, signatures, newSignature });
    assert.deepEqual(again, first);
    await vetoRecovery(doctor);
    assert.deepEqual(await finishRecovery(by, file), { state: 'stopped' });
    network.clock.advance(DELAY);
    assert.equal(await finish(doctor), 'ChangeUnknown');
    assert.equal((await factsOf(doctor)).key?.signer, doctor.address);
  });

  it('finishes none early, and none twice', async () => {
    const doctor = await network.party('doctor');
    const by = await guest();
    const file = await begin(by, doctor);
    network.clock.advance(DELAY - 1000);
    assert.equal(await finish(doctor), 'ChangeEarly');
    network.clock.advance(1000);
    await network.restart('laboratory');
    assert.equal(await finish(doctor), undefined);
    assert.equal(await finish(doctor), 'ChangeUnknown');
    const once = await finishRecovery(by, file);
    const twice = await finishRecovery(by, file);
    assert.deepEqual([once.state, twice.state], ['finished', 'finished']);
  });
});

describe('a veto', () => {
  it('stops a recovery through the agent of any organisation, and a second recovery begins again', async () => {
    for (const organisation of ['hospital', 'laboratory', 'insurer'] as const) {
      const doctor = await network.party('doctor');
      const by = await guest();
      await begin(by, doctor);
      await vetoRecovery(at(doctor, organisation));
      assert.equal((await factsOf(doctor)).recovery, undefined);
      const second = await begin(by, doctor);
      assert.equal(second.message.change, 2);
      network.clock.advance(DELAY);
      assert.equal(await finish(doctor), undefined);
      assert.equal((await finishRecovery(by, second)).state, 'finished');
    }
  });

  it('is the one request that a suspended party can send, and a recovered party stays suspended', async () => {
    const doctor = await network.party('doctor');
    const by = await guest();
    await suspend(network, doctor, 1);
    await begin(by, doctor);
    await vetoRecovery(doctor);
    const file = await begin(by, doctor);
    network.clock.advance(DELAY);
    assert.equal(await finish(doctor), undefined);
    const progress = await finishRecovery(by, file);
    assert.ok(progress.state === 'finished');
    assert.equal(progress.facts.suspended, true);
    await assert.rejects(changeKey(progress.party, fresh()), failsWith('PARTY_SUSPENDED'));
  });

  it('is refused without a recovery, by another key, for another party, late, and after the finish', async () => {
    const [doctor, other] = [await network.party('doctor'), await network.party('doctor')];
    const none = failsWith('RULE_REFUSED', { reason: 'ChangeUnknown' });
    await assert.rejects(vetoRecovery(doctor), none);
    const by = await guest();
    const file = await begin(by, doctor);
    await assert.rejects(vetoRecovery(other), none);
    await assert.rejects(vetoRecovery(by), failsWith('PARTY_UNKNOWN'));
    const deadline = Math.floor(network.clock.now() / 1000) + 300;
    const message = { party: doctor.address, deadline };
    const byOther = { ...sign(other, other, 'Veto', message), party: doctor.address };
    const byNew = { ...sign(by, by, 'Veto', message), party: doctor.address };
    const abroad = { ...doctor, domain: { ...doctor.domain, salt: word('other') } };
    const foreign = sign(abroad, doctor, 'Veto', message);
    for (const wrong of [byOther, byNew, foreign]) {
      await assert.rejects(doctor.agent.veto(wrong), failsWith('SIGNATURE_INVALID'));
    }
    const late = sign(doctor, doctor, 'Veto', { ...message, deadline: deadline - 301 });
    await assert.rejects(doctor.agent.veto(late), failsWith('REQUEST_LATE'));
    const early = sign(doctor, doctor, 'Veto', { ...message, deadline: deadline + 400 });
    await assert.rejects(doctor.agent.veto(early), failsWith('REQUEST_EARLY'));
    const renamed = { ...sign(doctor, doctor, 'Veto', message), party: other.address };
    await assert.rejects(doctor.agent.veto(renamed), failsWith('REQUEST_MALFORMED'));
    await assert.rejects(doctor.agent.veto({} as Signed<'Veto'>), failsWith('REQUEST_MALFORMED'));
    network.clock.advance(DELAY);
    assert.equal(await finish(doctor), undefined);
    await assert.rejects(vetoRecovery(doctor), failsWith('SIGNATURE_INVALID'));
    const progress = await finishRecovery(by, file);
    assert.ok(progress.state === 'finished');
    await assert.rejects(vetoRecovery(progress.party), none);
  });

  it('is not needed by a party that changes its key, which stops the recovery too', async () => {
    const doctor = await network.party('doctor');
    const by = await guest();
    const file = await begin(by, doctor);
    await changeKey(doctor, fresh());
    assert.equal((await finishRecovery(by, file)).state, 'stopped');
    network.clock.advance(DELAY);
    assert.equal(await finish(doctor), 'ChangeUnknown');
    await assert.rejects(begin(by, await guest()), failsWith('PARTY_UNKNOWN'));
  });
});

function refusedFile(by: Party, value: unknown): void {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  assert.throws(() => parseRecoveryFile(by, text), failsWith('ARGUMENT_INVALID'));
}

describe('the file of a recovery', () => {
  it('goes from member to member, and is refused if it was altered, is late, or is of another network', async () => {
    const doctor = await network.party('doctor');
    const by = await guest();
    const file = await askRecovery(by, { party: doctor.address, within: 600 });
    const one = signRecovery(by, file, members(1));
    assert.deepEqual([one.signedBy, one.missing], [['hospital'], 1]);
    const read = parseRecoveryFile(by, JSON.stringify(one.file));
    assert.deepEqual(read, one);
    const whole = signRecovery(by, read.file, members());
    assert.equal(whole.missing, 0);
    const abroad = { ...by, domain: { ...by.domain, salt: word('other') } };
    const stranger = sign(by, signatory('stranger'), 'Recovery', file.message).signature;
    for (const wrong of [
      '',
      '{',
      {},
      { ...file, format: 'medseal-recovery/2' },
      { ...file, more: 1 },
      { ...file, newSignature: one.file.signatures[0] },
      { ...file, message: { ...file.message, party: by.address } },
      { ...file, signatures: [stranger] },
    ]) {
      refusedFile(by, wrong);
    }
    refusedFile(abroad, file);
    network.clock.advance(601_000);
    refusedFile(by, file);
  });

  it('is not taken for what the ledger never got', async () => {
    const doctor = await network.party('doctor');
    const by = await guest();
    const file = await askRecovery(by, { party: doctor.address });
    assert.deepEqual(await finishRecovery(by, file), { state: 'asked' });
    await assert.rejects(by.agent.recovery(doctor.address), failsWith('NOT_FOUND'));
  });
});
