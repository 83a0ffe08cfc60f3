import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { fetchReceipt } from '../../client/audit/fetchReceipt.ts';
import { commitEpochs } from '../../client/epochs/commitEpochs.ts';
import { enrol } from '../../client/party/enrol.ts';
import { memoryDevice } from '../../client/party/memoryDevice.ts';
import { openParty, type Party } from '../../client/party/Party.ts';
import { addRecord } from '../../client/records/addRecord.ts';
import { readChart } from '../../client/records/readChart.ts';
import { readPatientState } from '../../client/state/PatientState.ts';
import { utf8ToBytes } from '../../crypto/bytes.ts';
import { machinePorts } from '../../folder/NodePorts.ts';
import { examineFolder } from '../../fsck/examineFolder.ts';
import { seconds, type Clock } from '../../protocol/Clock.ts';
import type { Organisation } from '../../protocol/ids.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { officeChangesOf } from '../../protocol/network/officeChangesOf.ts';
import { HANDOVER } from '../../protocol/network/officesOf.ts';
import { draftSuccessor, signSuccessor } from '../../protocol/network/signSuccessor.ts';
import { successorOf } from '../../protocol/network/successorOf.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import type { OrganisationHome } from '../NodeFolder.ts';
import { scratchFolder } from '../test/scratchFolder.ts';
import { TrialNodes } from '../test/TrialNodes.ts';
import { changedTerms } from './changedTerms.ts';
import { homeIn } from './homeIn.ts';

/** An organisation’s node is lost with the last entries that it acknowledged, and the others go on without it. */

const FOUNDERS = ['hospital', 'laboratory', 'insurer'] as const;
const STAYING = ['hospital', 'laboratory'] as const;
const LOG = 'care/insurer';
const DAY = 24 * 3600;
const machine = await machinePorts();
/** Seconds by which the clock of everybody is ahead, so that delays pass. */
let ahead = 0;
const clock: Clock = {
  now: () => machine.clock.now() + 1000 * ahead,
  after: (milliseconds, run) => machine.clock.after(milliseconds, run),
};
const ports = { ...machine, clock };
const homes = new Map<Organisation, OrganisationHome>();
const disputed = failsWith('REQUEST_ALTERED');
let root: string;
let nodes: TrialNodes;
let network: NetworkFile;
let patient: Party;
let base: Added;

type Added = Awaited<ReturnType<typeof addRecord>>;

before(async () => {
  root = await scratchFolder();
  nodes = new TrialNodes(root, ports);
  // Its node is lost before it checkpoints anything.
  nodes.policies.set('insurer', { maxEntries: 1_000_000, maxDelay: 1_000_000_000 });
  await nodes.listen(FOUNDERS);
  network = await nodes.found(FOUNDERS);
  for (const name of FOUNDERS) {
    await nodes.inFolder(name, async ({ homes: [home] }) => {
      homes.set(name, home ?? assert.fail());
      await Promise.resolve();
    });
  }
  await nodes.startAll(FOUNDERS);
  patient = await partyOf('laboratory');
  await enrol(patient, { role: 'patient', organisation: 'laboratory' });
  await commitEpochs(patient, 3);
  base = await add(patient, 'base');
  await fetchReceipt(patient, base.acknowledgement);
});
after(async () => {
  await nodes.close();
  await rm(root, { recursive: true });
});

async function partyOf(name: Organisation, of?: Party): Promise<Party> {
  const place = { agent: nodes.agentOf(name), log: `care/${name}` };
  const seed = of?.keys.seed() ?? ports.random(32);
  const device = of?.device ?? memoryDevice();
  return await openParty({ ...ports, ...place, seed, device, network: nodes.at(name).file });
}

async function add(party: Party, text: string, amends?: Added): Promise<Added> {
  const { handle } = await readPatientState(party);
  const own = { handle, category: 'laboratory', purpose: 'PATRQT' } as const;
  const content = utf8ToBytes(text);
  return await addRecord(party, { ...own, content, ...(amends && { amends }) });
}

/** Lets time pass while no node runs. */
async function pass(time: number): Promise<void> {
  await nodes.stopAll();
  ahead += time;
  await nodes.startAll(STAYING);
}

/** Makes a block of now, and has the others do what they do every ten minutes. */
async function goOn(): Promise<void> {
  const hospital = await partyOf('hospital', patient);
  await fetchReceipt(hospital, (await add(hospital, 'something else')).acknowledgement);
  for (const name of STAYING) {
    const { coordinator } = nodes.at(name).organisations.get(name) ?? assert.fail();
    await coordinator.collect(seconds(clock));
  }
}

async function voteOut(): Promise<void> {
  const from = seconds(clock) + 3 * DAY + 600;
  const terms = changedTerms(ports.primitives, network, { from, leaving: ['insurer'] });
  const deadline = seconds(clock) + DAY;
  const made = successorOf(ports.primitives, network, terms);
  const offices = officeChangesOf(network, made).map((each) => ({ ...each, change: 1, deadline }));
  let successor = draftSuccessor(ports, network, terms, { offices });
  for (const name of STAYING) {
    const { keys, authorityKey } = homeIn(network, homes.get(name) ?? assert.fail());
    successor = signSuccessor(ports, network, successor, [keys.coordinator, authorityKey]);
  }
  for (const name of STAYING) await nodes.agentOf(name).succeed(successor);
  nodes.forget('insurer');
  await pass(3 * DAY + 1200);
}

describe('a version of a record that a lost node had acknowledged', () => {
  it('is claimed while its organisation is in the network, and for an hour after it left', async () => {
    const promised = await add(await partyOf('insurer', patient), 'promised', base);
    assert.deepEqual([promised.version, promised.acknowledgement.verdicts.length >= 2], [2, true]);
    await nodes.stop('insurer');
    await assert.rejects(add(patient, 'again', base), disputed);
    await voteOut();
    await goOn();
    patient = await partyOf('laboratory', patient);
    await assert.rejects(add(patient, 'again', base), disputed);
  });

  it('is written by another organisation once those that stayed ended the log, and stands once', async () => {
    await pass(HANDOVER + 60);
    await goOn();
    patient = await partyOf('laboratory', patient);
    const again = await add(patient, 'again', base);
    assert.deepEqual([again.version, again.acknowledgement.log], [2, 'care/laboratory']);
    await fetchReceipt(patient, again.acknowledgement);
    const { handle } = await readPatientState(patient);
    for (const name of STAYING) {
      const party = await partyOf(name, patient);
      const { records } = await readChart(party, { handle, purpose: 'PATRQT' });
      const versions = records.filter(({ record }) => record === base.record);
      assert.deepEqual(
        versions.map(({ version }) => version),
        [1, 2],
        name,
      );
      const { coordinator } = nodes.at(name).organisations.get(name) ?? assert.fail();
      assert.equal(await coordinator.ended(LOG), 0, name);
    }
  });

  it('leaves folders in which fsck finds nothing wrong', async () => {
    await nodes.stop('laboratory');
    const faults: string[] = [];
    await examineFolder({
      data: nodes.path('laboratory'),
      ports,
      stoppedInOrder: true,
      hearer: {
        fault: ({ what }) => faults.push(what),
        part: () => undefined,
        progress: () => undefined,
      },
    });
    assert.deepEqual(faults, []);
  });
});
