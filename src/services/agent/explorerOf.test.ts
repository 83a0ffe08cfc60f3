import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { hexToBytes } from '../../crypto/bytes.ts';
import { leafHash } from '../../crypto/merkle/leafHash.ts';
import { verifyConsistency } from '../../crypto/merkle/verifyConsistency.ts';
import { verifyInclusion } from '../../crypto/merkle/verifyInclusion.ts';
import { submissionOf, viewOf } from '../../node/test/requests.ts';
import { startCare, startTestNetwork, type TestNetwork } from '../../node/test/testNetwork.ts';
import type { AgentPort } from '../../protocol/AgentPort.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';

const LOG = 'care/hospital';
const ENTRIES = 300;

describe('an agent that is looked around at', () => {
  let network: TestNetwork;
  let agent: AgentPort;
  before(async () => {
    network = await startTestNetwork({ cared: true });
    const care = await startCare(network);
    agent = network.agent();
    const view = async (count: number): Promise<void> => {
      const views = Array.from({ length: count }, () => viewOf(care));
      await agent.submit(views.map((each) => submissionOf(care, 'View', each)));
      await network.checkpoint();
    };
    await view(1);
    await view(1);
    await view(ENTRIES - 2);
  });
  after(async () => await network.close());

  it('lists the checkpoints of a log, each of more entries than the one before', async () => {
    const all = await agent.checkpoints({ log: LOG, from: 0 });
    const sizes = all.map(({ checkpoint }) => checkpoint.size);
    assert.deepEqual(
      sizes.toSorted((a, b) => a - b),
      sizes,
    );
    assert.equal(sizes.at(-1), ENTRIES);
    assert.equal(all.length, 3);
    const later = await agent.checkpoints({ log: LOG, from: sizes[0] ?? 0 });
    assert.deepEqual(later, all.slice(1));
    assert.deepEqual(await agent.checkpoints({ log: LOG, from: ENTRIES }), []);
    assert.deepEqual(await agent.checkpoints({ log: LOG, from: 1_000_000 }), []);
  });

  it('lists the entries of a log, page by page, with nothing but the entry', async () => {
    const first = await agent.entries({ log: LOG, from: 0 });
    const rest = await agent.entries({ log: LOG, from: first.length });
    assert.deepEqual([first.length, rest.length], [256, ENTRIES - 256]);
    for (const [place, each] of [...first, ...rest].entries()) {
      assert.deepEqual(Object.keys(each).toSorted(), ['entry', 'index']);
      assert.equal(each.index, place);
    }
    assert.deepEqual(await agent.entries({ log: LOG, from: ENTRIES }), []);
  });

  it('proves that entries stand in trees, and that trees extend each other', async () => {
    const { primitives } = network.ports;
    for (const [index, size] of [
      [0, 1],
      [0, ENTRIES],
      [ENTRIES - 1, ENTRIES],
      [7, 130],
    ] as const) {
      const { entry, root, proof } = await agent.inclusion({ log: LOG, index, size });
      const leaf = leafHash(primitives, hexToBytes(entry));
      const sound = verifyInclusion(primitives, {
        index,
        size,
        leaf,
        proof: proof.map(hexToBytes),
        root: hexToBytes(root),
      });
      assert.ok(sound, `${index} of ${size}`);
    }
    const [from, to] = [100, ENTRIES];
    const { before: old, after: now, proof } = await agent.consistency({ log: LOG, from, to });
    const grown = {
      first: from,
      second: to,
      firstRoot: hexToBytes(old),
      secondRoot: hexToBytes(now),
      proof: proof.map(hexToBytes),
    };
    assert.ok(verifyConsistency(primitives, grown));
  });

  it('shows the ledger’s blocks in their order, with the events of the contracts', async () => {
    const blocks = await agent.blocks({ from: 0 });
    for (const [place, { number, parent }] of blocks.entries()) {
      assert.equal(number, place);
      if (place > 0) assert.equal(parent, blocks[place - 1]?.hash);
    }
    const events = blocks.flatMap((block) => block.events);
    const kinds = new Set(events.map(({ kind }) => kind));
    for (const kind of ['Enrolled', 'EpochsCommitted', 'Granted', 'Checkpointed']) {
      assert.ok(kinds.has(kind), kind);
    }
    const checkpointed = events.findLast(({ kind }) => kind === 'Checkpointed');
    assert.equal(checkpointed?.values['size'], ENTRIES);
    const transactions = new Set(blocks.flatMap((block) => block.transactions));
    assert.ok(events.every(({ transaction }) => transactions.has(transaction)));
    assert.deepEqual(await agent.blocks({ from: 1_000_000 }), []);
  });

  it('says that it is not there where a log, an entry or a tree is not', async () => {
    const wrong = [
      agent.entries({ log: 'care/nobody', from: 0 }),
      agent.checkpoints({ log: 'care/nobody', from: 0 }),
      agent.inclusion({ log: LOG, index: ENTRIES, size: ENTRIES }),
      agent.inclusion({ log: LOG, index: 5, size: 5 }),
      agent.inclusion({ log: LOG, index: 0, size: ENTRIES + 1 }),
      agent.consistency({ log: LOG, from: 1, to: ENTRIES + 1 }),
      agent.consistency({ log: LOG, from: 7, to: 6 }),
    ];
    for (const each of wrong) await assert.rejects(each, failsWith('NOT_FOUND'));
  });
});
