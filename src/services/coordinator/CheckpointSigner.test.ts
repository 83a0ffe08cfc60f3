import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { bytesToHex, hexToBytes } from '../../crypto/bytes.ts';
import { inclusionProof } from '../../crypto/merkle/inclusionProof.ts';
import { leafHash } from '../../crypto/merkle/leafHash.ts';
import { memoryTree } from '../../crypto/merkle/memoryTree.ts';
import { parseCheckpoint } from '../../crypto/note/checkpoint.ts';
import { openNote } from '../../crypto/note/openNote.ts';
import { submissionOf, viewOf, acknowledgedBy } from '../../node/test/requests.ts';
import { startCare, startTestNetwork, type TestNetwork } from '../../node/test/testNetwork.ts';
import { domainOf } from '../../protocol/domainOf.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import { logOf } from '../../protocol/networkLookups.ts';
import { signerOf } from '../../protocol/signing.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { signatory, word } from '../../protocol/test/sampleNetwork.ts';
import type { CheckpointRequest, CoordinatorPort, PlacedVerdict } from '../ports.ts';
import type { UnjudgedProof } from './coordinatorRows.ts';
import { examineUnjudged } from './examineUnjudged.ts';
import { requireJudged } from './requireJudged.ts';
import { askToSign } from '../test/askToSign.ts';

const LOG = 'care/hospital';
const entries = Array.from({ length: 9 }, (_, n) => word(`entry ${n}`));
const forked = entries.with(4, word('rewritten'));

let network: TestNetwork;
/** The laboratory's, which signs for the hospital's log. */
let coordinator: CoordinatorPort;

beforeEach(async () => {
  network = await startTestNetwork({ seed: 'signer' });
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

describe('a coordinator that is asked to sign over an entry', () => {
  const unjudged = 'ENTRY_UNJUDGED';

  it('that too few judged signs nothing, and names the log and the entry', async () => {
    await known(2);
    for (const judges of [[], ['hospital'], ['laboratory']]) {
      const request = askToSign(network, entries, { from: 2, judges });
      await assert.rejects(
        coordinator.signCheckpoint(request),
        failsWith(unjudged, {
          log: LOG,
          index: 2,
          entry: entries[2] ?? '0x',
          got: judges.length,
          needed: 2,
        }),
      );
    }
    assert.equal(await coordinator.knownSize(LOG), 2);
    assert.equal(network.failures.splice(0).length, 3, 'its operator hears of each');
  });

  it('keeps what convicts the log: that it signed a tree with the entry in it', async () => {
    await known(2);
    const request = askToSign(network, entries, { from: 2, judges: ['hospital'] });
    await assert.rejects(coordinator.signCheckpoint(request), failsWith(unjudged));
    network.failures.length = 0;
    const kept = await network.database('laboratory', 'coordinator').get(`unjudged/${LOG}`);
    const proof = JSON.parse(kept ?? '') as UnjudgedProof;
    const { peaks, ...shown } = proof;
    assert.deepEqual(shown, request);
    const context = {
      domain: domainOf(network.file),
      primitives: network.ports.primitives,
      network: network.file,
    };
    const { code, values } = examineUnjudged(context, proof);
    assert.equal(code, unjudged);
    assert.deepEqual([values.log, values.index, values.entry], [LOG, 2, entries[2]]);
    const judged = askToSign(network, entries, { from: 2 });
    const wrong: unknown[] = [
      { ...proof, verdicts: judged.verdicts },
      { ...proof, note: judged.note.replace('\n9\n', '\n8\n') },
      { ...proof, entries: proof.entries.with(0, word('put in')) },
      { ...proof, from: 1 },
      { ...proof, peaks: [] },
      { ...proof, peaks: [word('x')] },
      { ...proof, log: 'care/insurer' },
      { peaks },
      null,
    ];
    for (const altered of wrong) {
      const examine = (): unknown => examineUnjudged(context, altered as UnjudgedProof);
      assert.throws(examine, failsWith('EVIDENCE_INVALID'));
    }
  });

  it('does not count what does not cover it, or is not a verdict of a coordinator', async () => {
    const request = askToSign(network, entries, { judges: ['hospital'] });
    const [good] = request.verdicts;
    assert.ok(good);
    const other = (options: Parameters<typeof askToSign>[2]): PlacedVerdict => {
      const [verdict] = askToSign(network, entries, { judges: ['insurer'], ...options }).verdicts;
      assert.ok(verdict);
      return verdict;
    };
    const elsewhere = logOf(network.file, 'care/insurer').log.id;
    const byNobody = { ...other({}), coordinator: signatory('nobody').address };
    const wrong: PlacedVerdict[] = [
      good,
      { ...good, coordinator: other({}).coordinator },
      byNobody,
      { ...other({}), signature: good.signature },
      { ...other({}), from: 1 },
      { ...other({}), from: 9 },
      other({ verdict: { size: 8 } }),
      other({ verdict: { size: 1e9 } }),
      other({ verdict: { root: word('other') } }),
      other({ verdict: { log: elsewhere } }),
      other({ verdict: { kind: 'views' } }),
      other({ verdict: { kind: 'constructor' as 'views' } }),
      other({ verdict: { includeBy: 1 } }),
      { ...other({}), part: { index: 0, proof: [] } },
      { ...other({}), verdict: null as never },
    ];
    for (const [place, verdict] of wrong.entries()) {
      const asked = coordinator.signCheckpoint({ ...request, verdicts: [good, verdict] });
      await assert.rejects(asked, failsWith(unjudged), `verdict ${place}`);
    }
    assert.equal(network.failures.splice(0).length, wrong.length);
    const verdicts = [good, other({})];
    assert.equal(await signer({ ...request, verdicts }), own());
  });

  it('takes the proof where only some of what was judged together is there, and for no other entry', async () => {
    const { primitives } = network.ports;
    const together = [word('left out'), ...entries.slice(0, 2)];
    const tree = memoryTree(primitives, together.map(leaf));
    const { verdicts } = askToSign(network, together, { judges: ['hospital', 'insurer'] });
    const parts: PlacedVerdict[] = [];
    for (const [place, index] of [
      [0, 1],
      [1, 2],
    ] as const) {
      const proof = await inclusionProof(primitives, tree.readHash, index, 3);
      const part = { index, proof: proof.map(bytesToHex) };
      parts.push(...verdicts.map((each) => ({ ...each, from: place, part })));
    }
    const request = askToSign(network, entries, { size: 2 });
    const crossed = parts.map((each) => ({ ...each, from: 1 - each.from }));
    await assert.rejects(
      coordinator.signCheckpoint({ ...request, verdicts: crossed }),
      failsWith(unjudged),
    );
    network.failures.length = 0;
    assert.equal(await signer({ ...request, verdicts: parts }), own());
  });

  it('looks at no verdict of strangers, and at few that do not hold', async () => {
    const { primitives } = network.ports;
    let verified = 0;
    const counting = {
      domain: domainOf(network.file),
      network: network.file,
      primitives: {
        ...primitives,
        recover: (...values: Parameters<typeof primitives.recover>) => {
          verified += 1;
          return primitives.recover(...values);
        },
      },
    };
    const many = Array.from({ length: 100 }, (_, n) => word(`many ${n}`));
    const request = askToSign(network, many, { judges: ['hospital'] });
    const [own] = request.verdicts;
    const [good] = askToSign(network, many, { judges: ['insurer'] }).verdicts;
    assert.ok(own && good);
    const leaves = many.map(leaf);
    const part = { index: 0, proof: [] };
    const kinds: [string, (place: number) => PlacedVerdict, number][] = [
      ['of nobody', () => ({ ...good, coordinator: signatory('nobody').address }), 2],
      ['that do not hold', () => ({ ...good, signature: own.signature }), 13],
      ['that cover nothing', (from) => ({ ...good, from, part }), 1],
      ['that are there already', () => own, 2],
    ];
    for (const [what, make, most] of kinds) {
      verified = 0;
      const false20000 = Array.from({ length: 20_000 }, (_, place) => make(place % 100));
      const verdicts = [own, ...false20000, good];
      const judging = (): void =>
        requireJudged(counting, { ...request, verdicts }, { leaves, isOwn: () => false });
      if (most === 2) judging();
      else assert.throws(judging, failsWith(unjudged));
      assert.equal(verified, most, what);
    }
  });

  it('looks at verdicts that overlap for no longer than honest ones can take', () => {
    const context = { ...network.ports, domain: domainOf(network.file), network: network.file };
    const many = Array.from({ length: 120 }, (_, n) => word(`many ${n}`));
    const nested = many.map((_, place): PlacedVerdict => {
      const shown = many.slice(0, place + 1);
      return askToSign(network, shown, { judges: ['hospital'] }).verdicts[0] ?? assert.fail();
    });
    const { verdicts, ...request } = askToSign(network, many, { judges: ['hospital', 'insurer'] });
    const judge = (each: readonly PlacedVerdict[]): void => {
      const options = { leaves: many.map(leaf), isOwn: () => false };
      requireJudged(context, { ...request, verdicts: each }, options);
    };
    assert.throws(() => judge([...nested, ...verdicts]), failsWith(unjudged));
    judge([...nested.slice(0, 9), ...verdicts]);
    judge([...verdicts, ...nested]);
  });

  it('takes no more verdicts than each coordinator can have given of each entry', async () => {
    const request = askToSign(network, entries, { judges: ['hospital'] });
    const [verdict] = request.verdicts;
    assert.ok(verdict);
    const verdicts = Array.from({ length: 3 * entries.length + 1 }, () => verdict);
    for (const ask of ['signCheckpoint', 'show'] as const) {
      await assert.rejects(
        coordinator[ask]({ ...request, verdicts }),
        failsWith('REQUEST_TOO_LARGE', { what: 'array of verdicts', limit: 27 }),
      );
    }
    const { verdicts: sound } = askToSign(network, entries);
    const most = [...verdicts.slice(0, 24), ...sound];
    assert.equal(await signer({ ...request, verdicts: most }), own());
  });

  it('lets others have their turn while it verifies', async () => {
    const many = Array.from({ length: 400 }, (_, n) => word(`many ${n}`));
    const { primitives } = network.ports;
    const { verdicts } = askToSign(network, many, { judges: ['hospital', 'insurer'] });
    const tree = memoryTree(primitives, many.map(leaf));
    const parts: PlacedVerdict[] = [];
    for (const index of many.keys()) {
      const proof = await inclusionProof(primitives, tree.readHash, index, many.length);
      const part = { index, proof: proof.map(bytesToHex) };
      parts.push(...verdicts.map((each) => ({ ...each, from: index, part })));
    }
    let turns = 0;
    const asked = signer({ ...askToSign(network, many), verdicts: parts });
    while ((await Promise.race([asked, turn()])) === 'turn') turns += 1;
    assert.equal(await asked, own());
    assert.ok(turns > 80, `${turns} turns`);
  });

  it('takes no more than 4,096 at a time', async () => {
    const many = Array.from({ length: 4097 }, (_, n) => word(`many ${n}`));
    const request = askToSign(network, many, { judges: [] });
    await assert.rejects(coordinator.signCheckpoint(request), failsWith('REQUEST_TOO_LARGE'));
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

function unjudgedAt(index: number, entry: Bytes32) {
  return { code: 'ENTRY_UNJUDGED', values: { log: LOG, index, entry, got: 0, needed: 2 } } as const;
}

function leaf(entry: Bytes32): Uint8Array {
  return leafHash(network.ports.primitives, hexToBytes(entry));
}

function pick({ from, entries: shown, verdicts }: CheckpointRequest): Partial<CheckpointRequest> {
  return { from, entries: shown, verdicts };
}

/** After everything that needs no more time. */
async function turn(): Promise<'turn'> {
  return await new Promise((resolve) => {
    setImmediate(resolve, 'turn');
  });
}
