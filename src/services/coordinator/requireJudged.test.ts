import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { bytesToHex, hexToBytes } from '../../crypto/bytes.ts';
import { inclusionProof } from '../../crypto/merkle/inclusionProof.ts';
import { leafHash } from '../../crypto/merkle/leafHash.ts';
import { memoryTree } from '../../crypto/merkle/memoryTree.ts';
import { parseCheckpoint } from '../../crypto/note/checkpoint.ts';
import { openNote } from '../../crypto/note/openNote.ts';
import { startTestNetwork, type TestNetwork } from '../../node/test/testNetwork.ts';
import { domainOf } from '../../protocol/struct/domainOf.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import { logOf } from '../../protocol/network/networkLookups.ts';
import { signerOf } from '../../protocol/struct/signing.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { signatory, word } from '../../protocol/test/sampleNetwork.ts';
import type { CheckpointRequest, CoordinatorPort, PlacedVerdict } from '../ports.ts';
import type { UnjudgedProof } from './coordinatorRows.ts';
import { examineUnjudged } from './examineUnjudged.ts';
import { requireJudged } from './requireJudged.ts';
import { askToSign } from '../test/askToSign.ts';

const LOG = 'care/hospital';
const entries = Array.from({ length: 9 }, (_, n) => word(`entry ${n}`));

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

  // @attack an organisation shows 20,000 verdicts that do not hold, which stops a coordinator for seconds | members' verdicts only, 16 that do not hold at most, in slices
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

  // @attack an organisation signs verdicts over ever longer arrays, each of which costs as much as it covers | they may cover all entries four times
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

function leaf(entry: Bytes32): Uint8Array {
  return leafHash(network.ports.primitives, hexToBytes(entry));
}

/** After everything that needs no more time. */
async function turn(): Promise<'turn'> {
  return await new Promise((resolve) => {
    setImmediate(resolve, 'turn');
  });
}
