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
import { readRecord } from '../../client/records/readRecord.ts';
import { readPatientState } from '../../client/state/PatientState.ts';
import { bytesToHex, bytesToUtf8, utf8ToBytes } from '../../crypto/bytes.ts';
import { leafHash } from '../../crypto/merkle/leafHash.ts';
import { memoryTree } from '../../crypto/merkle/memoryTree.ts';
import { formatCheckpoint } from '../../crypto/note/checkpoint.ts';
import { createNoteKey } from '../../crypto/note/NoteKey.ts';
import { signNote } from '../../crypto/note/signNote.ts';
import { machinePorts } from '../../folder/NodePorts.ts';
import { identityOf } from '../../folder/OrganisationIdentity.ts';
import { examineFolder } from '../../fsck/examineFolder.ts';
import { seconds, type Clock } from '../../protocol/Clock.ts';
import type { Organisation } from '../../protocol/ids.ts';
import type { LogConflict, SignedEntry } from '../../protocol/evidence/LogConflict.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { logOf } from '../../protocol/network/networkLookups.ts';
import { officeChangesOf } from '../../protocol/network/officeChangesOf.ts';
import { draftSuccessor, signSuccessor } from '../../protocol/network/signSuccessor.ts';
import { successorOf } from '../../protocol/network/successorOf.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import type { Coordinator } from '../../services/coordinator/createCoordinator.ts';
import type { IdentityFile } from '../founding/identityFiles.ts';
import type { OrganisationHome } from '../NodeFolder.ts';
import { scratchFolder } from '../test/scratchFolder.ts';
import { TrialNodes } from '../test/TrialNodes.ts';
import { changedTerms } from './changedTerms.ts';
import { homeIn } from './homeIn.ts';
import { joinSuccession } from './joinSuccession.ts';

/** An organisation whose log signed two histories leaves the network, and joins it again with a new log under another name. */

const FOUNDERS = ['hospital', 'laboratory', 'insurer'] as const;
const AGAIN = 'insurer-again';
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
const closed = failsWith('LOG_CLOSED', { log: LOG });
let root: string;
let nodes: TrialNodes;
let network: NetworkFile;
let patient: Party;

before(async () => {
  root = await scratchFolder();
  nodes = new TrialNodes(root, ports);
  await nodes.listen([...FOUNDERS, AGAIN]);
  network = await nodes.found(FOUNDERS);
  for (const name of FOUNDERS) await keepHome(name);
  await nodes.startAll(FOUNDERS);
  patient = await partyOf('insurer');
  await enrol(patient, { role: 'patient', organisation: 'insurer' });
  await commitEpochs(patient, 3);
  await add(patient, 'at the insurer');
});
after(async () => {
  await nodes.close();
  await rm(root, { recursive: true });
});

async function keepHome(name: Organisation): Promise<void> {
  await nodes.inFolder(name, async ({ homes: [home] }) => {
    homes.set(name, home ?? assert.fail());
    await Promise.resolve();
  });
}

async function partyOf(name: Organisation, of?: Party): Promise<Party> {
  const place = { agent: nodes.agentOf(name), log: `care/${name}` };
  const seed = of?.keys.seed() ?? ports.random(32);
  const device = of?.device ?? memoryDevice();
  return await openParty({ ...ports, ...place, seed, device, network: nodes.at(name).file });
}

async function add(party: Party, text: string): Promise<void> {
  const { handle } = await readPatientState(party);
  const content = utf8ToBytes(text);
  const own = { handle, category: 'laboratory', purpose: 'PATRQT' } as const;
  const { acknowledgement } = await addRecord(party, { ...own, content });
  await fetchReceipt(party, acknowledgement);
}

/** The texts of all records on the patient's chart. */
async function read(party: Party): Promise<readonly string[]> {
  const { handle } = await readPatientState(party);
  const chart = await readChart(party, { handle, purpose: 'PATRQT' });
  const texts: string[] = [];
  for (const record of chart.records) {
    texts.push(bytesToUtf8((await readRecord(party, chart, record)).content));
  }
  return texts.toSorted();
}

function coordinatorOf(name: Organisation): Coordinator {
  return (nodes.at(name).organisations.get(name) ?? assert.fail()).coordinator;
}

/** Two entries at one place that a key of the insurer's log signed. */
function proof(): LogConflict {
  const { primitives } = ports;
  const { origin } = logOf(network, LOG).log;
  const key = createNoteKey(origin, (homes.get('insurer') ?? assert.fail()).keys.note);
  const side = (text: string): SignedEntry => {
    const entry = primitives.sha256(utf8ToBytes(text));
    const { size, root: hash } = memoryTree(primitives, [leafHash(primitives, entry)]);
    const note = signNote(primitives, formatCheckpoint({ origin, size, root: hash }), [key]);
    return { note, entry: bytesToHex(entry), proof: [] };
  };
  return { log: LOG, index: 0, one: side('one'), other: side('other') };
}

async function identityIn(name: Organisation): Promise<IdentityFile> {
  await keepHome(name);
  const { keys, authorityKey } = homes.get(name) ?? assert.fail();
  const identity = identityOf(name, keys, authorityKey, false);
  return { format: 'medseal-identity/1', ...identity, url: `http://${name}.example` };
}

describe('an organisation whose log is closed', () => {
  it('is known to all once one has the proof, and its patients go on at another node', async () => {
    await coordinatorOf('laboratory').takeConflict(proof());
    await coordinatorOf('laboratory').collect(seconds(clock));
    for (const name of FOUNDERS) {
      assert.deepEqual(await coordinatorOf(name).closedLogs(), [LOG], name);
    }
    await assert.rejects(add(patient, 'more'), closed);
    await assert.rejects(read(patient), closed);
    const moved = await partyOf('laboratory', patient);
    assert.deepEqual(await read(moved), ['at the insurer']);
    await add(moved, 'at the laboratory');
    const faults: string[] = [];
    await nodes.stop('laboratory');
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
    assert.equal(faults.length, 1);
    assert.match(faults[0] ?? '', /care\/insurer signed two entries at #0: the log is closed/);
    await nodes.start('laboratory');
    await nodes.at('laboratory').settle();
    await assert.rejects(add(patient, 'more'), closed);
  });

  it('leaves, and joins under another name with a new log; what was in the old one is read as before', async () => {
    const identities = [await identityIn(AGAIN)];
    const from = seconds(clock) + 3 * DAY + 600;
    const terms = changedTerms(ports.primitives, network, {
      from,
      identities,
      leaving: ['insurer'],
    });
    const deadline = seconds(clock) + DAY;
    const made = successorOf(ports.primitives, network, terms);
    const offices = officeChangesOf(network, made).map((each) => ({
      ...each,
      change: 1,
      deadline,
    }));
    let successor = draftSuccessor(ports, network, terms, { offices });
    for (const name of ['hospital', 'laboratory']) {
      const { keys, authorityKey } = homeIn(network, homes.get(name) ?? assert.fail());
      const held = [keys.coordinator, authorityKey];
      successor = signSuccessor(ports, network, successor, held);
    }
    for (const name of FOUNDERS) await nodes.agentOf(name).succeed(successor);
    await nodes.stopAll();
    ahead += 3 * DAY + 1200;
    await nodes.inFolder(AGAIN, async (folder) => {
      await nodes.identify(folder);
      const successors = { format: 'medseal-successors/1', successors: [successor] };
      await joinSuccession(folder, { network, successors }, ports);
    });
    nodes.forget('insurer');
    const present = ['hospital', 'laboratory', AGAIN];
    await nodes.startAll(present);
    await assert.rejects(nodes.start('insurer'), failsWith('NETWORK_LEFT'));
    for (const name of present) assert.deepEqual(await coordinatorOf(name).closedLogs(), [], name);
    const back = await partyOf(AGAIN, patient);
    await commitEpochs(back, 3);
    await add(back, 'at the new log');
    const texts = ['at the insurer', 'at the laboratory', 'at the new log'];
    for (const name of [AGAIN, 'hospital']) {
      assert.deepEqual(await read(await partyOf(name, patient)), texts, name);
    }
    // The old log stays closed, whoever has its key.
    for (const name of ['hospital', 'laboratory']) {
      const asked = { log: LOG, note: proof().one.note, entries: [], from: 0, verdicts: [] };
      await assert.rejects(coordinatorOf(name).signCheckpoint(asked), closed);
    }
  });
});
