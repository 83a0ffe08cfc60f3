import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { commitEpochs } from '../../client/epochs/commitEpochs.ts';
import type { Party } from '../../client/party/Party.ts';
import { LevelDatabase } from '../../database/LevelDatabase.ts';
import type { Organisation } from '../../protocol/ids.ts';
import type { OperatorIndex, OperatorState } from '../../protocol/operator/OperatorPort.ts';
import { ChannelNodes, until } from '../test/ChannelNodes.ts';
import { temporaryFolder } from '../test/runMedseal.ts';

/** Indexes of the ledger that nodes in processes of their own compare, by commands. */

const INSIDE = ['hospital', 'laboratory', 'insurer'] as const;
/** Blocks between two digests. */
const EVERY = 32;
const ends: (() => unknown)[] = [];
const suite = { after: (end: () => unknown) => void ends.push(end) };
let nodes: ChannelNodes;
let patient: Party;
let epochs = 2;

before(async () => {
  nodes = await ChannelNodes.start(suite, await temporaryFolder(suite), INSIDE);
  patient = await nodes.patient('hospital');
});
after(async () => {
  for (const end of ends.toReversed()) await end();
});

async function stateOf(name: Organisation): Promise<OperatorState> {
  const { stdout } = await nodes.run('node', 'status', '--data', nodes.data(name), '--json');
  return JSON.parse(stdout) as OperatorState;
}

/** Makes blocks until a node has compared its index with those of the others at a later one than a given block. */
async function comparedAfter(block: number, name: Organisation): Promise<OperatorIndex> {
  let { index, ledger } = await stateOf(name);
  const due = block + EVERY;
  while ((ledger?.block ?? 0) < due) {
    // A command takes longer than a block.
    for (let made = 0; made < 4; made++) await commitEpochs(patient, ++epochs);
    ({ ledger } = await stateOf(name));
  }
  await until(`${name} compares its index`, async () => {
    ({ index } = await stateOf(name));
    const { compared = [] } = index ?? {};
    return compared.length === 2 && compared.every((each) => each.block >= due);
  });
  return index ?? assert.fail();
}

/** Tells of each other organisation whether it has the same index. */
function samesIn({ compared }: OperatorIndex): Readonly<Record<string, boolean>> {
  return Object.fromEntries(compared.map(({ organisation, same }) => [organisation, same]));
}

describe('indexes of the ledger at nodes of three organisations', () => {
  let compared = 0;

  it('are the same, and each node says so of the others with the block', async () => {
    const { ledger } = await stateOf('hospital');
    const begun = Math.floor((ledger?.block ?? 0) / EVERY) * EVERY;
    const index = await comparedAfter(begun, 'hospital');
    assert.deepEqual(samesIn(index), { laboratory: true, insurer: true });
    compared = index.newest?.block ?? assert.fail();
    const shown = await nodes.run('node', 'status', '--data', nodes.data('hospital'));
    assert.match(shown.stdout, /the same as that of laboratory at block \d+/);
  });

  it('differ once a row was altered in a stopped folder: each node names that one, and all go on', async () => {
    await nodes.node('laboratory').stop();
    const rows = new LevelDatabase(join(nodes.data('laboratory'), 'node/ledger/index'));
    const [key = assert.fail()] = await rows.keys({ gte: 'enrolment/', limit: 1 }).all();
    await rows.put(key, '{"block":1}');
    await rows.close();
    await nodes.up('laboratory');
    const index = await comparedAfter(compared, 'hospital');
    assert.deepEqual(samesIn(index), { laboratory: false, insurer: true });
    compared = index.newest?.block ?? assert.fail();
    const own = await comparedAfter(compared - EVERY, 'laboratory');
    assert.deepEqual(samesIn(own), { hospital: false, insurer: false });
    assert.equal((await stateOf('hospital')).ready, true);
    const shown = await nodes.run('node', 'status', '--data', nodes.data('laboratory'));
    assert.match(shown.stdout, /delete node.ledger.index in its folder/);
  });

  it('are the same again after the one that stood alone was rebuilt', async () => {
    await nodes.node('laboratory').stop();
    await rm(join(nodes.data('laboratory'), 'node/ledger/index'), { recursive: true });
    await nodes.up('laboratory');
    const index = await comparedAfter(compared, 'hospital');
    assert.deepEqual(samesIn(index), { laboratory: true, insurer: true });
  });
});
