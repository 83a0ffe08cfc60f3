import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { MedsealError } from '../../errors/MedsealError.ts';
import { sayingKept } from '../../node/test/sayingKept.ts';
import { furtherDevice } from '../../node/test/furtherDevice.ts';
import {
  behind,
  everything,
  startTestNetwork,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import type { AgentPort, PatientDeposit } from '../../protocol/AgentPort.ts';
import type { SignedKept } from '../../protocol/evidence/evidence.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { signatory } from '../../protocol/test/sampleNetwork.ts';
import { commitEpochs } from '../epochs/commitEpochs.ts';
import { confirmFacts } from '../audit/confirmFacts.ts';
import { eraseKeys } from '../epochs/eraseKeys.ts';
import { grantRight } from '../rights/grantRight.ts';
import { keepPatientState } from './keepPatientState.ts';
import type { Party } from '../party/Party.ts';
import { readPatientState } from './PatientState.ts';
import { refreshPackets } from '../epochs/refreshPackets.ts';
import { restorePatient } from './restorePatient.ts';
import { revokeRight } from '../rights/revokeRight.ts';

const LIAR = 'hospital';
const ALL = ['hospital', 'laboratory', 'insurer'] as const;

let network: TestNetwork;
before(async () => {
  network = await startTestNetwork();
});
afterEach(() => network.liars.contributor.clear());
after(async () => await network.close());

/** Answer of an agent that is asked to keep something. */
type Keeping = (deposit: PatientDeposit) => unknown;

/** The patient at an agent that does something else with what it should keep. */
function lied(patient: Party, keep: Keeping): Party {
  return behind(patient, { keep: keep as AgentPort['keep'] });
}

async function keepAgain(party: Party): Promise<unknown> {
  return await keepPatientState(party, await readPatientState(party));
}

/** Restores the patient on a new device, by an honest agent. */
async function restored(patient: Party): Promise<unknown> {
  const phone = await furtherDevice(network, patient, { organisation: 'laboratory' });
  return (await restorePatient(phone)).state;
}

/** Answer of an honest agent to the next state that the patient has kept. */
async function answered(patient: Party): Promise<readonly SignedKept[]> {
  let given: readonly SignedKept[] = [];
  await keepAgain(lied(patient, async (deposit) => (given = await patient.agent.keep(deposit))));
  return given;
}

/** Has the liar alone keep it. */
async function alone(deposit: PatientDeposit): Promise<SignedKept> {
  const said = await network.services(LIAR).contributor.keep({ patient: deposit });
  return said ?? assert.fail();
}

async function away(): Promise<never> {
  return await Promise.reject(new MedsealError('PEER_UNREACHABLE', { peer: 'it' }));
}

async function saysSo(): Promise<undefined> {
  return await Promise.resolve(undefined);
}

describe('a state that an agent says is kept', () => {
  // @attack an agent says that a new state is kept, and drops it, so that a device lost later cannot be restored | coordinators of k organisations sign that they keep this very state
  it('is not taken for kept if the agent drops it, whatever it answers', async () => {
    const patient = await network.party('patient');
    const older = await answered(patient);
    const other = await answered(await network.party('patient'));
    const lies: [string, Keeping][] = [
      ['nothing', () => undefined],
      ['an empty list', () => []],
      ['another form', () => [null, {}, 7, { newest: {} }]],
      ['words', () => 'all keep it'],
      ['signatures of an older state', () => older],
      ['signatures of another patient', () => other],
      ['one signature', (deposit) => sayingKept(network, [LIAR], deposit)],
      ['one signature twice', (deposit) => sayingKept(network, [LIAR, LIAR], deposit)],
      [
        'one signature in the name of another',
        (deposit) => {
          const [said, next] = sayingKept(network, ['hospital', 'laboratory'], deposit);
          return [said, { ...said, coordinator: next?.coordinator }];
        },
      ],
      [
        'the signature of a stranger',
        (deposit) => [
          ...sayingKept(network, [LIAR], deposit),
          ...sayingKept(network, [signatory('stranger')], deposit),
        ],
      ],
      [
        'one of its own and an older one',
        (deposit) => [...sayingKept(network, [LIAR], deposit), ...older],
      ],
    ];
    const known = await readPatientState(patient);
    for (const [what, keep] of lies) {
      await assert.rejects(keepAgain(lied(patient, keep)), failsWith('ANSWER_DISPUTED'), what);
      assert.deepEqual(await readPatientState(patient), known, what);
    }
    await keepAgain(patient);
    assert.deepEqual(await restored(patient), await readPatientState(patient));
  });

  // @attack the same, and the agent keeps the state itself | the same; another agent then has it kept
  it('is not taken for kept if the agent alone keeps it, and another agent keeps it then', async () => {
    const patient = await network.party('patient');
    const known = await readPatientState(patient);
    const lying = lied(patient, async (deposit) => [await alone(deposit)]);
    await assert.rejects(keepAgain(lying), failsWith('ANSWER_DISPUTED'));
    assert.deepEqual(await readPatientState(patient), known);
    await keepAgain({ ...patient, agent: network.agent('laboratory') });
    assert.deepEqual(await restored(patient), await readPatientState(patient));
  });

  // @attack the same with signatures of two keys of one organisation | they are counted by organisation
  it('is not taken for kept if two keys of one organisation sign that', async () => {
    const patient = await network.party('patient');
    const second = signatory('second key');
    const channels = patient.network.channels.map((channel) => ({
      ...channel,
      coordinators: [...channel.coordinators, { organisation: LIAR, address: second.address }],
    }));
    const lying = lied(patient, (deposit) => sayingKept(network, [LIAR, second], deposit));
    await assert.rejects(
      keepAgain({ ...lying, network: { ...patient.network, channels } }),
      failsWith('ANSWER_DISPUTED'),
    );
  });

  it('is kept while one of three organisations is away, or answers nothing', async () => {
    const patient = await network.party('patient');
    for (const [place, name] of ALL.entries()) {
      const { contributor } = network.services(name);
      const keep = place % 2 === 0 ? away : saysSo;
      network.liars.contributor.set(name, { ...contributor, keep });
      assert.equal((await answered(patient)).length, 2, name);
      network.liars.contributor.clear();
      assert.deepEqual(await restored(patient), await readPatientState(patient), name);
    }
  });

  // @attack a peer says that it keeps a state, and does not sign that or signs an older one | the agent does not count it
  it('is refused by an honest agent to which too few show that they keep it', async () => {
    for (const isSigned of [false, true]) {
      const patient = await network.party('patient');
      const [older] = await answered(patient);
      for (const name of ['laboratory', 'insurer']) {
        const { contributor } = network.services(name);
        const keep = isSigned ? async () => await Promise.resolve(older) : saysSo;
        network.liars.contributor.set(name, { ...contributor, keep });
      }
      await assert.rejects(keepAgain(patient), failsWith('PEER_UNREACHABLE'));
      network.liars.contributor.clear();
    }
  });
});

describe('what follows on a state that is not shown to be kept', () => {
  it('does not begin: no right is given or ended, and no packet counts as sealed', async () => {
    const patient = await network.party('patient');
    const doctor = await network.party('doctor');
    await commitEpochs(patient, 2);
    const right = await grantRight(patient, everything(doctor));
    const rules: string[] = [];
    const lying = behind(patient, {
      keep: async () => await Promise.resolve([]),
      submit: async (submissions) => {
        rules.push(...submissions.map(({ request }) => request.type));
        return await patient.agent.submit(submissions);
      },
    });
    const known = await readPatientState(patient);
    const disputed = failsWith('ANSWER_DISPUTED');
    await assert.rejects(grantRight(lying, everything(doctor)), disputed);
    await assert.rejects(revokeRight(lying, right.digest), disputed);
    await assert.rejects(commitEpochs(lying, 30), disputed);
    assert.deepEqual(rules, []);
    assert.deepEqual(await readPatientState(patient), known);
    await revokeRight(patient, right.digest);
    assert.deepEqual((await refreshPackets(patient)).pending, []);
  });

  for (const how of ['drops it', 'keeps it alone'] as const) {
    // @attack an agent says that erased keys and their packets are gone, and tells no other node | an erasure ends once k organisations sign that they keep what is left
    it(`is not said to be erased if an agent ${how}, and is erased by another`, async () => {
      const patient = await network.party('patient');
      const doctor = await network.party('doctor');
      await commitEpochs(patient, 2);
      await grantRight(patient, { ...everything(doctor), actions: ['read'] });
      let isLast = false;
      const lying = lied(patient, async (deposit) => {
        const { handle } = deposit.request.message;
        const { first = 0 } = (await confirmFacts(patient, { handle })).patient ?? {};
        // The keys have turned, and what is left is about to be kept.
        isLast = first > 2;
        if (!isLast) return await patient.agent.keep(deposit);
        return how === 'drops it' ? [] : [await alone(deposit)];
      });
      await assert.rejects(eraseKeys(lying, 'imaging'), failsWith('ANSWER_DISPUTED'));
      assert.ok(isLast);
      assert.ok((await readPatientState(patient)).erasing?.imaging, 'the device knows what is due');
      const other = { agent: network.agent('laboratory'), log: 'care/laboratory' };
      const at = await eraseKeys({ ...patient, ...other }, 'imaging');
      const state = await readPatientState(patient);
      assert.equal(state.erasing?.imaging, undefined);
      const spans = Object.entries(state.keyring.keys);
      const erased = spans.filter(([end]) => Number(end) <= at);
      assert.ok(erased.length > 0 && erased.every(([, keys]) => keys.imaging === undefined));
      assert.deepEqual(await restored(patient), state);
    });
  }
});
