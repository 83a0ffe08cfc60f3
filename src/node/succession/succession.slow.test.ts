import assert from 'node:assert/strict';
import { rm, stat } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { backUp } from '../../backup/backUp.ts';
import { folderTarget } from '../../backup/folderTarget.ts';
import { openBackup } from '../../backup/openBackup.ts';
import { restoreBackup } from '../../backup/restoreBackup.ts';
import { signManifest, unsignedBy } from '../../backup/signManifest.ts';
import { readOfficeChanges } from '../../bindings/readOfficeChanges.ts';
import { examineLogs } from '../../client/audit/examineLogs.ts';
import { fetchReceipt } from '../../client/audit/fetchReceipt.ts';
import { commitEpochs } from '../../client/epochs/commitEpochs.ts';
import { enrol } from '../../client/party/enrol.ts';
import { memoryDevice } from '../../client/party/memoryDevice.ts';
import { openParty, type Party } from '../../client/party/Party.ts';
import { addRecord } from '../../client/records/addRecord.ts';
import { readChart } from '../../client/records/readChart.ts';
import { readPatientState } from '../../client/state/PatientState.ts';
import { hexToBytes, utf8ToBytes } from '../../crypto/bytes.ts';
import { formatCheckpoint } from '../../crypto/note/checkpoint.ts';
import { createNoteKey } from '../../crypto/note/NoteKey.ts';
import { openNote } from '../../crypto/note/openNote.ts';
import { signNote } from '../../crypto/note/signNote.ts';
import { makeLaterKeys } from '../../folder/organisationKeys.ts';
import { identityOf } from '../../folder/OrganisationIdentity.ts';
import { machinePorts } from '../../folder/NodePorts.ts';
import { examineFolder } from '../../fsck/examineFolder.ts';
import { seconds, type Clock } from '../../protocol/Clock.ts';
import { domainOf } from '../../protocol/struct/domainOf.ts';
import type { Receipt } from '../../protocol/evidence/evidence.ts';
import { fileInForce, followSuccessors } from '../../protocol/network/followSuccessors.ts';
import type { Organisation } from '../../protocol/ids.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { logOf } from '../../protocol/network/networkLookups.ts';
import { officeChangesOf } from '../../protocol/network/officeChangesOf.ts';
import { draftSuccessor, signSuccessor } from '../../protocol/network/signSuccessor.ts';
import type { Successor } from '../../protocol/network/Successor.ts';
import { successorOf } from '../../protocol/network/successorOf.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { verifyReceipt } from '../../protocol/evidence/verifyReceipt.ts';
import { writeIdentity, type IdentityFile } from '../founding/identityFiles.ts';
import type { NodeFolder } from '../NodeFolder.ts';
import { LAST_TURN } from '../../services/agent/requireStaying.ts';
import type { CheckpointRequest } from '../../services/ports.ts';
import { TrialNodes } from '../test/TrialNodes.ts';
import { scratchFolder } from '../test/scratchFolder.ts';
import { changedTerms, type NetworkWish } from './changedTerms.ts';
import { homeIn } from './homeIn.ts';
import { joinSuccession } from './joinSuccession.ts';

/** A network whose organisations change, over the embedded ledger and HTTP between the nodes. */

const FOUNDERS = ['hospital', 'laboratory', 'insurer'] as const;
const DAY = 24 * 3600;
const machine = await machinePorts();
/** Seconds by which the clock of everybody is ahead, so that delays pass. */
let ahead = 0;
const clock: Clock = {
  now: () => machine.clock.now() + 1000 * ahead,
  after: (milliseconds, run) => machine.clock.after(milliseconds, run),
};
const ports = { ...machine, clock };
const progress = (): void => undefined;
let root: string;
let nodes: TrialNodes;
let network: NetworkFile;

before(async () => {
  root = await scratchFolder();
  nodes = new TrialNodes(root, ports);
  await nodes.listen([...FOUNDERS, 'pharmacy']);
  network = await nodes.found(FOUNDERS);
  await nodes.startAll(FOUNDERS);
});
after(async () => {
  await nodes.close();
  await rm(root, { recursive: true });
});

async function partyOf(
  name: Organisation,
  seed = ports.random(32),
  device = memoryDevice(),
): Promise<Party> {
  const place = { agent: nodes.agentOf(name), log: `care/${name}`, device };
  return await openParty({ ...ports, ...place, seed, network: nodes.at(name).file });
}

async function add(patient: Party, text: string): Promise<Receipt> {
  const { handle } = await readPatientState(patient);
  const record = { handle, category: 'laboratory', content: utf8ToBytes(text), purpose: 'PATRQT' };
  const { acknowledgement } = await addRecord(patient, record as Parameters<typeof addRecord>[1]);
  return await fetchReceipt(patient, acknowledgement);
}

/** Drafts a change, and has organisations sign it with the keys that their folders have for the file before. */
async function change(
  predecessor: NetworkFile,
  wish: Omit<NetworkWish, 'from'>,
  signers: readonly Organisation[],
  given: {
    readonly numbers?: Readonly<Record<'authority' | 'coordinators', number>>;
    readonly from?: number;
  } = {},
): Promise<Successor> {
  const { numbers = { authority: 1, coordinators: 1 }, from = seconds(clock) + 3 * DAY + 600 } =
    given;
  const terms = changedTerms(ports.primitives, predecessor, { ...wish, from });
  const made = successorOf(ports.primitives, predecessor, terms);
  const deadline = seconds(clock) + DAY;
  const offices = officeChangesOf(predecessor, made).map((each) => {
    return { ...each, change: numbers[each.office], deadline };
  });
  let successor = draftSuccessor(ports, predecessor, terms, { offices });
  for (const name of signers) {
    const folder = nodes.runs(name) ? undefined : await nodes.folder(name);
    const home = homes.get(name) ?? folder?.homes[0];
    assert.ok(home !== undefined);
    homes.set(name, home);
    await folder?.close();
    const { keys, authorityKey } = homeIn(predecessor, home);
    successor = signSuccessor(ports, predecessor, successor, [keys.coordinator, authorityKey]);
  }
  return successor;
}
const homes = new Map<Organisation, NodeFolder['homes'][number]>();

async function identityIn(name: Organisation): Promise<IdentityFile> {
  return await nodes.inFolder(name, async ({ homes: [home] }) => {
    assert.ok(home !== undefined);
    homes.set(name, home);
    const { keys, authorityKey, later } = home;
    const coordinator = later.node.seats.at(-1) ?? keys.coordinator;
    const sender = later.node.senders.at(-1) ?? keys.sender;
    const note = later.node.notes.at(-1) ?? keys.note;
    const identity = identityOf(name, { ...keys, coordinator, sender, note }, authorityKey, false);
    return { format: 'medseal-identity/1', ...identity, url: `http://${name}.example` };
  });
}

describe('a network whose organisations change', () => {
  const seed = ports.random(32);
  const device = memoryDevice();
  const receipts: Receipt[] = [];
  let first: Successor;
  let second: Successor;
  let third: Successor;

  it('begins with three', async () => {
    const patient = await partyOf('laboratory', seed, device);
    await enrol(patient, { role: 'patient', organisation: 'laboratory' });
    await commitEpochs(patient, 3);
    receipts.push(await add(patient, 'before any change'));
    const early = await partyOf('hospital');
    await enrol(early, { role: 'patient', organisation: 'hospital' });
    await commitEpochs(early, 3);
    receipts.push(await add(early, 'before any change, at the hospital'));
    assert.deepEqual(await nodes.agentOf('insurer').successors(), {
      format: 'medseal-successors/1',
      successors: [],
      first: network,
      begun: { authority: 0, coordinators: 0 },
    });
  });

  it('refuses a successor that too few signed, that comes too early, or that hides a change of an office', async () => {
    await nodes.stopAll();
    await nodes.inFolder('laboratory', async ({ homes: [home] }) => {
      assert.ok(home !== undefined);
      await makeLaterKeys(home.folder.files, ports, true);
    });
    const identities = [await identityIn('laboratory')];
    for (const name of FOUNDERS) await identityIn(name);
    await nodes.startAll(FOUNDERS);
    const newKeys = ['laboratory'];
    first = await change(network, { identities, newKeys }, ['hospital', 'insurer']);
    const agent = nodes.agentOf('hospital');
    const invalid = failsWith('SUCCESSOR_INVALID');
    const few = await change(network, { identities, newKeys }, ['hospital']);
    await assert.rejects(agent.succeed(few), invalid);
    const early = await change(network, { identities, newKeys }, ['hospital', 'insurer'], {
      from: seconds(clock) + DAY,
    });
    await assert.rejects(agent.succeed(early), invalid);
    await assert.rejects(agent.succeed({ ...first, offices: [] }), invalid);
    await assert.rejects(agent.succeed({ ...first, number: 2 }), invalid);
    await assert.rejects(agent.succeed({ ...first, from: first.from + 1 }), invalid);
    const numbered = await change(network, { identities, newKeys }, ['hospital', 'insurer'], {
      numbers: { authority: 1, coordinators: 3 },
    });
    await assert.rejects(
      agent.succeed(numbered),
      failsWith('SUCCESSOR_INVALID', {
        reason: 'its change of the coordinators has the number 3, and the ledger expects 1',
      }),
    );
    const [office = assert.fail()] = first.offices;
    const late = { ...office, message: { ...office.message, deadline: 1 } };
    await assert.rejects(agent.succeed({ ...first, offices: [late] }), invalid);
    await assert.rejects(
      agent.succeed({ ...first, offices: [{ ...office, signatures: [] }] }),
      invalid,
    );
    await assert.rejects(agent.succeed({} as Successor), failsWith('REQUEST_MALFORMED'));
    assert.deepEqual((await agent.successors()).successors, []);
    const registry = nodes.at('hospital').provider;
    const state = await readOfficeChanges(registry, network.contracts, 'coordinators');
    assert.deepEqual([state.begun, state.made, state.readyAt], [0, 0, 0]);
  });

  it('takes one that enough signed, begins the change of the office, and takes no other in its place', async () => {
    for (const name of FOUNDERS) {
      const placed = await nodes.agentOf(name).succeed(first);
      assert.deepEqual(await nodes.agentOf(name).succeed(first), placed);
      assert.equal(placed.number, 1);
    }
    const other = await change(network, { authority: 3 }, ['hospital']);
    await assert.rejects(nodes.agentOf('insurer').succeed(other), failsWith('SUCCESSOR_INVALID'));
    const { successors, fork } = await nodes.agentOf('insurer').successors();
    assert.deepEqual([successors, fork], [[first], undefined]);
    // It is not in force yet.
    await nodes.stopAll();
    await nodes.startAll(FOUNDERS);
    assert.deepEqual(nodes.at('laboratory').file, network);
    assert.deepEqual((await nodes.agentOf('laboratory').successors()).successors, [first]);
  });

  it('goes on with the new key of the laboratory, at the nodes and at the ledger', async () => {
    await nodes.stopAll();
    ahead += 3 * DAY + 1200;
    await nodes.startAll(FOUNDERS);
    for (const name of FOUNDERS) {
      assert.notDeepEqual(nodes.at(name).file.channels, network.channels);
      assert.equal(nodes.at(name).file.before?.length, 1);
    }
    const { provider } = nodes.at('hospital');
    const state = await readOfficeChanges(provider, network.contracts, 'coordinators');
    assert.equal(state.made, 1);
    // A device that has followed the successors goes on with the same key and state.
    const patient = await partyOf('laboratory', seed, device);
    await commitEpochs(patient, 3);
    receipts.push(await add(patient, 'under the new key'));
    const stale = openParty({
      ...ports,
      seed,
      network,
      agent: nodes.agentOf('laboratory'),
      log: 'care/laboratory',
      device: memoryDevice(),
    });
    await assert.rejects(stale, failsWith('NETWORK_FILE_OTHER'));
  });

  it('goes on in the same log with another key, and verifies what either signed', () => {
    const [was = assert.fail(), is = assert.fail()] = [network, nodes.at('hospital').file].map(
      (file) => logOf(file, 'care/laboratory').log,
    );
    assert.deepEqual({ ...is, key: was.key }, was);
    assert.notEqual(is.key, was.key);
    const [before1 = assert.fail(), , since = assert.fail()] = receipts;
    assert.ok(since.acknowledgement.index > before1.acknowledgement.index);
    for (const [key, { checkpoint, ledger }] of [
      [was.key, before1] as const,
      [is.key, since] as const,
    ]) {
      openNote(ports.primitives, checkpoint.note, [key]);
      openNote(ports.primitives, ledger.note, [key]);
    }
    const context = { domain: domainOf(network), primitives: ports.primitives };
    for (const receipt of [before1, since]) {
      verifyReceipt(context, nodes.at('insurer').file, receipt, { strict: true });
    }
  });

  // @actor a thief of a former log key | to have a checkpoint signed
  it('takes nothing that a thief of the log’s former key signs', async () => {
    const { file, organisations } = nodes.at('hospital');
    const { coordinator } = organisations.get('hospital') ?? assert.fail();
    const { keys, later } = homes.get('laboratory') ?? assert.fail();
    const [present = assert.fail()] = later.node.notes;
    const [, , since = assert.fail()] = receipts;
    const { origin } = logOf(file, since.checkpoint.log).log;
    const noted = (seed: Uint8Array): CheckpointRequest => {
      const { log, size, root } = since.checkpoint;
      const text = formatCheckpoint({ origin, size, root: hexToBytes(root) });
      const note = signNote(ports.primitives, text, [createNoteKey(origin, seed)]);
      return { log, note, from: size + 100, entries: [], verdicts: [] };
    };
    const stolen = noted(keys.note);
    const refused = failsWith('EVIDENCE_INVALID');
    await assert.rejects(coordinator.signCheckpoint(stolen), refused);
    await assert.rejects(coordinator.show(stolen), refused);
    assert.ok((await coordinator.show(noted(present))) > 0);
    // A checkpoint is public: with the thief's note on it, it would make the receipt of an entry of now.
    const forged = { ...since, checkpoint: { ...since.checkpoint, note: stolen.note } };
    const context = { domain: domainOf(network), primitives: ports.primitives };
    verifyReceipt(context, file, since, { strict: true });
    const { before: earlier = [] } = file;
    const late = { ...file, before: earlier.map((each) => ({ ...each, until: 1 })) };
    verifyReceipt(context, late, since, { strict: true });
    assert.throws(() => verifyReceipt(context, late, forged), refused);
  });

  it('lets a pharmacy join and the insurer leave, and the patients go on', async () => {
    const predecessor = nodes.at('hospital').file;
    const early = await partyOf('insurer');
    await enrol(early, { role: 'patient', organisation: 'insurer' });
    await commitEpochs(early, 3);
    await add(early, 'at the one that leaves');
    const identities = [await identityIn('pharmacy')];
    const wish = { identities, leaving: ['insurer'] };
    const numbers = { authority: 1, coordinators: 2 };
    await assert.rejects(
      change(predecessor, wish, ['hospital', 'pharmacy'], { numbers }),
      failsWith('SIGNATURE_INVALID'),
    );
    // The insurer's word counts until it has left.
    second = await change(predecessor, wish, ['laboratory', 'insurer'], { numbers });
    for (const name of FOUNDERS) await nodes.agentOf(name).succeed(second);
    const began = ahead;
    // The clock runs on: a slow machine has twenty seconds for this.
    ahead += second.from - seconds(clock) - LAST_TURN - 20;
    await add(early, 'before its last half minute');
    ahead += second.from - seconds(clock) - LAST_TURN / 2;
    // Nobody would checkpoint it, nor copy it.
    await assert.rejects(add(early, 'in its last half minute'), failsWith('NETWORK_LEAVING'));
    await nodes.stopAll();
    ahead = began + 3 * DAY + 1200;
    const { successors } = { successors: [first, second] };
    const given = { network, successors: { format: 'medseal-successors/1', successors } };
    const invalid = failsWith('SUCCESSOR_INVALID');
    await nodes.inFolder('pharmacy', async (folder) => {
      const forged = { ...given.successors, successors: [first, { ...second, signatures: [] }] };
      await assert.rejects(
        joinSuccession(folder, { ...given, successors: forged }, ports),
        invalid,
      );
      const other = { ...given, network: { ...network, demo: true } };
      await assert.rejects(joinSuccession(folder, other, ports), invalid);
      // As if the carrier of its identity file had put in another address.
      await writeIdentity(folder, 'http://mallory.example', nodes.exchange, ports);
      await assert.rejects(joinSuccession(folder, given, ports), failsWith('NETWORK_FILE_INVALID'));
      await nodes.identify(folder);
      const newest = await joinSuccession(folder, given, ports);
      assert.equal(newest.before?.length, 2);
      const shorter = { ...given, successors: { ...given.successors, successors: [first] } };
      await assert.rejects(joinSuccession(folder, shorter, ports), invalid);
    });
    // Nobody needs to reach one that left.
    nodes.forget('insurer');
    const present = ['hospital', 'laboratory', 'pharmacy'];
    await nodes.startAll(present);
    await assert.rejects(nodes.start('insurer'), failsWith('NETWORK_LEFT'));
    const state = await readOfficeChanges(
      nodes.at('hospital').provider,
      network.contracts,
      'authority',
    );
    assert.equal(state.made, 1);
    // One that joined last judges, and holds what was written before it came.
    const patient = await partyOf('laboratory', seed, device);
    await commitEpochs(patient, 3);
    receipts.push(await add(patient, 'after one joined and one left'));
    const newcomer = await partyOf('pharmacy');
    await enrol(newcomer, { role: 'patient', organisation: 'pharmacy' });
    await commitEpochs(newcomer, 3);
    receipts.push(await add(newcomer, 'at the one that joined'));
    const { handle } = await readPatientState(patient);
    const chart = await readChart(patient, { handle, purpose: 'PATRQT' });
    assert.equal(chart.records.length, 3);
    // The records that the insurer acknowledged before it left are on its patient's chart elsewhere.
    const moved = await partyOf('hospital', early.keys.seed(), early.device);
    const { handle: own } = await readPatientState(moved);
    assert.equal((await readChart(moved, { handle: own, purpose: 'PATRQT' })).records.length, 2);
  });

  it('has the log of the one that left examined where the others have copies', async () => {
    const { file } = nodes.at('hospital');
    const context = { ...ports, network: file, domain: domainOf(file) };
    const { provider: ledger } = nodes.at('hospital');
    const agentOf = (name: Organisation): Party['agent'] | undefined =>
      nodes.runs(name) ? nodes.agentOf(name) : undefined;
    const found = await examineLogs(context, { agentOf, ledger });
    assert.deepEqual(
      found.map(({ organisation, entries, faults, absent }) => {
        return [organisation, entries > 0, faults, absent];
      }),
      ['hospital', 'insurer', 'laboratory', 'pharmacy'].map((name) => [name, true, [], []]),
    );
    const [alone] = await examineLogs(context, { agentOf: () => undefined, log: 'care/insurer' });
    assert.equal(alone?.unread, 'the node of insurer is not there');
  });

  it('goes on with the one that joined in place of one that is down, in a log of before', async () => {
    await nodes.stop('laboratory');
    const late = await partyOf('hospital');
    await enrol(late, { role: 'patient', organisation: 'hospital' });
    await commitEpochs(late, 3);
    const receipt = await add(late, 'without the laboratory');
    const { log, signatures } = receipt.checkpoint;
    assert.equal(log, 'care/hospital');
    assert.equal(signatures.length, 2);
    receipts.push(receipt);
  });

  // @actor a thief of a former log key | to pass off a backup of the organisation
  it('leaves a folder that is sound, and a backup that only the present key of its log signs', async () => {
    const data = nodes.path('laboratory');
    const faults: unknown[] = [];
    await examineFolder({
      data,
      ports,
      stoppedInOrder: true,
      hearer: {
        fault: (each) => faults.push(each),
        part: () => undefined,
        progress: () => undefined,
      },
    });
    assert.deepEqual(faults, []);
    const backup = nodes.path('backup');
    await backUp({ data, target: await folderTarget(backup), ports, progress });
    const source = await openBackup(backup);
    const restored = nodes.path('restored');
    await restoreBackup({ source, from: backup, data: restored, ports, progress });
    const { keys, later } = homes.get('laboratory') ?? assert.fail();
    const manifest = { at: seconds(clock), sha256: network.networkId };
    const signed = (seed: Uint8Array, file: NetworkFile): readonly Organisation[] => {
      const seeds = new Map([['laboratory', [seed]]]);
      const signatures = signManifest(ports.primitives, file, seeds, manifest);
      const { file: present } = nodes.at('hospital');
      return unsignedBy(ports.primitives, present, ['laboratory'], manifest, signatures);
    };
    const [note = assert.fail()] = later.node.notes;
    assert.deepEqual(signed(note, nodes.at('hospital').file), []);
    assert.deepEqual(signed(keys.note, network), ['laboratory']);
    assert.deepEqual(signed(keys.note, nodes.at('hospital').file), ['laboratory']);
  });

  it('goes on with the laboratory in a new folder with other keys, for all was lost', async () => {
    await rm(nodes.path('laboratory'), { recursive: true });
    homes.delete('laboratory');
    await nodes.inFolder('laboratory', async (folder) => await nodes.identify(folder));
    const identities = [await identityIn('laboratory')];
    const numbers = { authority: 2, coordinators: 3 };
    const predecessor = nodes.at('hospital').file;
    const wish = { identities, newKeys: ['laboratory'] };
    third = await change(predecessor, wish, ['hospital', 'pharmacy'], { numbers });
    const present = ['hospital', 'pharmacy'];
    for (const name of present) await nodes.agentOf(name).succeed(third);
    await nodes.stopAll();
    ahead += 3 * DAY + 1200;
    const successors = { format: 'medseal-successors/1', successors: [first, second, third] };
    await nodes.inFolder('laboratory', async (folder) => {
      await joinSuccession(folder, { network, successors }, ports);
    });
    await stat(`${nodes.path('laboratory')}/restored.json`);
    await assert.rejects(stat(`${nodes.path('pharmacy')}/restored.json`));
    await nodes.startAll(present);
    const copies = nodes.at('hospital').organisations.get('hospital')?.logs ?? assert.fail();
    const copy = copies.get('care/laboratory') ?? assert.fail();
    const node = await nodes.start('laboratory');
    const { logs, rejoining } = node.organisations.get('laboratory') ?? assert.fail();
    // It was there before, by what others know: it takes back all, and judges once what it forgot binds no more.
    assert.equal(rejoining.learnt, false);
    await assert.rejects(partyOf('laboratory', seed, device), failsWith('NODE_BEHIND'));
    await assert.rejects(node.settle(), failsWith('NODE_BEHIND'));
    const log = logs.get('care/laboratory') ?? assert.fail();
    // Entries that no checkpoint covers yet were presented to others, under its former key.
    assert.ok(copy.size > 0 && log.size >= copy.size);
    assert.equal(await log.root(copy.size), await copy.root(copy.size));
    ahead += 120;
    await node.settle();
    assert.equal(rejoining.done, true);
    const patient = await partyOf('laboratory', seed, device);
    const { handle } = await readPatientState(patient);
    const chart = await readChart(patient, { handle, purpose: 'PATRQT' });
    assert.equal(chart.records.length, 3);
    receipts.push(await add(patient, 'after everything was lost'));
  });

  it('verifies all receipts offline with the first file and the successors, and none of a later office without', () => {
    const successors = [first, second, third];
    const file = { format: 'medseal-successors/1', successors };
    const files = followSuccessors(ports, network, file);
    const newest = files.at(-1) ?? network;
    const context = { domain: domainOf(network), primitives: ports.primitives };
    for (const receipt of receipts) verifyReceipt(context, newest, receipt, { strict: true });
    assert.deepEqual(fileInForce(files, seconds(clock)), newest);
    const [before1 = assert.fail(), , , , last = assert.fail()] = receipts;
    verifyReceipt(context, network, before1, { strict: true });
    assert.throws(
      () => verifyReceipt(context, network, last, { strict: true }),
      failsWith('EVIDENCE_INVALID'),
    );
    const reordered = { ...file, successors: successors.toReversed() };
    assert.throws(
      () => followSuccessors(ports, network, reordered),
      failsWith('SUCCESSOR_INVALID'),
    );
  });
});
