// Over 400 lines: one stage, on which a chart is kept, a key is lost and a finder acts, serves every case.
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { base64 } from '@scure/base';
import { simulatedCipher as cipher } from '../../../proof/simulation/simulatedCipher.ts';
import { encodeBatch } from '../../bindings/encodeBatch.ts';
import { registryAbi } from '../../bindings/generated/registryAbi.ts';
import { bytesToHex, bytesToUtf8, utf8ToBytes } from '../../crypto/bytes.ts';
import type { SealTarget } from '../../crypto/sealing/ageHeader.ts';
import { openBytes } from '../../crypto/sealing/openBytes.ts';
import { sealBytes } from '../../crypto/sealing/sealBytes.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { falseShares } from '../../node/test/falseShares.ts';
import { suspend } from '../../node/test/suspend.ts';
import { behind, everything, startTestNetwork } from '../../node/test/testNetwork.ts';
import type { TestNetwork } from '../../node/test/testNetwork.ts';
import type { Submission } from '../../protocol/AgentPort.ts';
import type { Base64, SignedNewest } from '../../protocol/evidence/evidence.ts';
import { ZERO32, type Bytes32, type Handle } from '../../protocol/ids.ts';
import { packetsHash } from '../../protocol/rights/packetsHash.ts';
import type { Grant, Signed, View } from '../../protocol/struct/requests.ts';
import { digestOf, sign } from '../../protocol/struct/signing.ts';
import { canonicalJson } from '../../protocol/wire/canonicalJson.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { submitEvidence, submitRule } from '../agent/submit.ts';
import { confirmFacts } from '../audit/confirmFacts.ts';
import { readAudit } from '../audit/readAudit.ts';
import { confirmVital } from '../care/vital/confirmVital.ts';
import { reportDeath } from '../care/vital/reportDeath.ts';
import { commitEpochs } from '../epochs/commitEpochs.ts';
import { epochIdentity } from '../epochs/epochIdentity.ts';
import { epochSheets } from '../epochs/epochSheets.ts';
import { leaveForeignEpochs } from '../epochs/leaveForeignEpochs.ts';
import { refreshPackets } from '../epochs/refreshPackets.ts';
import { actFor } from '../mandates/actFor.ts';
import { giveMandate } from '../mandates/giveMandate.ts';
import { offerMandate } from '../mandates/offerMandate.ts';
import { changeKey } from '../party/changeKey.ts';
import { memoryDevice } from '../party/memoryDevice.ts';
import { openParty, type Party } from '../party/Party.ts';
import { addRecord } from '../records/addRecord.ts';
import { readChart } from '../records/readChart.ts';
import { readRecord } from '../records/readRecord.ts';
import { newReader } from '../records/releasedShares.ts';
import { sealedUnder } from '../records/sealedUnder.ts';
import { grantRight } from '../rights/grantRight.ts';
import { applyRules } from '../rules/applyRules.ts';
import { heirTarget, openForHeir } from '../state/heirBox.ts';
import { keepPatientState } from '../state/keepPatientState.ts';
import { readPatientState, type PatientState } from '../state/PatientState.ts';
import { restorePatient } from '../state/restorePatient.ts';
import { inTime } from '../test/inTime.ts';
import { askRecovery } from './askRecovery.ts';
import { carryRecovery } from './carryRecovery.ts';
import { finishRecovery } from './finishRecovery.ts';
import type { RecoveryFile } from './recoveryFile.ts';
import { signRecovery } from './signRecovery.ts';
import { takeOverChart } from './takeOverChart.ts';
import { vetoRecovery } from './vetoRecovery.ts';

/** The delay of the network, milliseconds. */
const DELAY = 3 * 24 * 3600 * 1000;
const NOTE = 'from before the loss';

let network: TestNetwork;
before(async () => {
  network = await startTestNetwork({
    guarded: true,
    cipher,
    further: ['vitalRecords', 'mandates'],
  });
});
after(async () => await network.close());
afterEach(() => network.liars.coordinator.clear());

interface Chart {
  readonly patient: Party;
  readonly doctor: Party;
  readonly handle: Handle;
  readonly grant: Awaited<ReturnType<typeof grantRight>>['grant'];
  /** Every state that the patient's device gave to nodes, oldest first. */
  readonly kept: Base64[];
}

interface Recovered extends Chart {
  /** The patient with the key that the authority recovered. */
  readonly renewed: Party;
  readonly file: RecoveryFile;
}

function now(): number {
  return Math.floor(network.clock.now() / 1000);
}

async function start(): Promise<Chart> {
  const kept: Base64[] = [];
  const [enrolled, doctor] = [await network.party('patient'), await network.party('doctor')];
  const patient = behind(enrolled, {
    keep: async (asked) => {
      kept.push(asked.state);
      return await enrolled.agent.keep(asked);
    },
  });
  await commitEpochs(patient, 4);
  const until = now() + 300 * 86_400;
  const { grant } = await grantRight(patient, { ...everything(doctor), until });
  const chart = { patient, doctor, handle: grant.handle, grant, kept };
  await write(chart, NOTE);
  return chart;
}

async function write({ doctor, handle, grant }: Chart, note: string): Promise<void> {
  const content = utf8ToBytes(note);
  await addRecord(doctor, { handle, category: 'vitals', content, purpose: 'TREAT', grant });
}

async function notesFor(party: Party, { handle, grant }: Chart): Promise<readonly string[]> {
  const isOwn = party.acting === undefined && party.address !== grant.terms.grantee;
  const wanted = isOwn
    ? ({ handle, purpose: 'PATRQT' } as const)
    : ({ handle, purpose: 'TREAT', grant } as const);
  const chart = await readChart(party, wanted);
  const read = chart.records.map(async (record) => {
    return bytesToUtf8((await readRecord(party, chart, record)).content);
  });
  return (await Promise.all(read)).toSorted();
}

async function guest(): Promise<Party> {
  return await openParty({
    ...network.ports,
    cipher,
    seed: network.ports.random(32),
    network: network.file,
    agent: network.agent('hospital'),
    log: 'care/hospital',
    device: memoryDevice(),
  });
}

async function begin(by: Party, party: Party): Promise<RecoveryFile> {
  const asked = await askRecovery(by, { party: party.address });
  const { file } = signRecovery(by, asked, network.authorityKeys.slice(0, 3));
  await carryRecovery(by, file);
  return file;
}

async function finish(party: Party): Promise<void> {
  network.clock.advance(DELAY);
  const data = encodeBatch(registryAbi, 'finishRecoveries', [[party.address]]);
  await network.senders.get('insurer')?.send({ to: network.file.contracts.registry, data });
}

async function recover(chart: Chart): Promise<Recovered> {
  const by = await guest();
  const file = await begin(by, chart.patient);
  await finish(chart.patient);
  const progress = await finishRecovery(by, file);
  assert.ok(progress.state === 'finished');
  return { ...chart, renewed: progress.party, file };
}

function viewOf(party: Party, handle: Handle, change: Partial<View> = {}): View {
  return {
    log: party.log,
    what: 'takeover',
    handle,
    record: ZERO32,
    version: 1,
    grant: ZERO32,
    purpose: 'PATRQT',
    deadline: now() + 300,
    salt: bytesToHex(network.ports.random(16)),
    ...change,
  };
}

async function view(
  party: Party,
  handle: Handle,
  change: Partial<View> = {},
  along: Omit<Submission, 'request'> = {},
): Promise<unknown> {
  return await submitEvidence(party, 'View', viewOf(party, handle, change), along);
}

/** The party, whose connection breaks after so many states that it kept. */
function cutAfter(party: Party, states: number): Party {
  let kept = 0;
  return behind(party, {
    keep: async (asked) => {
      kept += 1;
      if (kept > states) throw new Error('cut off');
      return await party.agent.keep(asked);
    },
  });
}

function silence(...names: readonly string[]): void {
  for (const name of names) {
    const { coordinator } = network.services(name);
    const away = async (): Promise<never> =>
      await Promise.reject(new MedsealError('PEER_UNREACHABLE', { peer: name }));
    network.liars.coordinator.set(name, { ...coordinator, release: away });
  }
}

/** Keeps a state of a thief's making, signed with a key of the patient and sealed to whom the thief likes. */
async function keepSealedTo(
  party: Party,
  state: PatientState,
  recipients: readonly (string | SealTarget)[],
): Promise<void> {
  const next = { ...state, revision: state.revision + 1 };
  const sealed = base64.encode(
    await sealBytes(recipients, utf8ToBytes(canonicalJson(next)), { cipher }),
  );
  const { primitives } = party;
  const request = sign(party, party, 'Keep', {
    handle: state.handle,
    revision: next.revision,
    state: `0x${Buffer.from(primitives.sha256(utf8ToBytes(sealed))).toString('hex')}`,
    packets: packetsHash(primitives, []),
    deadline: now() + 300,
  });
  await party.agent.keep({ request, state: sealed, packets: [] });
}

/** Has the lost key commit the chart to epochs by keys that no state has, and enter so many of them. */
async function entersForeign(chart: Chart, entered: number): Promise<Chart> {
  const { patient, handle } = chart;
  const { primitives } = patient;
  const { keyring } = await readPatientState(patient);
  const [of = {}] = Object.values(keyring.keys);
  const same = epochIdentity(keyring, 1, 'vitals');
  const own = Object.fromEntries(Object.keys(of).map((key) => [key, same]));
  const foreign = { format: keyring.format, handle, keys: { 128: own }, prepared: 40 };
  const commit = async (first: number): Promise<void> => {
    const { root, sheets } = await epochSheets(patient, foreign, { first, count: 30 });
    const message = { handle, first, count: 30, root, deadline: now() + 300 };
    await submitRule(patient, 'CommitEpochs', message, { sheets });
  };
  await commit(2);
  for (let epoch = 2; epoch < entered + 2; epoch += 1) {
    const given: Grant = {
      handle,
      terms: {
        grantee: patient.address,
        categories: ['vitals'],
        record: ZERO32,
        read: false,
        add: true,
        amend: false,
        purpose: 'PATRQT',
        from: now(),
        until: now() + 600,
        salt: bytesToHex(network.ports.random(16)),
      },
      deadline: now() + 300,
    };
    await submitRule(patient, 'Grant', given);
    const grant = digestOf(patient, 'Grant', given);
    const packets = packetsHash(primitives, []);
    const revoke = { handle, grant, epoch, packets, deadline: now() + 300 };
    await submitRule(patient, 'Revoke', revoke, { packets: [] });
    await commit(epoch + 1);
  }
  return chart;
}

/** Requires that a chart that was taken over goes on, and that its ledger has no epoch any more that its state does not give. */
async function goesOn(after: Recovered): Promise<void> {
  await write(after, 'from after');
  assert.deepEqual(await notesFor(after.renewed, after), ['from after', NOTE]);
  await restorePatient({ ...after.renewed, device: memoryDevice() });
  assert.equal(await leaveForeignEpochs(after.renewed), false);
}

interface Forged {
  /** The sealed state that the agent serves; absent if it serves the honest one. */
  readonly packet?: Base64;
  readonly state: Bytes32;
  readonly keep: Signed<'Keep'>;
}

/** A state of the highest number that whoever found the lost key signs without a node. */
async function forgedBy(
  { patient, handle }: Chart,
  state: PatientState,
): Promise<Required<Forged>> {
  const heir = (await heirTarget(patient, handle)) ?? assert.fail();
  const next = { ...state, revision: HIGHEST };
  const bytes = utf8ToBytes(canonicalJson(next));
  const packet = base64.encode(await sealBytes([heir, patient.recipient], bytes, { cipher }));
  const hash = bytesToHex(patient.primitives.sha256(utf8ToBytes(packet)));
  const keep = sign(patient, patient, 'Keep', {
    handle,
    revision: HIGHEST,
    state: hash,
    packets: packetsHash(patient.primitives, []),
    deadline: now() + 300,
  });
  return { packet, state: hash, keep };
}

const HIGHEST = 1_000_000;

/** The party, at an agent that passes on for the hospital that a forged state is the newest. */
function stating(party: Party, { packet, state, keep }: Forged): Party {
  const keys = network.keys.get('hospital')?.coordinator ?? assert.fail();
  const { primitives, domain } = party;
  return behind(party, {
    submit: async (asked) => {
      const outcomes = await party.agent.submit(asked);
      return outcomes.map((each) => {
        if (each.outcome !== 'acknowledged' || each.release?.packet === undefined) return each;
        const said = each.release.newest as readonly SignedNewest[];
        const nonce = said[0]?.newest.nonce ?? assert.fail();
        const { handle } = keep.message;
        const newest = { nonce, handle, revision: HIGHEST, state, at: now() };
        const context = { primitives, domain };
        const { party: coordinator, signature } = sign(context, keys, 'NewestState', newest);
        const others = said.filter((one) => one.coordinator !== coordinator);
        const lie = { newest, keep, coordinator, signature };
        const served = packet === undefined ? {} : { packet, keep };
        return { ...each, release: { ...each.release, ...served, newest: [lie, ...others] } };
      });
    },
  });
}

/** A state with what its keeper would like to happen. */
function wished(state: PatientState, { address }: Party): PatientState {
  const rule = {
    name: 'GP',
    kind: 'permit',
    parties: [address],
    categories: ['vitals'],
    actions: ['read'],
    purpose: 'TREAT',
    renew: 30 * 86_400,
  } as const;
  const erasing = { vitals: 1 };
  const recipients = { ...state.recipients, [address]: ZERO32 };
  return { ...state, rules: [rule], erasing, recipients, deviceNames: { [address]: 'scale' } };
}

describe('a patient whose key the authority recovered', () => {
  it('opens what was written before, and goes on with the rights that stood', async () => {
    const chart = await recover(await start());
    const { renewed, doctor, handle } = chart;
    const taken = await takeOverChart(renewed);
    const left = { rules: [], devices: [], erasures: [], wills: 0 };
    assert.deepEqual(taken, { handle, grants: 1, unknown: [], endedMandates: [], left });
    assert.deepEqual(await notesFor(renewed, chart), [NOTE]);
    await write(chart, 'from after');
    assert.deepEqual(await notesFor(renewed, chart), ['from after', NOTE]);
    assert.deepEqual(await notesFor(doctor, chart), ['from after', NOTE]);
    const { digest: given } = await grantRight(renewed, {
      ...everything(await network.party('doctor')),
      until: now() + 3600,
    });
    // On another device with the new words alone: no release is needed any more.
    silence('hospital', 'laboratory', 'insurer');
    const { state } = await restorePatient({ ...renewed, device: memoryDevice() });
    assert.ok(state.grants.some(({ digest }) => digest === given));
    assert.deepEqual(network.failures, []);
  });

  it('finds the view, and who released for it, in the audit', async () => {
    const { renewed, handle } = await recover(await start());
    await takeOverChart(renewed);
    await network.checkpoint();
    const { logs } = await inTime(network, readAudit(renewed));
    const views = logs
      .flatMap(({ events }) => events)
      .filter(({ body }) => (body?.request.message as View | undefined)?.what === 'takeover');
    assert.equal(views.length, 1);
    const [seen] = views;
    assert.equal(seen?.body?.request.message.handle, handle);
    const by = new Set(seen?.released?.map(({ organisation }) => organisation));
    assert.ok(by.size >= 2, [...by].join());
  });

  it('goes on after a cut at any step, and repeated', async () => {
    const chart = await recover(await start());
    const { renewed } = chart;
    silence('laboratory', 'insurer');
    await assert.rejects(takeOverChart(renewed), failsWith('RELEASE_PENDING'));
    network.liars.coordinator.clear();
    for (const states of [0, 1, 2]) {
      await assert.rejects(takeOverChart(cutAfter(renewed, states)), /cut off/);
      const emptied = { ...renewed, device: memoryDevice() };
      await assert.rejects(takeOverChart(cutAfter(emptied, states)), /cut off/);
    }
    await takeOverChart(renewed);
    await takeOverChart(renewed);
    await write(chart, 'from after');
    assert.deepEqual(await notesFor(renewed, chart), ['from after', NOTE]);
  });

  it('opens the state while one organisation of three releases false shares', async () => {
    const { renewed } = await recover(await start());
    falseShares(network, 'laboratory');
    assert.equal((await takeOverChart(renewed)).grants, 1);
  });

  it('is recovered once more', async () => {
    const first = await recover(await start());
    await takeOverChart(first.renewed);
    const again = await recover({ ...first, patient: first.renewed });
    await takeOverChart(again.renewed);
    assert.deepEqual(await notesFor(again.renewed, again), [NOTE]);
  });

  it('is recovered once more before the chart was taken over', async () => {
    const first = await recover(await start());
    const again = await recover({ ...first, patient: first.renewed });
    await assert.rejects(view(first.renewed, first.handle), failsWith('SIGNATURE_INVALID'));
    await takeOverChart(again.renewed);
    assert.deepEqual(await notesFor(again.renewed, again), [NOTE]);
  });

  for (const entered of [0, 1, 3, 4, 5, 8])
    it(`gets past epochs that a thief committed to by other keys, ${entered} of them entered`, async () => {
      const after = await recover(await entersForeign(await start(), entered));
      await takeOverChart(after.renewed);
      await goesOn(after);
    });

  it('gets past entered foreign epochs once it goes on after a cut', async () => {
    for (const states of [0, 1, 2, 3, 4]) {
      const after = await recover(await entersForeign(await start(), 5));
      await assert.rejects(takeOverChart(cutAfter(after.renewed, states)), /cut off/);
      await takeOverChart(after.renewed);
      await goesOn(after);
    }
  });

  // @attack a finder of a lost key keeps a state with numbers of epochs that no device can prepare | a takeover bounds them by the ledger
  it('finishes whatever numbers of epochs the state of a thief states', async () => {
    for (const entered of [0, 5]) {
      const chart = await entersForeign(await start(), entered);
      const had = await readPatientState(chart.patient);
      const most = 1_000_000_000;
      const keyring = { ...had.keyring, prepared: most, former: most };
      const grants = had.grants.map((each) => ({ ...each, sealedTo: most }));
      await keepPatientState(chart.patient, { ...had, keyring, grants });
      const after = await recover(chart);
      await takeOverChart(after.renewed);
      await goesOn(after);
    }
  });

  it('ends all mandates, those that the state knows too, and keeps those that were given since', async () => {
    const chart = await start();
    const { patient, handle } = chart;
    const until = now() + 60 * 86_400;
    const [marta, stranger] = [await network.party('patient'), await network.party('patient')];
    const known = await offerMandate(marta, { handle, reason: 'my son', until });
    await giveMandate(patient, known);
    const before = await readPatientState(patient);
    const given = await offerMandate(stranger, { handle, reason: 'a thief', until });
    await giveMandate(patient, given);
    const of = [known, given].map(({ mandate }) => digestOf(patient, 'Mandate', mandate));
    // The thief hides it from the patient.
    const { revision } = await readPatientState(patient);
    await keepPatientState(patient, { ...before, revision });
    const after = await recover(chart);
    const { endedMandates } = await takeOverChart(after.renewed);
    assert.deepEqual(endedMandates.toSorted(), of.toSorted());
    const { patient: facts } = await confirmFacts(after.renewed, { handle });
    assert.deepEqual(
      facts?.mandates?.map(({ state }) => state),
      ['ended', 'ended'],
    );
    assert.equal((await readPatientState(after.renewed)).mandates, undefined);
    for (const [who, { mandate }] of [
      [marta, known],
      [stranger, given],
    ] as const)
      await assert.rejects(actFor(who, mandate), failsWith('RIGHT_ENDED'));
    const again = await offerMandate(marta, { handle, reason: 'my son', until });
    await giveMandate(after.renewed, again);
    assert.deepEqual((await takeOverChart(after.renewed)).endedMandates, []);
    const forPatient = await actFor(marta, again.mandate);
    assert.equal((await restorePatient(forPatient)).state.handle, handle);
  });

  // @attack a finder of a lost key puts a rule, an erasure, a name and a will into the state before the delay is over | none is taken over, and the patient is told
  it('takes over no rule, erasure, name or will of the lost key, and says which there were', async () => {
    const chart = await start();
    const thief = await network.party('doctor');
    const had = await readPatientState(chart.patient);
    await keepPatientState(chart.patient, wished(had, thief));
    const { renewed } = await recover(chart);
    const { left, grants } = await takeOverChart(renewed);
    assert.deepEqual(left, { rules: ['GP'], devices: ['scale'], erasures: ['vitals'], wills: 0 });
    assert.equal(grants, 1);
    const state = await readPatientState(renewed);
    for (const part of ['rules', 'deviceNames', 'erasing', 'wills', 'mandates'] as const)
      assert.equal(state[part], undefined, part);
    assert.equal(state.recipients[thief.address], undefined);
    assert.deepEqual((await inTime(network, applyRules(renewed))).given, []);
    await refreshPackets(renewed);
    assert.deepEqual(await notesFor(renewed, chart), [NOTE]);
    await write(chart, 'from after');
    assert.deepEqual(await notesFor(chart.doctor, chart), ['from after', NOTE]);
    assert.deepEqual((await takeOverChart(renewed)).left.rules, []);
  });

  it('counts nobody as having had keys of coming epochs by the word of the lost key', async () => {
    const chart = await start();
    const had = await readPatientState(chart.patient);
    const grants = had.grants.map((each) => ({ ...each, sealedTo: 1_000_000, rule: 'GP' }));
    await keepPatientState(chart.patient, { ...had, grants });
    const { renewed } = await recover(chart);
    await takeOverChart(renewed);
    const [known] = (await readPatientState(renewed)).grants;
    assert.ok(known !== undefined && known.sealedTo < 100 && known.rule === undefined);
    await write(chart, 'from after');
    assert.deepEqual(await notesFor(chart.doctor, chart), ['from after', NOTE]);
  });

  // @attack a finder of a lost key acts by a mandate that it gave, and keeps a state after the recovery | mandates end before the state is asked for
  it('takes nothing over from a state that a finder’s representative kept after the recovery', async () => {
    const chart = await start();
    const { handle, patient } = chart;
    const [stranger, thief] = [await network.party('patient'), await network.party('doctor')];
    const until = now() + 60 * 86_400;
    const offer = await offerMandate(stranger, { handle, reason: 'a thief', until });
    await giveMandate(patient, offer);
    const { renewed } = await recover(chart);
    const acting = await actFor(stranger, offer.mandate);
    const { state } = await restorePatient(acting);
    await keepPatientState(acting, wished(state, thief));
    const { left } = await takeOverChart(renewed);
    assert.deepEqual(left.rules, ['GP']);
    assert.equal((await readPatientState(renewed)).rules, undefined);
  });
});

describe('a state that the lost key signed', () => {
  // @attack a finder of a lost key signs a state of the highest number after the recovery, and one organisation states it as the newest | k organisations must state the same one
  it('is not taken over by the word of one organisation, whatever its number', async () => {
    const chart = await start();
    const had = await readPatientState(chart.patient);
    await suspend(network, chart.patient, 1);
    const { renewed } = await recover(chart);
    await suspend(network, renewed, 2);
    const forged = await forgedBy(chart, { ...had, erasing: { vitals: 1 } });
    await assert.rejects(takeOverChart(stating(renewed, forged)), failsWith('STATE_STALE'));
    await assert.rejects(readPatientState(renewed), failsWith('NOT_FOUND'));
    // The agent is honest, and the organisation’s coordinator is not.
    const { packet: _, ...outvoted } = forged;
    assert.equal((await takeOverChart(stating(renewed, outvoted))).grants, 1);
    assert.equal((await readPatientState(renewed)).erasing, undefined);
    assert.deepEqual(await notesFor(renewed, chart), [NOTE]);
  });

  // @attack a device restores a recovered patient by the new words before the takeover, and a finder’s mandates stay | the state opens in the takeover alone
  it('opens in a takeover alone, also if it was sealed to the new key', async () => {
    const chart = await start();
    const { renewed, patient, handle } = await recover(chart);
    const due = failsWith('TAKEOVER_DUE');
    const emptied = { ...renewed, device: memoryDevice() };
    await assert.rejects(restorePatient(emptied), due);
    await assert.rejects(readChart(emptied, { handle, purpose: 'PATRQT' }), due);
    await assert.rejects(readPatientState(emptied), failsWith('NOT_FOUND'));
    await takeOverChart(renewed);
    assert.equal((await restorePatient(emptied)).state.handle, handle);

    const other = await start();
    const by = await guest();
    const file = await begin(by, other.patient);
    const targets = [await heirTarget(other.patient, other.handle), patient.recipient];
    await keepSealedTo(other.patient, await readPatientState(other.patient), [
      ...targets.filter((each) => each !== undefined),
      by.recipient,
    ]);
    await finish(other.patient);
    const progress = await finishRecovery(by, file);
    assert.ok(progress.state === 'finished');
    await assert.rejects(restorePatient(progress.party), due);
    assert.equal((await takeOverChart(progress.party)).grants, 1);
  });
});

describe('the heir’s box of a state', () => {
  it('opens to nobody before the delay is over, and to nobody after a veto', async () => {
    const { patient, handle } = await start();
    const by = await guest();
    const file = await begin(by, patient);
    const early = { ...patient, keys: by.keys, recipient: by.recipient };
    await assert.rejects(view(early, handle), failsWith('SIGNATURE_INVALID'));
    await assert.rejects(view(by, handle), failsWith('PARTY_UNKNOWN'));
    await assert.rejects(view(patient, handle), failsWith('RIGHT_MISSING'), 'the former key');
    await vetoRecovery(patient);
    await finish(patient);
    assert.deepEqual(await finishRecovery(by, file), { state: 'stopped' });
    await assert.rejects(view(early, handle), failsWith('SIGNATURE_INVALID'));
    await assert.rejects(view(patient, handle), failsWith('RIGHT_MISSING'));
  });

  it('does not open to the lost key, to a key that a change gave, or under another number', async () => {
    const { patient, renewed, handle } = await recover(await start());
    await assert.rejects(view(patient, handle), failsWith('SIGNATURE_INVALID'));
    for (const version of [2, 3, 128])
      await assert.rejects(view(renewed, handle, { version }), failsWith('RIGHT_MISSING'));
    await assert.rejects(
      view(renewed, handle, { version: 0 }),
      failsWith('REQUEST_MALFORMED', { what: 'version' }),
    );
    await assert.rejects(
      view(renewed, handle, { record: `0x${'11'.repeat(32)}` }),
      failsWith('REQUEST_MALFORMED', { what: 'record' }),
    );
    await takeOverChart(renewed);
    const { party: changed } = await changeKey(renewed, network.ports.random(32));
    for (const version of [1, 2, 3])
      await assert.rejects(view(changed, handle, { version }), failsWith('RIGHT_MISSING'));
  });

  it('does not open to another party, by a grant, or by a mandate', async () => {
    const { renewed, handle, doctor, grant, patient } = await recover(await start());
    const other = await recover(await start());
    await assert.rejects(view(other.renewed, handle), failsWith('RIGHT_MISSING'));
    await assert.rejects(view(doctor, handle), failsWith('RIGHT_MISSING'));
    const byGrant = { grant: other.patient.domain.salt, purpose: 'TREAT' as const };
    await assert.rejects(
      view(doctor, handle, byGrant, { opening: grant }),
      failsWith('RIGHT_MISSING'),
    );
    await takeOverChart(renewed);
    const marta = await network.party('patient');
    const until = now() + 30 * 86_400;
    const offer = await offerMandate(marta, { handle, reason: 'my mother', until });
    await giveMandate(renewed, offer);
    const digest = digestOf(renewed, 'Mandate', offer.mandate);
    await assert.rejects(
      view(marta, handle, { grant: digest }, { opening: offer.mandate }),
      failsWith('RIGHT_MISSING'),
    );
    assert.equal(patient.address, renewed.address);
  });

  it('does not open with k−1 organisations, nor with a false share in place of the last', async () => {
    const { renewed, handle, kept } = await recover(await start());
    silence('laboratory', 'insurer');
    const newest = kept.at(-1) ?? assert.fail();
    await assert.rejects(openForHeir(renewed, handle, newest), failsWith('RELEASE_PENDING'));
    falseShares(network, 'laboratory');
    await assert.rejects(openForHeir(renewed, handle, newest), failsWith('RELEASE_FALSE'));
    network.liars.coordinator.delete('laboratory');
    assert.equal((await openForHeir(renewed, handle, newest)).handle, handle);
  });

  it('opens an older state to who has it, and says which: the newest by the word of k is what counts', async () => {
    const { patient, renewed, handle, kept } = await recover(await start());
    const [oldest] = kept;
    assert.ok(oldest !== undefined && kept.length > 1);
    const { revision, grants } = await openForHeir(renewed, handle, oldest);
    assert.deepEqual(
      [revision < (await readPatientState(patient)).revision, grants.length],
      [true, 0],
    );
    const replayed = behind(renewed, {
      submit: async (asked) => {
        const outcomes = await renewed.agent.submit(asked);
        return outcomes.map((each) => {
          if (each.outcome !== 'acknowledged' || each.release?.packet === undefined) return each;
          return { ...each, release: { ...each.release, packet: oldest } };
        });
      },
    });
    await assert.rejects(takeOverChart(replayed), failsWith('STATE_UNSIGNED'));
  });

  it('has no shares released for the seal of another chart or record', async () => {
    const { renewed, handle } = await recover(await start());
    const other = await recover(await start());
    const reader = (await newReader(renewed)) ?? assert.fail();
    const asked = viewOf(renewed, handle, { salt: reader.saltOf(0) });
    const { acknowledgement } = await submitEvidence(renewed, 'View', asked);
    const foreign = await sealedUnder(renewed, [base64.decode(other.kept.at(-1) ?? '')]);
    const { key, seal, encapsulation } = foreign ?? assert.fail();
    const wanted = {
      view: acknowledgement,
      place: 0,
      seal,
      encapsulation,
      key: key ?? assert.fail(),
    };
    const [found] = await reader.collect([wanted], {});
    assert.ok(found instanceof MedsealError);
    assert.equal(found.code, 'EVIDENCE_INVALID');
  });

  // @attack a recovered key opens several states by one view, of which the audit would show one release | coordinators release for one seal of each view
  it('has shares released for one state by each view, and for the same one again', async () => {
    const { renewed, handle, kept } = await recover(await start());
    const reader = (await newReader(renewed)) ?? assert.fail();
    const asked = viewOf(renewed, handle, { salt: reader.saltOf(0) });
    const { acknowledgement } = await submitEvidence(renewed, 'View', asked);
    const told: string[] = [];
    const [oldest = '', next = ''] = kept;
    for (const state of [oldest, next, oldest, next]) {
      const found = await sealedUnder(renewed, [base64.decode(state)]);
      const { key, seal, encapsulation } = found ?? assert.fail();
      const wanted = { view: acknowledgement, place: 0, seal, encapsulation };
      const [released] = await reader.collect([{ ...wanted, key: key ?? assert.fail() }], {});
      told.push(released instanceof MedsealError ? released.code : 'released');
    }
    const refused = 'EVIDENCE_INVALID';
    assert.deepEqual(told, ['released', refused, 'released', refused]);
    await takeOverChart(renewed);
  });

  it('does not open to a suspended party until the suspension is lifted', async () => {
    const { renewed, handle } = await recover(await start());
    await suspend(network, renewed, 1);
    await assert.rejects(view(renewed, handle), failsWith('PARTY_SUSPENDED'));
    await assert.rejects(takeOverChart(renewed), failsWith('PARTY_SUSPENDED'));
    await suspend(network, renewed, 2);
    assert.equal((await takeOverChart(renewed)).grants, 1);
  });

  // @attack somebody has the key of a dead patient recovered, to read the chart | no takeover while the death is confirmed, at judgement and at release
  it('does not open while the death of the patient is confirmed, nor by a view of before', async () => {
    const chart = await start();
    const { handle, doctor } = chart;
    const content = `0x${'12'.repeat(32)}` as const;
    const { death } = await reportDeath(doctor, { handle, content, at: now() - 3600 });
    const { renewed, kept } = await recover(chart);
    const reader = (await newReader(renewed)) ?? assert.fail();
    const asked = viewOf(renewed, handle, { salt: reader.saltOf(0) });
    const { acknowledgement } = await submitEvidence(renewed, 'View', asked);
    const box = await sealedUnder(renewed, [base64.decode(kept.at(-1) ?? '')]);
    const { key, seal, encapsulation } = box ?? assert.fail();
    const wanted = { view: acknowledgement, place: 0, seal, encapsulation };
    const collect = async (): Promise<unknown> =>
      (await reader.collect([{ ...wanted, key: key ?? assert.fail() }], {}))[0];
    assert.ok(!((await collect()) instanceof MedsealError), 'it is released to the living');
    const registrar = await network.party('registrar', { organisation: 'laboratory' });
    await confirmVital(registrar, { death });
    const frozen = failsWith('CHART_FROZEN');
    await assert.rejects(view(renewed, handle), frozen);
    await assert.rejects(takeOverChart(renewed), frozen);
    assert.ok((await collect()) instanceof MedsealError, 'nothing is released');
  });

  it('gives the lost key nothing of what is written afterwards, with each state that it ever had', async () => {
    const chart = await recover(await start());
    const { patient, renewed, handle, doctor } = chart;
    const had = await readPatientState(patient);
    let newest: Base64 = '';
    const keeping = behind(renewed, {
      keep: async (asked) => {
        newest = asked.state;
        return await renewed.agent.keep(asked);
      },
    });
    await takeOverChart(keeping);
    await write(chart, 'from after');
    const records = (await readChart(doctor, { handle, purpose: 'TREAT', grant: chart.grant }))
      .records;
    const late = records.find(({ epoch }) => epoch > (had.keyring.prepared ?? 0));
    assert.ok(late !== undefined, 'it is sealed to an epoch that the lost key never prepared');
    assert.throws(() => epochIdentity(had.keyring, late.epoch, 'vitals'), failsWith('KEY_PENDING'));
    const opening = openBytes([patient.keys.identity()], base64.decode(newest), {
      cipher,
    });
    await assert.rejects(opening, failsWith('SEAL_UNREADABLE'));
    await assert.rejects(restorePatient(patient), failsWith('SIGNATURE_INVALID'));
  });
});

/** The party as it would be after a change of its key. */
function afterChange(party: Party, change: number): Party {
  const keyChanges = [{ message: { change } }] as unknown as NonNullable<Party['keyChanges']>;
  return { ...party, keyChanges };
}

// @attack a finder of a lost key keeps a state with a box of another chart or a later change, so that the recovery opens nothing | nodes begin no recovery with it
describe('a chart whose newest state was sealed ahead for something else', () => {
  it('is recovered by nobody if it was for another chart, or for a later change of key', async () => {
    const { patient, handle } = await start();
    const other = await start();
    const state = await readPatientState(patient);
    const boxes = [
      await heirTarget(patient, other.handle),
      await heirTarget(afterChange(patient, 1), handle),
      await heirTarget(afterChange(patient, 127), handle),
    ];
    for (const [place, box] of boxes.entries()) {
      await keepSealedTo(patient, { ...state, revision: state.revision + place }, [
        box ?? assert.fail(),
        patient.recipient,
      ]);
      const unfit = failsWith('RECOVERY_UNFIT', { role: 'patient' });
      await assert.rejects(begin(await guest(), patient), unfit);
    }
  });

  it('is recovered if it was for a recovery that was stopped since', async () => {
    const chart = await start();
    const { patient, handle } = chart;
    for (let nth = 0; nth < 2; nth += 1) {
      await begin(await guest(), patient);
      await vetoRecovery(patient);
    }
    const box = await heirTarget(afterChange(patient, 1), handle);
    await keepSealedTo(patient, await readPatientState(patient), [
      box ?? assert.fail(),
      patient.recipient,
    ]);
    const after = await recover(chart);
    await takeOverChart(after.renewed);
    assert.deepEqual(await notesFor(after.renewed, after), [NOTE]);
  });
});

describe('a chart whose newest state was not sealed ahead', () => {
  it('is recovered by nobody: neither before the recovery began, nor after a thief kept such a state', async () => {
    const { patient } = await start();
    const state = await readPatientState(patient);
    await keepSealedTo(patient, state, [patient.recipient]);
    const unfit = failsWith('RECOVERY_UNFIT', { role: 'patient' });
    await assert.rejects(begin(await guest(), patient), unfit);

    const late = await start();
    const by = await guest();
    const file = await begin(by, late.patient);
    await keepSealedTo(late.patient, await readPatientState(late.patient), [
      late.patient.recipient,
    ]);
    await finish(late.patient);
    const progress = await finishRecovery(by, file);
    assert.ok(progress.state === 'finished');
    await assert.rejects(takeOverChart(progress.party), failsWith('SEAL_UNREADABLE'));
  });
});
