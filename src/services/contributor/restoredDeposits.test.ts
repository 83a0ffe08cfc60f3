import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { addRecord } from '../../client/records/addRecord.ts';
import { grantRight } from '../../client/rights/grantRight.ts';
import { collectLetters, sendLetter, type OpenedLetter } from '../../client/letters/letters.ts';
import { memoryDevice } from '../../client/party/memoryDevice.ts';
import type { Party } from '../../client/party/Party.ts';
import {
  readPatientState,
  writePatientState,
  type KnownGrant,
  type PatientState,
} from '../../client/state/PatientState.ts';
import { readAudit } from '../../client/audit/readAudit.ts';
import { readChart } from '../../client/records/readChart.ts';
import { readRecord } from '../../client/records/readRecord.ts';
import { restorePatient } from '../../client/state/restorePatient.ts';
import { bytesToUtf8, utf8ToBytes } from '../../crypto/bytes.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import {
  everything,
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import type { AgentPort } from '../../protocol/AgentPort.ts';
import { seconds } from '../../protocol/Clock.ts';
import type { ProvenSheet } from '../../protocol/rights/epochs.ts';
import type { Acknowledgement } from '../../protocol/evidence/evidence.ts';
import type { Handle } from '../../protocol/ids.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';

const OTHERS = ['laboratory', 'insurer'] as const;

for (const absent of OTHERS) {
  describe(`what a node kept for the parties, lost with its disk while the ${absent} had none of it`, () => {
    let network: TestNetwork;
    let care: Care;
    let state: PatientState;
    let late: KnownGrant;
    let newcomer: Party;
    let added: Acknowledgement;
    let sheets: readonly ProvenSheet[];

    before(async () => {
      network = await startTestNetwork({ cared: true });
      const oldest = await network.save('hospital');
      cutOff(network, absent);
      care = await startCare(network);
      await keepSomething();
      // Its disk with all of its sealed files, and then its oldest backup.
      await network.lose('hospital', 'vault');
      const restored = { restoredAt: seconds(network.clock), othersWentOn: true };
      await network.rollBack('hospital', oldest, restored);
    });
    after(async () => await network.close());

    /** Exactly as many keep it as must: the hospital, and one other organisation. */
    async function keepSomething(): Promise<void> {
      const { patient, stranger, doctor, handle } = care;
      late = await grantRight(patient, everything(stranger));
      newcomer = await network.party('nurse');
      await sendLetter(patient, doctor.address, { grant: care.right.grant });
      const content = utf8ToBytes('kept by two');
      const version = { handle, category: 'other', content, purpose: 'PATRQT' } as const;
      added = (await addRecord(patient, version)).acknowledgement;
      state = await readPatientState(patient);
      sheets = await sheetsOf(network.agent(), handle);
      assert.equal(sheets.length, 3);
    }

    it('is named while it is missing, by the node, by its audit, and to whoever asks it for anything', async () => {
      const behindYet = failsWith('NODE_BEHIND', { what: 'it has not asked yet' });
      await assert.rejects(readAudit(care.patient), behindYet);
      await assert.rejects(care.patient.agent.network(), behindYet);
      await assert.rejects(network.services().rejoining.go(), {
        code: 'NODE_BEHIND',
        message: /1 of the other organisations said with proof .* of care\/\w+, but 2 must/,
      });
      await assert.rejects(readAudit(care.patient), {
        code: 'NODE_BEHIND',
        message: /but 2 must/,
      });
    });

    // @attack a peer tells a restored node what it signed, and keeps back what it keeps for the parties | so many must tell both, or the node stays out
    it('is not done without while somebody who may have it says what it signed, and not what it keeps', async () => {
      network.liars.coordinator.clear();
      const held = OTHERS.find((name) => name !== absent) ?? absent;
      for (const name of [absent, held]) {
        network.liars.contributor.clear();
        const { contributor } = network.services(name);
        network.liars.contributor.set(name, { ...contributor, keptAfter: silence });
        await assert.rejects(network.services().rejoining.go(), {
          code: 'NODE_BEHIND',
          message: /1 of the other organisations said all that they keep for the parties, but 2 /,
        });
      }
      await assert.rejects(care.patient.agent.network(), failsWith('NODE_BEHIND'));
    });

    it('comes back before the node serves anybody', async () => {
      network.liars.contributor.clear();
      await assert.rejects(network.services().rejoining.go(), {
        code: 'NODE_BEHIND',
        message: /it looks for 10 s more whether/,
      });
      network.clock.advance(10_000);
      await network.services().rejoining.go();
      const { patient, stranger, doctor, handle } = care;
      const alone = network.agent();

      const phone = { ...patient, device: memoryDevice(), agent: alone };
      assert.deepEqual((await restorePatient(phone)).state, state, 'the state');
      assert.deepEqual(await sheetsOf(alone, handle), sheets, 'the sheets');
      const card = await alone.card(newcomer.address);
      assert.equal(card.recipient, newcomer.recipient, 'the card');
      const chart = await readChart(stranger, { handle, grant: late.grant, purpose: 'TREAT' });
      const [record = assert.fail()] = chart.records;
      assert.deepEqual(record.acknowledgement, added);
      const { content } = await readRecord(stranger, chart, record);
      assert.equal(bytesToUtf8(content), 'kept by two', 'the packet, and the sealed file');
      const letters: OpenedLetter[] = [];
      await collectLetters(doctor, async (letter) => {
        letters.push(letter);
        return await Promise.resolve(false);
      });
      assert.equal(letters.length, 1, 'the letter');
      assert.deepEqual(letters[0]?.content?.grant, care.right.grant);
    });
  });
}

describe('a node that lost what it kept for the parties, and has not learnt it yet', () => {
  // @attack while a restored node has not learnt yet, a second device has a state kept that an older one was the ground of | who may have forgotten states is in no quorum about them
  it('counts for nobody who keeps a state of the devices that another one is newer than', async () => {
    const network = await startTestNetwork({ cared: true });
    const oldest = await network.save('hospital');
    cutOff(network, 'laboratory');
    const { patient, stranger, handle } = await startCare(network);
    // The patient's second device, as it stands before the first one goes on.
    const device = memoryDevice();
    await writePatientState({ ...patient, device }, await readPatientState(patient));
    await grantRight(patient, everything(stranger));
    const restored = { restoredAt: seconds(network.clock), othersWentOn: true };
    await network.rollBack('hospital', oldest, restored);
    // The one that has the newest state is away, and the other never had it.
    network.liars.coordinator.clear();
    network.liars.contributor.clear();
    cutOff(network, 'insurer');
    const { agent } = network.services('laboratory');
    await agent.keepCard({ party: stranger.address, recipient: stranger.recipient });
    const second = { ...patient, device, agent, log: 'care/laboratory' as const };
    const granting = grantRight(second, everything(stranger));
    await assert.rejects(granting, failsWith('PEER_UNREACHABLE'));
    const { contributor } = network.services();
    await assert.rejects(contributor.state({ handle, nonce: handle }), failsWith('NODE_BEHIND'));
    await network.close();
  });
});

describe('what a restored node came to keep since', () => {
  // @attack an organisation that lost its end gives places again, and who had read further passes over what stands there now | a restored node gives the order of what it keeps another name
  it('is not passed over by who had read further of what it kept before', async () => {
    const network = await startTestNetwork({ cared: true });
    const { patient, stranger, handle } = await startCare(network);
    const saved = await network.save('insurer');
    for (let times = 0; times < 6; times++) await grantRight(patient, everything(stranger));
    const { contributor } = network.services('hospital');
    await contributor.catchUp();
    const restored = { restoredAt: seconds(network.clock), othersWentOn: true };
    await network.rollBack('insurer', saved, restored);
    const { rejoining, agent } = network.services('insurer');
    await assert.rejects(rejoining.go(), failsWith('NODE_BEHIND'));
    network.clock.advance(10_000);
    await rejoining.go();
    // The restored node and one other keep it, and then that one is away.
    cutOff(network, 'hospital');
    await grantRight({ ...patient, agent, log: 'care/insurer' }, everything(stranger));
    const { revision } = await readPatientState(patient);
    network.liars.contributor.clear();
    cutOff(network, 'laboratory');
    await contributor.catchUp();
    const { said } = await contributor.state({ handle, nonce: handle });
    assert.equal(said.newest.revision, revision);
    await network.close();
  });
});

/** Has somebody answer nobody. */
function cutOff(network: TestNetwork, name: string): void {
  const { coordinator, contributor } = network.services(name);
  network.liars.coordinator.set(name, silent(coordinator));
  network.liars.contributor.set(name, silent(contributor));
}

/** Returns the sheets of a patient's first epochs that a node gives. */
async function sheetsOf(agent: AgentPort, handle: Handle): Promise<readonly ProvenSheet[]> {
  const sheets: ProvenSheet[] = [];
  for (let epoch = 0; epoch < 16; epoch++) {
    const sheet = await agent.sheet({ handle, epoch }).catch((error: unknown) => {
      if (!isMedsealError(error, 'NOT_FOUND')) throw error;
    });
    if (sheet !== undefined) sheets.push(sheet);
  }
  return sheets;
}

async function silence(): Promise<never> {
  return await Promise.reject(new MedsealError('PEER_UNREACHABLE', { peer: 'x' }));
}

function silentStream(): AsyncIterable<never> {
  return { [Symbol.asyncIterator]: () => ({ next: silence }) };
}

/** Somebody who answers nothing; a file is a stream, which fails when it is read. */
function silent<Port extends object>(port: Port): Port {
  return new Proxy(port, {
    get: (target, name) => {
      if (name === 'file') return silentStream;
      return typeof Reflect.get(target, name) === 'function' ? silence : Reflect.get(target, name);
    },
  });
}
