import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { bytesToHex, hexToBytes } from '../../crypto/bytes.ts';
import { leafHash } from '../../crypto/merkle/leafHash.ts';
import { MerkleFrontier } from '../../crypto/merkle/MerkleFrontier.ts';
import { memoryTree } from '../../crypto/merkle/memoryTree.ts';
import { parseCheckpoint } from '../../crypto/note/checkpoint.ts';
import { openNote } from '../../crypto/note/openNote.ts';
import { contextOf } from '../../node/contextOf.ts';
import { submissionOf, viewOf, acknowledgedBy } from '../../node/test/requests.ts';
import {
  BEGIN,
  startCare,
  startTestNetwork,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import type { EvidenceLog } from '../../log/EvidenceLog.ts';
import { domainOf } from '../../protocol/struct/domainOf.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import { logOf } from '../../protocol/network/networkLookups.ts';
import { HANDOVER } from '../../protocol/network/officesOf.ts';
import { signerOf } from '../../protocol/struct/signing.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { word } from '../../protocol/test/sampleNetwork.ts';
import type { LedgerIndex, PlacedRoot } from '../LedgerIndex.ts';
import type { CheckpointRequest, CoordinatorPort, SignedEdge } from '../ports.ts';
import { askToSign } from '../test/askToSign.ts';
import { CheckpointSigner } from './CheckpointSigner.ts';
import { OwnVerdicts } from './OwnVerdicts.ts';
import { PresentedRows } from './PresentedRows.ts';

const LOG = 'care/hospital';
const entries = Array.from({ length: 9 }, (_, n) => word(`entry ${n}`));
const forked = entries.with(4, word('rewritten'));

let network: TestNetwork;
/** The laboratory's, which signs for the hospital's log. */
let coordinator: CoordinatorPort;

beforeEach(async () => {
  network = await startTestNetwork();
  coordinator = network.services('laboratory').coordinator;
});
afterEach(async () => await network.close());

/** Returns the signer, if all entries were there to sign. */
async function signer(request: CheckpointRequest): Promise<string | undefined> {
  const { log } = logOf(network.file, LOG);
  const { size, root } = parseCheckpoint(
    openNote(network.ports.primitives, request.note, [log.key]),
  );
  const { signed } = await coordinator.signCheckpoint(request);
  const context = { domain: domainOf(network.file), primitives: network.ports.primitives };
  const statement = { log: log.id, size, root: bytesToHex(root) };
  return signed && signerOf(context, 'Checkpoint', statement, signed.signature);
}

function own(): string | undefined {
  return network.keys.get('laboratory')?.coordinator.address;
}

/** Asks for the first `size` of the entries, from what is known on. */
async function known(size: number): Promise<void> {
  const from = await coordinator.knownSize(LOG);
  assert.equal(await signer(askToSign(network, entries, { from, size })), own());
}

describe('a coordinator that signs checkpoints', () => {
  it('signs what holds the entries that it knows, and the last one again', async () => {
    await known(5);
    await known(5);
    await known(6);
    assert.equal(await coordinator.knownSize(LOG), 6);
  });

  // @attack a log presents a view, has it released, and takes it back with what it did not sign | only entries of a tree that the log signed count
  it('counts as shown only what the log signed, for it can take back the rest', async () => {
    const laboratory = afterLeaving('nobody');
    const isShown = async (index: number, entry = entries[index]): Promise<boolean | undefined> => {
      const [shown] = await laboratory.areShown(LOG, [{ index, entry: entry ?? assert.fail() }]);
      return shown;
    };
    assert.equal(await isShown(2), false);
    await laboratory.show(askToSign(network, entries, { size: 5 }));
    assert.equal(await isShown(2), true);
    assert.equal(await isShown(2, entries[3]), false);
    assert.equal(await isShown(7), false);
    // Two more of a checkpoint of nine.
    const { note } = askToSign(network, entries);
    const part = { ...askToSign(network, entries, { from: 5, size: 7 }), note };
    assert.equal(await laboratory.show(part), 7);
    assert.equal(await isShown(6), false);
    assert.equal(await laboratory.show(askToSign(network, entries, { from: 7 })), 9);
    assert.equal(await isShown(6), true);
  });

  // @attack a log presents a view in a part of another history, has that part refused, presents the history without it, and has the view released | what is presented in the place of a part that was taken back replaces all of it
  it('counts nothing as shown that the log took back, once it presented something else there', async () => {
    const laboratory = afterLeaving('nobody');
    await laboratory.show(askToSign(network, entries, { size: 3 }));
    const { note } = askToSign(network, entries);
    for (const [from, size] of [
      [3, 4],
      [4, 6],
    ] as const) {
      await laboratory.show({ ...askToSign(network, forked, { from, size }), note });
    }
    const back = askToSign(network, entries, { from: 6, size: 6 });
    await assert.rejects(laboratory.show(back), failsWith('CHECKPOINT_REFUSED'));
    assert.equal(await laboratory.show(askToSign(network, entries, { from: 3 })), 9);
    const places = [forked, entries].map((each) => ({ index: 4, entry: each[4] ?? assert.fail() }));
    assert.deepEqual(await laboratory.areShown(LOG, places), [false, true]);
    const kept = await laboratory.shown({ log: LOG, from: 4 });
    assert.deepEqual([kept?.from, kept?.entries.length], [3, 6]);
  });

  it('counts entries below a checkpoint on its ledger, though it signed the next one since', async () => {
    let held: PlacedRoot | undefined;
    const index = { checkpoint: () => held, refresh: async () => await Promise.resolve() };
    const laboratory = afterLeaving('nobody', index);
    const { log } = logOf(network.file, LOG);
    const first = askToSign(network, entries, { size: 5 });
    await laboratory.sign(first);
    await laboratory.show(askToSign(network, entries, { from: 5 }));
    const said = openNote(network.ports.primitives, first.note, [log.key]);
    held = {
      block: 1,
      transaction: word('transaction'),
      size: 5,
      root: bytesToHex(parseCheckpoint(said).root),
    };
    await laboratory.sign(askToSign(network, entries, { from: 9 }));
    const places = [0, 4, 5, 8].map((place) => ({
      index: place,
      entry: entries[place] ?? assert.fail(),
    }));
    assert.deepEqual(await laboratory.areShown(LOG, places, true), [true, true, false, false]);
    assert.deepEqual(await laboratory.areShown(LOG, places), [true, true, true, true]);
  });

  it('keeps nothing of what the log took back beside a checkpoint that was signed meanwhile', async () => {
    let held: PlacedRoot | undefined;
    const index = { checkpoint: () => held, refresh: async () => await Promise.resolve() };
    const copy = copyOf(entries);
    const laboratory = afterLeaving('nobody', index, copy);
    const { note } = askToSign(network, entries);
    await laboratory.show({ ...askToSign(network, forked, { size: 6 }), note });
    // Of the six entries three are under a checkpoint now.
    await laboratory.sign(askToSign(network, entries, { from: 6, size: 3 }));
    const back = askToSign(network, entries, { from: 6, size: 6 });
    await assert.rejects(laboratory.show(back), failsWith('CHECKPOINT_REFUSED'));
    const stale = { index: 4, entry: forked[4] ?? assert.fail() };
    const known: number[] = [];
    for (const [from, size] of [
      [3, 4],
      [4, 5],
      [5, 7],
      [7, 9],
    ] as const) {
      known.push(await laboratory.show(askToSign(network, entries, { from, size })));
      assert.deepEqual(await laboratory.areShown(LOG, [stale]), [false], `after ${size}`);
      // The ledger goes on in the middle of what was presented.
      held = placed(entries, size);
    }
    assert.deepEqual(known, [4, 5, 7, 9]);
    const rows = new PresentedRows(network.database('laboratory', 'coordinator'), new Map());
    for await (const { from, entries: shown } of rows.all(LOG)) {
      assert.deepEqual(shown, entries.slice(from, from + shown.length));
    }
  });

  // @attack a log has a coordinator that starts again forget a tree that it signed in several parts, or without further entries, and shows it another one | rows are kept with the note that signs their tree, and are read as far as one does
  it('knows after a restart what the log signed the tree of, in however many parts it came', async () => {
    const { note } = askToSign(network, entries, { size: 8 });
    const before = afterLeaving('nobody');
    await before.show({ ...askToSign(network, entries, { size: 3 }), note });
    await before.show({ ...askToSign(network, entries, { from: 3, size: 8 }), note });
    assert.equal(await afterLeaving('nobody').knownSize(LOG), 8);
    // The ninth is of a larger tree, until the log signs this one.
    const larger = askToSign(network, [...entries, word('never shown')]).note;
    await before.show({ ...askToSign(network, entries, { from: 8 }), note: larger });
    assert.equal(await afterLeaving('nobody').knownSize(LOG), 8);
    const none = { from: 9, entries: [], verdicts: [] };
    await before.show({ ...askToSign(network, entries), ...none, note: larger });
    assert.equal(await before.show(askToSign(network, entries, { from: 9 })), 9);
    const after = afterLeaving('nobody');
    assert.equal(await after.knownSize(LOG), 9);
    const places = [4, 8].map((index) => ({ index, entry: entries[index] ?? assert.fail() }));
    assert.deepEqual(await after.areShown(LOG, places), [true, true]);
    const rewritten = askToSign(network, forked, { from: 9 });
    await assert.rejects(after.sign(rewritten), failsWith('CHECKPOINT_REFUSED'));
  });

  it('forgets no proof of a tree by a note that signs a larger one', async () => {
    const before = afterLeaving('nobody');
    await before.show(askToSign(network, entries, { size: 8 }));
    const larger = askToSign(network, entries);
    await before.show({ ...larger, from: 8, entries: [], verdicts: [] });
    assert.equal(await afterLeaving('nobody').knownSize(LOG), 8);
  });

  // @attack a log has a restored coordinator adopt another history, and then sign for the rows of the first one | the note that proves a row is never replaced
  it('keeps the note that convicts a log, whatever edge it adopted since', async () => {
    const laboratory = afterLeaving('nobody');
    const first = askToSign(network, entries);
    await laboratory.show(first);
    await laboratory.adopt(LOG, edgeOf(forked));
    const { note } = edgeOf(forked);
    await laboratory.show({ ...askToSign(network, forked, { from: 9 }), note });
    const rows = new PresentedRows(network.database('laboratory', 'coordinator'), new Map());
    const notes: string[] = [];
    for await (const { note: kept } of rows.all(LOG, 9)) notes.push(kept);
    assert.deepEqual(notes, [first.note]);
    // It has been shown nothing of what it follows now.
    assert.equal(await laboratory.shown({ log: LOG, from: 0 }), undefined);
  });

  // @attack a log shows a restored coordinator a view in one history, and has another one on the ledger, which the coordinator adopts afterwards | what was presented before counts for nothing once an edge was adopted that it is not known to lead to
  it('counts nothing as shown that it knows from before it adopted another edge', async () => {
    const held = placed(forked, 9);
    const index = { checkpoint: () => held, refresh: async () => await Promise.resolve() };
    const laboratory = afterLeaving('nobody', index);
    await laboratory.show(askToSign(network, entries));
    await laboratory.adopt(LOG, edgeOf(forked));
    const places = [entries, forked].map((each) => ({ index: 4, entry: each[4] ?? assert.fail() }));
    assert.deepEqual(await laboratory.areShown(LOG, places, true), [false, false]);
    assert.deepEqual(await laboratory.areShown(LOG, places), [false, false]);
    assert.deepEqual(await afterLeaving('nobody', index).areShown(LOG, places), [false, false]);
  });

  it('goes on counting what it was shown where the edge that it adopts holds it', async () => {
    const laboratory = afterLeaving('nobody');
    await laboratory.show(askToSign(network, entries));
    await laboratory.adopt(LOG, edgeOf(entries.slice(0, 5)));
    assert.equal(await laboratory.knownSize(LOG), 9);
    const places = [3, 8].map((index) => ({ index, entry: entries[index] ?? assert.fail() }));
    assert.deepEqual(await laboratory.areShown(LOG, places), [true, true]);
  });

  it('knows after a restart what follows entries that it forgot, because the ledger and its copy have them', async () => {
    const copy = copyOf(entries.slice(0, 5));
    const held = placed(entries, 5);
    const index = { checkpoint: () => held, refresh: async () => await Promise.resolve() };
    const before = afterLeaving('nobody', index, copy);
    await before.show(askToSign(network, entries, { size: 5 }));
    await before.show(askToSign(network, entries, { from: 5 }));
    assert.equal(await before.shown({ log: LOG, from: 0 }), undefined);
    assert.equal(await afterLeaving('nobody', index, copy).knownSize(LOG), 9);
    const other = copyOf(forked.slice(0, 5));
    assert.equal(await afterLeaving('nobody', index, other).knownSize(LOG), 0);
  });

  it('signs no second root for a size, nothing smaller, and nothing that rewrites', async () => {
    await known(6);
    const wrong = [
      askToSign(network, forked, { from: 6, size: 6 }),
      askToSign(network, entries, { from: 5, size: 5 }),
      askToSign(network, forked, { from: 6 }),
      { ...askToSign(network, forked), ...pick(askToSign(network, entries, { from: 6 })) },
    ];
    for (const request of wrong) {
      await assert.rejects(coordinator.signCheckpoint(request), failsWith('CHECKPOINT_REFUSED'));
    }
    assert.equal(await coordinator.knownSize(LOG), 6);
    await known(9);
  });

  it('is not begun with again from elsewhere: it says where what it knows ends', async () => {
    await known(6);
    for (const from of [0, 5, 7]) {
      const answer = await coordinator.signCheckpoint(askToSign(network, forked, { from }));
      assert.deepEqual(answer, { known: 6 });
    }
  });

  it('takes entries in as many go at a time, and signs when all are there', async () => {
    const whole = askToSign(network, entries);
    const parts = [
      [0, 4],
      [4, 8],
      [8, 9],
    ] as const;
    for (const [from, size] of parts) {
      const { entries: some, verdicts } = askToSign(network, entries, { from, size });
      const answer = await coordinator.signCheckpoint({ ...whole, from, entries: some, verdicts });
      assert.deepEqual([answer.known, answer.signed !== undefined], [size, size === 9]);
    }
  });

  it('begins again with its last checkpoint where what came after it turns out to be another log', async () => {
    await known(3);
    const part = askToSign(network, forked, { from: 3, size: 7 });
    const whole = askToSign(network, entries, { from: 3 });
    const { entries: some, verdicts } = part;
    assert.deepEqual(await coordinator.signCheckpoint({ ...whole, entries: some, verdicts }), {
      known: 7,
    });
    const rest = askToSign(network, entries, { from: 7 });
    await assert.rejects(coordinator.signCheckpoint(rest), failsWith('CHECKPOINT_REFUSED'));
    assert.equal(await coordinator.knownSize(LOG), 3);
    await known(9);
  });

  it('remembers after a restart', async () => {
    await known(6);
    await network.restart('laboratory');
    coordinator = network.services('laboratory').coordinator;
    assert.equal(await coordinator.knownSize(LOG), 6);
    const rewritten = askToSign(network, forked, { from: 6, size: 6 });
    await assert.rejects(coordinator.signCheckpoint(rewritten), failsWith('CHECKPOINT_REFUSED'));
    await known(9);
  });

  it('signs one of two roots for a size that come at once', async () => {
    await known(6);
    const longer = [...entries.slice(0, 6), word('a'), word('b')];
    const answers = await Promise.allSettled([
      signer(askToSign(network, entries, { from: 6, size: 8 })),
      signer(askToSign(network, longer, { from: 6 })),
      signer(askToSign(network, entries, { from: 6, size: 8 })),
    ]);
    assert.deepEqual(
      answers.map((answer) => answer.status === 'fulfilled' && answer.value),
      [own(), false, own()],
    );
  });

  it('has signed nothing that is not on its disk', async () => {
    await known(8);
    const database = network.database('laboratory', 'coordinator');
    const batch = database.batch.bind(database);
    Object.assign(database, { batch: async () => await Promise.reject(new Error('disk full')) });
    await assert.rejects(known(9));
    Object.assign(database, { batch });
    assert.equal(await coordinator.knownSize(LOG), 8);
    await known(9);
  });

  it('signs nothing that the log did not sign, or signed for another log', async () => {
    const request = askToSign(network, entries);
    const other = network.keys.get('insurer')?.note;
    assert.ok(other);
    const wrong: [CheckpointRequest, 'EVIDENCE_INVALID' | 'NOT_FOUND'][] = [
      [{ ...request, note: request.note.replace('\n9\n', '\n8\n') }, 'EVIDENCE_INVALID'],
      [{ ...request, note: '' }, 'EVIDENCE_INVALID'],
      [{ ...request, log: 'care/insurer' }, 'EVIDENCE_INVALID'],
      [{ ...request, log: 'care/nobody' }, 'NOT_FOUND'],
    ];
    for (const [each, code] of wrong) {
      await assert.rejects(coordinator.signCheckpoint(each), failsWith(code));
    }
    const empty = askToSign(network, []);
    await assert.rejects(coordinator.signCheckpoint(empty), failsWith('CHECKPOINT_REFUSED'));
    assert.equal(await coordinator.knownSize(LOG), 0);
  });
});

describe('a coordinator of a network that an organisation has left', () => {
  it('takes in entries that all judged who were in office then, and no more verdicts than these', async () => {
    const signing = afterLeaving('insurer');
    const first = askToSign(network, entries, { size: 1 });
    assert.equal(first.verdicts.length, 3);
    assert.equal(await signing.show(first), 1);
    const second = askToSign(network, entries, { from: 1, size: 2 });
    const more = { ...second, verdicts: [...second.verdicts, ...second.verdicts.slice(0, 1)] };
    const refused = failsWith('REQUEST_TOO_LARGE', { what: 'array of verdicts', limit: 3 });
    await assert.rejects(signing.sign(more), refused);
    await assert.rejects(signing.show(more), refused);
    const { signed } = await signing.sign(second);
    assert.equal(signed?.coordinator, own());
  });

  it('takes in no entry of later that who left judged, and too few who stayed', async () => {
    const signing = afterLeaving('insurer');
    const verdict = { at: BEGIN + HANDOVER + 20, includeBy: BEGIN + HANDOVER + 80 };
    const asked = askToSign(network, entries, { judges: ['hospital', 'insurer'], verdict });
    await assert.rejects(signing.sign(asked), failsWith('ENTRY_UNJUDGED'));
  });
});

describe('an administrator that slips an entry into its log that nobody judged', () => {
  it('gets no signature for it, and each coordinator names it', async () => {
    const care = await startCare(network);
    await acknowledgedBy(care.doctor, submissionOf(care, 'View', viewOf(care)));
    await network.checkpoint();
    const { administrator } = network.services('hospital');
    const { primitives, random } = network.ports;
    const body = JSON.stringify({ at: 1_800_000_000, salt: bytesToHex(random(16)) });
    const entry = bytesToHex(primitives.sha256(new TextEncoder().encode(body)));
    const name = { request: word('request'), deadline: 1_800_000_060 };
    const slipped = { entry, body, ...name, handle: care.handle, verdicts: [] };
    const alone = failsWith('VERDICTS_MISSING', { got: 1, needed: 2 });
    await assert.rejects(administrator.append([slipped]), alone);
    const [later] = await care.doctor.agent.submit([submissionOf(care, 'View', viewOf(care))]);
    assert.equal(later?.outcome, 'refused', 'nor is what comes after it acknowledged');
    network.failures.length = 0;
    await assert.rejects(
      administrator.checkpoint(),
      failsWith('VERDICTS_MISSING', { got: 0, needed: 2 }),
    );
    const named = network.failures.splice(0);
    assert.equal(named.length, 3);
    for (const error of named) {
      failsWith(unjudgedAt(1, entry).code, unjudgedAt(1, entry).values)(error);
    }
    for (const organisation of ['laboratory', 'insurer', 'hospital']) {
      const kept = await network.database(organisation, 'coordinator').get(`unjudged/${LOG}`);
      assert.ok(kept?.includes(entry), organisation);
    }
    const { size } = await network.agent().checkpoint(LOG);
    assert.equal(size, 1, 'the log stands where it was');
  });
});

/** The laboratory's signer under the network file that follows, without an organisation from the tenth second on, and by a ledger. */
function afterLeaving(
  left: string,
  ledger?: Pick<LedgerIndex, 'checkpoint' | 'refresh'>,
  copy?: CopyOf,
): CheckpointSigner {
  const index = (ledger ?? network.services('laboratory').index) as LedgerIndex;
  const { channels } = network.file;
  const staying = channels.map(({ coordinators, ...channel }) => ({
    ...channel,
    coordinators: coordinators.filter(({ organisation }) => organisation !== left),
  }));
  const before = [{ fingerprint: word('first'), until: BEGIN + 10, channels }];
  const file = { ...network.file, channels: staying, before };
  const context = contextOf(network.ports, { network: file, organisation: 'laboratory', index });
  const { coordinator: key } = network.keys.get('laboratory') ?? assert.fail();
  const database = network.database('laboratory', 'coordinator');
  const logs = new Map(copy === undefined ? [] : [[LOG, copy]]);
  const options = { database, key, logs, onFault: () => undefined };
  return new CheckpointSigner(context, options, new OwnVerdicts(network.ports.primitives));
}

type CopyOf = Pick<EvidenceLog, 'size' | 'root' | 'stored'>;

/** The laboratory's copy of a log of some entries, as far as it is asked. */
function copyOf(of: readonly Bytes32[]): CopyOf {
  const copy: Pick<EvidenceLog, 'size' | 'root'> = {
    size: of.length,
    root: async (size) => await Promise.resolve(rootOf(of, size)),
  };
  const stored = async ({ from, to }: { from: number; to: number }): Promise<unknown> =>
    await Promise.resolve(of.slice(from, to).map((entry) => ({ entry, at: BEGIN })));
  return { ...copy, stored } as CopyOf;
}

/** A checkpoint of some entries on the ledger. */
function placed(of: readonly Bytes32[], size: number): PlacedRoot {
  return { size, root: rootOf(of, size) } as PlacedRoot;
}

/** The edge of some entries, with the log's own note. */
function edgeOf(of: readonly Bytes32[]): SignedEdge & { readonly note: string } {
  const { primitives } = network.ports;
  const frontier = MerkleFrontier.empty(primitives);
  for (const entry of of) frontier.append(leafHash(primitives, hexToBytes(entry)));
  const size = of.length;
  const { note } = askToSign(network, of);
  return { size, root: rootOf(of, size), peaks: frontier.peaks.map(bytesToHex), note };
}

function rootOf(of: readonly Bytes32[], size: number): Bytes32 {
  const { primitives } = network.ports;
  const leaves = of.slice(0, size).map((entry) => leafHash(primitives, hexToBytes(entry)));
  return bytesToHex(memoryTree(primitives, leaves).root);
}

function unjudgedAt(index: number, entry: Bytes32) {
  return { code: 'ENTRY_UNJUDGED', values: { log: LOG, index, entry, got: 0, needed: 2 } } as const;
}

function pick({ from, entries: shown, verdicts }: CheckpointRequest): Partial<CheckpointRequest> {
  return { from, entries: shown, verdicts };
}
