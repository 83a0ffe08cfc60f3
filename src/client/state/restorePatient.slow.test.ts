// Over 400 lines: lies, loss and a second device are tried over one network, on patients with the same past.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { base64 } from '@scure/base';
import { bytesToHex, bytesToUtf8, utf8ToBytes } from '../../crypto/bytes.ts';
import { sealBytes } from '../../crypto/sealing/sealBytes.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { sayingState } from '../../node/test/sayingState.ts';
import { submitted } from '../../node/test/requests.ts';
import { furtherDevice } from '../../node/test/furtherDevice.ts';
import {
  behind,
  everything,
  startTestNetwork,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import type { AgentPort, PatientDeposit, Submission } from '../../protocol/AgentPort.ts';
import type { SignedNewest } from '../../protocol/evidence/evidence.ts';
import type { Address } from '../../protocol/ids.ts';
import type { Signed } from '../../protocol/struct/requests.ts';
import { sign } from '../../protocol/struct/signing.ts';
import type { SignedState } from '../../services/deposits/stateIn.ts';
import { CATEGORIES } from '../../protocol/vocabulary.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { addRecord } from '../records/addRecord.ts';
import { commitEpochs } from '../epochs/commitEpochs.ts';
import { eraseKeys } from '../epochs/eraseKeys.ts';
import { grantRight } from '../rights/grantRight.ts';
import { keepPatientState } from './keepPatientState.ts';
import type { Party } from '../party/Party.ts';
import { readPatientState } from './PatientState.ts';
import { readChart } from '../records/readChart.ts';
import { readRecord } from '../records/readRecord.ts';
import { restorePatient } from './restorePatient.ts';
import { revokeRight } from '../rights/revokeRight.ts';
import { someOf } from '../../protocol/test/share.ts';

let network: TestNetwork;
before(async () => {
  network = await startTestNetwork();
});
after(async () => await network.close());

/** Changes to the state of a patient's devices, most of which keep the commitment to epochs. */
const CHANGES = [
  ['a grant was added', async (patient, doctor) => await grantRight(patient, everything(doctor))],
  ['a right was ended', async (patient) => await endRight(patient)],
  ['an erasure was finished', async (patient) => await eraseKeys(patient, 'imaging')],
] as const satisfies readonly (readonly [
  string,
  (patient: Party, doctor: Party) => Promise<unknown>,
])[];

async function endRight(patient: Party): Promise<void> {
  const right = (await readPatientState(patient)).grants.at(-1) ?? assert.fail();
  await revokeRight(patient, right.digest);
}

/**
 * A patient with a record in each of so many epochs, by a doctor whose right of the last one holds.
 *
 * @param epochs - One is enough where nothing is read.
 */
async function livedIn(
  epochs = 1,
): Promise<{ patient: Party; doctor: Party; notes: readonly string[] }> {
  const patient = await network.party('patient');
  const doctor = await network.party('doctor');
  await commitEpochs(patient, 2);
  const { handle } = await readPatientState(patient);
  const notes: string[] = [];
  for (let number = 1; number <= epochs; number++) {
    const right = await grantRight(patient, everything(doctor));
    const note = `note ${number}`;
    notes.push(note);
    await addRecord(doctor, {
      handle,
      category: CATEGORIES[number] ?? 'other',
      content: utf8ToBytes(note),
      purpose: 'TREAT',
      grant: right.grant,
    });
    if (number < epochs) await revokeRight(patient, right.digest);
  }
  return { patient, doctor, notes };
}

async function readAll(patient: Party): Promise<string[]> {
  const { handle } = await readPatientState(patient);
  const chart = await readChart(patient, { handle, purpose: 'PATRQT' });
  const contents: string[] = [];
  for (const record of chart.records) {
    contents.push(bytesToUtf8((await readRecord(patient, chart, record)).content));
  }
  return contents;
}

describe('a patient on a new device', () => {
  it('gets nothing with another phrase', async () => {
    await livedIn();
    const stranger = await network.party('patient', { enrolled: false });
    await assert.rejects(restorePatient(stranger), failsWith('NOT_FOUND'));
    const doctor = await network.party('doctor');
    await assert.rejects(restorePatient(doctor), failsWith('NOT_FOUND'));
  });

  it('does not take an older state for the newest', async () => {
    const { patient } = await livedIn(3);
    const old = await releasedState(await furtherDevice(network, patient));
    await commitEpochs(patient, 4);
    const device = await furtherDevice(network, patient, { agent: serving(patient, old) });
    await assert.rejects(restorePatient(device), failsWith('STATE_STALE'));
    await assert.rejects(readPatientState(device), failsWith('NOT_FOUND'));
  });

  // @attack an agent gives a new device a state that somebody made up | the device checks that signature first, and blames no key
  it('takes nothing that its devices did not sign, and says that it is not the key', async () => {
    const { patient, doctor } = await livedIn();
    const other = await releasedState((await livedIn()).patient);
    const own = await releasedState(patient);
    const { keep } = own;
    assert.ok(keep);
    const forged = await sealedToPatient(patient);
    const hash = bytesToHex(patient.primitives.sha256(utf8ToBytes(forged)));
    const message = { ...keep.message, revision: 2 ** 52, state: hash };
    const bad: StateReleased[] = [
      other,
      { ...own, packet: other.packet },
      { ...own, packet: `${own.packet.slice(0, -8)}AAAAAAA=` },
      { ...own, packet: '' },
      { packet: own.packet },
      { packet: own.packet, keep: { ...keep, signature: `0x${'00'.repeat(65)}` } },
      { packet: own.packet, keep: { ...keep, message: { ...keep.message, handle: hash } } },
      { packet: forged, keep: { ...keep, message } },
      { packet: forged, keep: sign(doctor, doctor, 'Keep', message) },
      { packet: forged, keep: { ...sign(doctor, doctor, 'Keep', message), party: keep.party } },
    ];
    for (const each of bad) {
      const device = await furtherDevice(network, patient, { agent: serving(patient, each) });
      await assert.rejects(restorePatient(device), failsWith('STATE_UNSIGNED'));
      await assert.rejects(readPatientState(device), failsWith('NOT_FOUND'));
    }
  });

  // @attack an organisation claims to have a newer state of a patient, so that no new device restores | a state counts with the signature of the device that had it kept
  it('is told the truth though an organisation makes up a state of a higher number', async () => {
    const { patient, doctor } = await livedIn();
    const { keep, packet } = await releasedState(patient);
    assert.ok(keep);
    const sealed = await sealedToPatient(patient);
    const hash = bytesToHex(patient.primitives.sha256(utf8ToBytes(sealed)));
    const message = { ...keep.message, revision: 2 ** 52, state: hash };
    const lies: (SignedState | object | undefined)[] = [
      { request: { ...keep, message }, sealed },
      { request: sign(doctor, doctor, 'Keep', message), sealed },
      { request: { ...sign(doctor, doctor, 'Keep', message), party: keep.party }, sealed },
      { request: { ...keep, message: { ...keep.message, revision: 2 ** 52 } }, sealed: packet },
      { request: keep, sealed },
      { request: keep, sealed: '' },
      { said: {}, sealed },
      {},
      undefined,
    ];
    for (const [place, lie] of someOf([...lies.entries()])) {
      const name = ['hospital', 'laboratory', 'insurer'][place % 3] ?? 'insurer';
      const { contributor } = network.services(name);
      const state = isSignedState(lie)
        ? sayingState(network, name, lie)
        : async () => await Promise.resolve(lie as never);
      network.liars.contributor.set(name, { ...contributor, state });
      const device = await furtherDevice(network, patient);
      const { state: found } = await restorePatient(device);
      assert.deepEqual(found, await readPatientState(patient), `${name}: ${JSON.stringify(lie)}`);
      network.liars.contributor.clear();
    }
  });

  // @attack an organisation says that an older state is the newest, or that no state exists | the same
  it('is told the truth though an organisation says that an older state is the newest, or none', async () => {
    const { patient, doctor } = await livedIn();
    const { keep, packet } = await releasedState(patient);
    assert.ok(keep);
    await grantRight(patient, everything(doctor));
    for (const name of ['hospital', 'laboratory', 'insurer']) {
      for (const known of [{ request: keep, sealed: packet }, undefined]) {
        const { contributor } = network.services(name);
        const state = sayingState(network, name, known);
        network.liars.contributor.set(name, { ...contributor, state });
        const { state: found } = await restorePatient(await furtherDevice(network, patient));
        assert.deepEqual(found, await readPatientState(patient), name);
        network.liars.contributor.clear();
      }
    }
  });

  it('gets nothing from fewer than k: one that lies and one that is away leave too few', async () => {
    const { patient } = await livedIn();
    const { keep } = await releasedState(patient);
    assert.ok(keep);
    const { contributor } = network.services('insurer');
    const lie = sayingState(network, 'insurer', { request: keep, sealed: 'bGll' });
    network.liars.contributor.set('insurer', { ...contributor, state: lie });
    const laboratory = network.services('laboratory').contributor;
    network.liars.contributor.set('laboratory', { ...laboratory, state: isAway });
    const device = await furtherDevice(network, patient);
    await assert.rejects(restorePatient(device), failsWith('PEER_UNREACHABLE'));
    network.liars.contributor.clear();
    await restorePatient(device);
  });

  it('reads everything to the last record, and ends a right that the old device gave', async () => {
    const { patient, doctor, notes } = await livedIn(3);
    const device = await furtherDevice(network, patient);
    const { state, unknown } = await restorePatient(device);
    assert.deepEqual(unknown, []);
    assert.deepEqual(state, await readPatientState(patient));
    assert.deepEqual(await readAll(device), notes);
    const right = state.grants.at(-1);
    assert.ok(right);
    const wanted = { handle: state.handle, grant: right.grant, purpose: 'TREAT' } as const;
    await readChart(doctor, wanted);
    await revokeRight(device, right.digest);
    await assert.rejects(readChart(doctor, wanted), failsWith('RIGHT_ENDED'));
  });

  for (const [what, change] of CHANGES) {
    // @attack an agent gives a patient's device an older state that was truly signed: a grant or an erasure is not in it | k coordinators sign, for this view, which state is the newest that they know
    it(`is given no older state of the same commitment: of before ${what}`, async () => {
      const { patient, doctor } = await livedIn(3);
      const kept = await keptBy(patient, async (party) => await change(party, doctor));
      assert.ok(kept.length > 1);
      for (const older of kept.slice(0, -1)) {
        const device = await furtherDevice(network, patient, { agent: serving(patient, older) });
        await assert.rejects(restorePatient(device), failsWith('STATE_STALE'));
        await assert.rejects(readPatientState(device), failsWith('NOT_FOUND'));
      }
      const honest = await furtherDevice(network, patient);
      assert.deepEqual((await restorePatient(honest)).state, await readPatientState(patient));
    });
  }

  // @attack the same with signatures of its own coordinator, of an earlier view, one twice, or of too few | they are counted by organisation, and one that knows a newer state is right
  it('is given an older state, or none, by no agent that shows what too few say', async () => {
    const { patient, doctor } = await livedIn();
    const old = await releasedState(patient);
    await grantRight(patient, everything(doctor));
    const says = async (name: string, { newest }: SignedNewest, { keep, packet }: StateReleased) =>
      (await sayingState(network, name, keep && { request: keep, sealed: packet })(newest)).said;
    const lies: [StateReleased | object, Shown][] = [
      [old, () => undefined],
      [old, () => []],
      [old, () => [null, {}, 7]],
      [old, () => 'all say so'],
      [old, () => old.newest],
      [old, async (first) => [await says('hospital', first, old)]],
      [
        old,
        async (first) => [await says('hospital', first, old), await says('hospital', first, old)],
      ],
      [old, async (first) => [await says('hospital', first, old), first]],
      [
        old,
        async (first) => [
          { ...(await says('hospital', first, old)), coordinator: first.coordinator },
          first,
        ],
      ],
      [{}, () => []],
      [{}, async (first) => [await says('hospital', first, { packet: '' }), first]],
    ];
    for (const [place, [state, shown]] of someOf([...lies.entries()])) {
      const device = await furtherDevice(network, patient, {
        agent: serving(patient, state, shown),
      });
      const { handle } = await readPatientState(patient);
      await assert.rejects(restorePatient(device), failsWith('STATE_STALE'), `${place}`);
      const reading = readChart(device, { handle, purpose: 'PATRQT' });
      await assert.rejects(reading, failsWith('STATE_STALE'), `${place}`);
    }
  });

  it('shows a grant on its chart that k who lie together keep from its state, and can end it', async () => {
    const { patient, doctor } = await livedIn();
    const { keep, packet } = await releasedState(patient);
    assert.ok(keep);
    const { digest } = await grantRight(patient, everything(doctor));
    for (const name of ['hospital', 'laboratory']) {
      const state = sayingState(network, name, { request: keep, sealed: packet });
      const { contributor } = network.services(name);
      network.liars.contributor.set(name, { ...contributor, state });
    }
    const insurer = network.services('insurer').contributor;
    network.liars.contributor.set('insurer', { ...insurer, state: isAway });
    const { unknown } = await restorePatient(await furtherDevice(network, patient));
    assert.deepEqual(unknown, [digest]);
    network.liars.contributor.clear();
    const honest = await furtherDevice(network, patient);
    await restorePatient(honest);
    await revokeRight(honest, digest);
  });

  it('is found from any of the organisations, also when one was away, and if none serves a sheet', async () => {
    const { patient, notes } = await livedIn(3);
    const { contributor } = network.services('hospital');
    const away = { keep: isAway, keepRules: isAway };
    network.liars.contributor.set('hospital', { ...contributor, ...away });
    await commitEpochs(patient, 4);
    network.liars.contributor.clear();
    const device = await furtherDevice(network, patient);
    const { state } = await restorePatient(device);
    assert.deepEqual(state, await readPatientState(patient));
    assert.deepEqual(await readAll(device), notes);
    const { agent } = behind(patient, { sheet: isLost });
    const other = await furtherDevice(network, patient, { agent });
    assert.deepEqual((await restorePatient(other)).state, state);
  });
});

describe('two devices of one patient', () => {
  it('lose nothing of what each other did', async () => {
    const { patient, doctor } = await livedIn();
    const device = await furtherDevice(network, patient);
    await restorePatient(device);
    const first = await grantRight(patient, everything(doctor));
    const second = await grantRight(device, everything(doctor));
    const third = await grantRight(patient, everything(doctor));
    const known = (await readPatientState(patient)).grants.map(({ digest }) => digest);
    for (const { digest } of [first, second, third]) assert.ok(known.includes(digest));
  });

  it('that keep at the same time: one of them begins again from what the other kept', async () => {
    const { patient, doctor } = await livedIn();
    const device = await furtherDevice(network, patient);
    await restorePatient(device);
    const given = await Promise.all([
      grantRight(patient, everything(doctor)),
      grantRight(device, everything(doctor)),
    ]);
    const { state } = await restorePatient(await furtherDevice(network, patient));
    const known = state.grants.map(({ digest }) => digest);
    for (const { digest } of given) assert.ok(known.includes(digest));
  });

  it('of which one is faster while the other takes the newest state: that one takes it again', async () => {
    const { patient } = await livedIn();
    const device = await furtherDevice(network, patient);
    await restorePatient(device);
    const old = await releasedState(device);
    await commitEpochs(patient, 4);
    const stale = serving(device, old);
    let views = 0;
    const racing = behind(device, {
      submit: async (submissions) => {
        const isView = submissions[0]?.request.type === 'View';
        if (isView) views += 1;
        return isView && views === 1
          ? await stale.submit(submissions)
          : await device.agent.submit(submissions);
      },
    });
    await commitEpochs(racing, 6);
    assert.equal(views, 2);
    assert.deepEqual((await restorePatient(patient)).state, await readPatientState(device));
  });

  it('of which one is behind keep nothing over what is newer', async () => {
    const { patient, doctor } = await livedIn();
    const before = await readPatientState(patient);
    await grantRight(patient, everything(doctor));
    await assert.rejects(keepPatientState(patient, before), failsWith('STATE_STALE'));
  });
});

describe('what a patient has nodes keep', () => {
  it('is refused where another signed it, or it is not what was signed', async () => {
    const { patient, doctor } = await livedIn();
    const deposit = await depositOf(patient);
    const { request } = deposit;
    const wrong: [unknown, string][] = [
      [{ ...deposit, state: `${deposit.state}AAAA` }, 'REQUEST_MALFORMED'],
      [{ ...deposit, state: 7 }, 'REQUEST_MALFORMED'],
      [
        { ...deposit, packets: [{ grant: request.message.state, epoch: 3, packet: '' }] },
        'REQUEST_MALFORMED',
      ],
      [{ ...deposit, packets: 'packets' }, 'REQUEST_MALFORMED'],
      [{ ...deposit, request: { ...request, party: doctor.address } }, 'RIGHT_MISSING'],
      [
        { ...deposit, request: { ...request, message: { ...request.message, revision: 99 } } },
        'SIGNATURE_INVALID',
      ],
      [{}, 'REQUEST_MALFORMED'],
    ];
    for (const [value, code] of wrong) {
      await assert.rejects(
        patient.agent.keep(value as PatientDeposit),
        failsWith(code as 'REQUEST_MALFORMED'),
      );
      const { contributor } = network.services('insurer');
      await assert.rejects(
        contributor.keep({ patient: value as PatientDeposit }),
        failsWith(code as 'REQUEST_MALFORMED'),
      );
    }
    await patient.agent.keep(deposit);
    await patient.agent.keep(deposit);
  });
});

/** Deposits that a patient makes by a change, after the former ones. */
async function keptBy(
  patient: Party,
  change: (party: Party) => Promise<unknown>,
): Promise<StateReleased[]> {
  const kept = [await releasedState(patient)];
  const spying = behind(patient, {
    keep: async (deposit) => {
      kept.push({ packet: deposit.state, keep: deposit.request });
      return await patient.agent.keep(deposit);
    },
  });
  await change(spying);
  return kept;
}

async function isLost(): Promise<never> {
  return await Promise.reject(new MedsealError('NOT_FOUND', { what: 'sheet' }));
}

async function isAway(): Promise<never> {
  return await Promise.reject(new Error('away'));
}

/** Deposit that the patient would make next. */
async function depositOf(patient: Party): Promise<PatientDeposit> {
  let sent: PatientDeposit | undefined;
  const spying = behind(patient, {
    keep: async (deposit) => {
      sent = deposit;
      return await Promise.reject(new MedsealError('PEER_UNREACHABLE', { peer: 'hospital' }));
    },
  });
  const state = await readPatientState(patient);
  await assert.rejects(keepPatientState(spying, state), failsWith('PEER_UNREACHABLE'));
  assert.ok(sent);
  return sent;
}

/** State as an agent releases it. */
interface StateReleased {
  readonly packet: string;
  readonly keep?: Signed<'Keep'>;
  /** Coordinators' statements about it at that time. */
  readonly newest?: readonly SignedNewest[];
}

/** Statements of coordinators that an agent shows, given that of an honest one. */
type Shown = (first: SignedNewest) => unknown;

function isSignedState(value: object | undefined): value is SignedState {
  return value !== undefined && 'request' in value;
}

/** The sealed state as an honest agent gives it now. */
async function releasedState(patient: Party): Promise<StateReleased> {
  let found: StateReleased | undefined;
  const spying = behind(patient, {
    submit: async (submissions: readonly Submission[]) => {
      const outcomes = await patient.agent.submit(submissions);
      const [outcome] = outcomes;
      const { packet, keep, newest } =
        (outcome?.outcome === 'acknowledged' && outcome.release) || {};
      if (packet !== undefined)
        found = { packet, ...(keep && { keep }), ...(newest && { newest }) };
      return outcomes;
    },
  });
  await restorePatient(spying);
  assert.ok(found);
  return found;
}

/** A state that is the patient's by its handle, sealed to the patient: whoever saw the enrolment can make one. */
async function sealedToPatient(patient: Party): Promise<string> {
  const state = await readPatientState(patient);
  const made = { ...state, revision: 2 ** 52, grants: [] };
  const sealed = await sealBytes([patient.recipient], utf8ToBytes(JSON.stringify(made)), {});
  return base64.encode(sealed);
}

/** An agent that gives this state in place of the newest, with what honest coordinators say or what it shows instead. */
function serving(patient: Party, state: StateReleased | object, shown?: Shown): AgentPort {
  return behind(patient, {
    submit: async ([submission]) => {
      assert.ok(submission);
      const outcome = await submitted(patient, submission);
      if (outcome.outcome !== 'acknowledged') return [outcome];
      const { packet: _packet, keep: _keep, newest = [], ...release } = outcome.release ?? {};
      const first = newest.find(({ coordinator }) => coordinator !== ownCoordinator()) ?? newest[0];
      assert.ok(first);
      const said = (shown === undefined ? newest : await shown(first)) as typeof newest;
      return [{ ...outcome, release: { ...release, ...state, newest: said } }];
    },
  }).agent;
}

function ownCoordinator(): Address | undefined {
  return network.keys.get('hospital')?.coordinator.address;
}
