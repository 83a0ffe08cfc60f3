import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { commitMore } from '../../client/epochs/commitEpochs.ts';
import { grantRight } from '../../client/rights/grantRight.ts';
import { keepPatientState } from '../../client/state/keepPatientState.ts';
import { memoryDevice } from '../../client/party/memoryDevice.ts';
import {
  readPatientState,
  redactedState,
  type PatientState,
} from '../../client/state/PatientState.ts';
import { restorePatient } from '../../client/state/restorePatient.ts';
import { revokeRight } from '../../client/rights/revokeRight.ts';
import { bytesToHex, utf8ToBytes } from '../../crypto/bytes.ts';
import {
  BEGIN,
  everything,
  ORGANISATIONS,
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import type { DepositedPacket, PatientDeposit } from '../../protocol/AgentPort.ts';
import type { Bytes32, Organisation } from '../../protocol/ids.ts';
import { packetsHash } from '../../protocol/rights/packetsHash.ts';
import { LONGEST_PACKET, LONGEST_STATE } from '../../protocol/rights/requireKeepable.ts';
import type { Keep } from '../../protocol/struct/requests.ts';
import { sign } from '../../protocol/struct/signing.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';

let network: TestNetwork;
let care: Care;

before(async () => {
  network = await startTestNetwork({ seed: 'kept quota' });
  care = await startCare(network);
});
after(async () => {
  assert.deepEqual(network.failures, []);
  await network.close();
});

/** A packet of the doctor's right of so many characters. */
function packet(characters: number, epoch = 1): DepositedPacket {
  return { grant: care.right.digest, epoch, packet: 'A'.repeat(characters) };
}

function deposit(packets: readonly DepositedPacket[], state: string, change: Partial<Keep> = {}) {
  const { patient, handle } = care;
  const { primitives } = patient;
  const message = {
    handle,
    revision: 100,
    state: bytesToHex(primitives.sha256(utf8ToBytes(state))),
    packets: packetsHash(primitives, packets),
    deadline: BEGIN + 300,
  };
  return { request: sign(patient, patient, 'Keep', { ...message, ...change }), state, packets };
}

async function refused(given: PatientDeposit, code: 'REQUEST_TOO_LARGE' | 'REQUEST_EARLY') {
  const before_ = await sizes();
  await assert.rejects(network.agent().keep(given), failsWith(code));
  for (const name of ORGANISATIONS) {
    const { contributor } = network.services(name);
    await assert.rejects(contributor.keep({ patient: given }), failsWith(code));
  }
  assert.deepEqual(await sizes(), before_);
}

/** Characters of all that each organisation keeps. */
async function sizes(): Promise<readonly number[]> {
  return await Promise.all(
    ORGANISATIONS.map(async (name) => {
      const rows = await network.database(name, 'kept').iterator().all();
      return rows.reduce((sum, [key, value]) => sum + key.length + value.length, 0);
    }),
  );
}

/** Counts the rows of a kind that an organisation keeps. */
async function count(name: Organisation, prefix: string): Promise<number> {
  const range = { gt: prefix, lt: `${prefix}~` };
  return (await network.database(name, 'kept').keys(range).all()).length;
}

async function restored(): Promise<PatientState> {
  const device = { ...care.patient, device: memoryDevice() };
  return (await restorePatient(device)).state;
}

/** Fills a state up: nobody but its owner can tell. */
function filled(state: PatientState, characters: number): PatientState {
  return { ...state, patientId: 'x'.repeat(characters) };
}

describe('what a patient has nodes keep', () => {
  it('takes no more room for being sent again and again, and can be restored after each time', async () => {
    let state = await readPatientState(care.patient);
    const taken: number[] = [];
    for (let time = 0; time < 6; time++) {
      const packets = [1, 2, 3].map((epoch) => packet(200_000, epoch));
      state = await keepPatientState(care.patient, state, packets);
      assert.deepEqual(await restored(), redactedState(state));
      for (const name of ORGANISATIONS) await network.services(name).contributor.catchUp();
      assert.deepEqual(await restored(), redactedState(state));
      taken.push(Math.max(...(await sizes())));
    }
    const [first = 0] = taken;
    // The newest place of the order stays its source's until another comes.
    for (const each of taken) assert.ok(each < first + 2000, taken.join(', '));
  });

  // @attack one packet, state or sheet fills a disk | each has a limit, at clients and at every node
  it('is refused where a packet or a state is over its limit, by each organisation', async () => {
    await refused(deposit([packet(LONGEST_PACKET + 1)], 'state'), 'REQUEST_TOO_LARGE');
    await refused(deposit([], 'A'.repeat(LONGEST_STATE + 1)), 'REQUEST_TOO_LARGE');
  });

  it('is refused where its deadline lies far ahead', async () => {
    await refused(deposit([packet(10)], 'state', { deadline: BEGIN + 601 }), 'REQUEST_EARLY');
  });

  it('is refused by the device before it is signed', async () => {
    const known = await readPatientState(care.patient);
    const { agent } = care.patient;
    let asked = 0;
    const patient = {
      ...care.patient,
      agent: {
        ...agent,
        keep: async () => await Promise.resolve([void (asked += 1)] as never),
        submit: async () => await Promise.resolve([void (asked += 1)] as never),
      },
    };
    const tooLarge = failsWith('REQUEST_TOO_LARGE');
    const large = packet(LONGEST_PACKET + 1);
    await assert.rejects(keepPatientState(patient, known, [large]), tooLarge);
    await assert.rejects(keepPatientState(patient, filled(known, LONGEST_STATE)), tooLarge);
    assert.equal(asked, 0);
    assert.deepEqual(await readPatientState(patient), known);
  });

  it('leaves room in a state for the end of a right when no more can be given', async () => {
    const known = await readPatientState(care.patient);
    // In base64, a third more.
    const full = await keepPatientState(care.patient, filled(known, (7.5 * 2 ** 20 * 3) / 4));
    await assert.rejects(
      grantRight(care.patient, everything(care.stranger)),
      failsWith('REQUEST_TOO_LARGE'),
    );
    await revokeRight(care.patient, care.right.digest);
    const { revision } = await readPatientState(care.patient);
    assert.ok(revision > full.revision);
    await keepPatientState(care.patient, { ...known, revision });
  });

  it('loses the sheets that no commitment on the ledger names', async () => {
    let state = await readPatientState(care.patient);
    for (let more = 20; more < 26; more++) {
      const { patient } = (await network.agent().facts({ handle: care.handle, nonce: nonce() }))[0]
        ?.facts ?? { patient: undefined };
      ({ state } = await commitMore(care.patient, state, patient?.epoch ?? 0, more));
    }
    await keepPatientState(care.patient, state);
    for (const name of ORGANISATIONS) {
      const { patient } = (
        await network.agent(name).facts({ handle: care.handle, nonce: nonce() })
      )[0]?.facts ?? { patient: undefined };
      const named = (patient?.count ?? 0) + (patient?.next?.count ?? 0);
      assert.equal(await count(name, 'sheet/'), named);
    }
  });
});

function nonce(): Bytes32 {
  return bytesToHex(care.patient.random(32));
}
