import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { bytesToHex, hexToBytes } from '../../crypto/bytes.ts';
import { submissionOf, viewOf } from '../../node/test/requests.ts';
import {
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import { isPending } from '../../protocol/rights/isPending.ts';
import type { EntryProof } from '../../protocol/evidence/evidence.ts';
import { domainOf } from '../../protocol/struct/domainOf.ts';
import { copyWitness } from '../witness/copyWitness.ts';
import {
  examineLog,
  type ExaminationContext,
  type ExaminedLog,
  type LogSource,
} from './examineLog.ts';
import { agentLedger } from '../agent/agentLedger.ts';
import { ledgerWitness } from '../witness/ledgerWitness.ts';
import { forgedLog } from '../test/forgedLog.ts';
import { lyingTo } from '../test/lyingTo.ts';

const LOG = 'care/hospital';

let network: TestNetwork;
let care: Care;
let context: ExaminationContext;
/** The hospital's node. */
let node: LogSource;
/** The real log's. */
let entries: Uint8Array[];

before(async () => {
  network = await startTestNetwork({ cared: true });
  care = await startCare(network);
  const { clock, agent } = lyingTo(network, care.doctor, {});
  context = { ...network.ports, clock, domain: domainOf(network.file), network: network.file };
  node = agent;
  for (const count of [2, 255, 3]) {
    await agent.submit(
      Array.from({ length: count }, () => submissionOf(care, 'View', viewOf(care))),
    );
    await network.checkpoint();
  }
  entries = [];
  for (const [index, width] of [
    [0, 256],
    [1, 4],
  ] as const) {
    const bundle = hexToBytes(await node.tile({ log: LOG, level: 'entries', index, width }));
    for (let row = 0; row < bundle.length; row += 34) entries.push(bundle.slice(row + 2, row + 34));
  }
});

after(async () => {
  await network.close();
});

/** Pages ask an agent for the ledger, which answers a few methods. */
const witnesses = () => [
  ledgerWitness(network.file, agentLedger(network.agent()), LOG),
  copyWitness(context, 'insurer', network.agent('insurer'), LOG),
];

async function examined(lies: Partial<LogSource>, by = witnesses()): Promise<ExaminedLog> {
  return await examineLog(context, { ...methodsOf(node), ...lies }, LOG, by);
}

function methodsOf(source: LogSource): LogSource {
  return {
    receipt: async (query) => await source.receipt(query),
    tile: async (query) => await source.tile(query),
    checkpoint: async (log) => await source.checkpoint(log),
  };
}

describe('examineLog', () => {
  it('reads every entry and tile, and finds no faults in roots and signatures', async () => {
    const found = await examined({});
    const { root } = await node.checkpoint(LOG);
    assert.deepEqual(found, {
      log: LOG,
      entries: 260,
      root,
      checkpoints: 3,
      witnesses: ['the ledger', 'insurer'],
      faults: [],
      unchecked: [],
    });
  });

  it('reads a log without entries', async () => {
    const empty = await examineLog(context, node, 'care/insurer', [
      ledgerWitness(network.file, agentLedger(network.agent()), 'care/insurer'),
      copyWitness(context, 'laboratory', network.agent('laboratory'), 'care/insurer'),
    ]);
    const { entries: count, checkpoints, faults, unchecked } = empty;
    assert.deepEqual([count, checkpoints, faults, unchecked], [0, 0, [], []]);
    assert.equal(empty.root, '0xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  });

  for (const [level, index] of [
    ['entries', 0],
    ['entries', 1],
    [0, 0],
    [0, 1],
    [1, 0],
  ] as const) {
    it(`names the tile where one bit of tile/${level}/${index} was changed`, async () => {
      const { faults } = await examined({
        tile: async (query) => {
          const bytes = hexToBytes(await node.tile(query));
          if (query.level !== level || query.index !== index) return bytesToHex(bytes);
          return bytesToHex(bytes.with(20, (bytes[20] ?? 0) ^ 1));
        },
      });
      const path = `tile/${level === 'entries' ? 0 : level}/00${index}`;
      assert.ok(
        faults.some((fault) => fault.includes(path)),
        faults.join('\n'),
      );
    });
  }

  it('names a bundle of entries that is cut off, or of another length', async () => {
    for (const change of [
      (text: string) => text.slice(0, -2),
      (text: string) => text.replace('0x0020', '0x0021'),
    ]) {
      const { faults } = await examined({
        tile: async (query) => {
          const bytes = await node.tile(query);
          return query.level === 'entries' ? (change(bytes) as typeof bytes) : bytes;
        },
      });
      assert.deepEqual(faults, [`${LOG}: tile/entries/000 does not have 256 entries`]);
    }
  });

  // @peer Uzima: a proof was what somebody said of it | each proof is computed
  it('names a checkpoint whose root, signature or place on the ledger was altered', async () => {
    const { root } = await node.checkpoint(LOG);
    const altered: [RegExp, (proof: EntryProof) => unknown][] = [
      [
        /checkpoint of 2: the note says another size or root/,
        (proof) => ({ ...proof, checkpoint: { ...proof.checkpoint, root } }),
      ],
      [
        /checkpoint of 2: too few coordinators/,
        (proof) => ({ ...proof, checkpoint: { ...proof.checkpoint, signatures: [] } }),
      ],
      [
        /checkpoint of 2: the log signed another place/,
        (proof) => ({ ...proof, ledger: { ...proof.ledger, block: 1 } }),
      ],
    ];
    for (const [reason, change] of altered) {
      const { faults } = await examined({
        receipt: async (query) => {
          const proof = await node.receipt(query);
          if (isPending(proof) || query.index !== 0) return proof;
          return change(proof) as typeof proof;
        },
      });
      assert.match(faults.join('\n'), reason);
    }
  });

  it('notices a log that was rewritten and signed again, by the ledger and by a copy', async () => {
    const rewritten = entries.with(7, network.ports.random(32));
    const forgery = forgedLog(network, LOG, rewritten, [2, 257, 260]);
    assert.deepEqual((await examined(forgery, [])).faults, [], 'it is whole in itself');
    const { faults } = await examined(forgery);
    assert.match(faults.join('\n'), /the ledger holds another history, of 257 entries/);
    assert.match(faults.join('\n'), /insurer shows another history, of 260 entries: a split view/);
  });

  it('notices an old state that is served as the newest, and a checkpoint that is hidden', async () => {
    const old = forgedLog(network, LOG, entries.slice(0, 257), [2, 257]);
    const { faults } = await examined(old);
    assert.match(faults.join('\n'), /the ledger holds 260 entries, the node serves 257/);
    assert.match(faults.join('\n'), /insurer has 260 entries, the node serves 257/);
    const hiding = forgedLog(network, LOG, entries, [257, 260]);
    assert.match(
      (await examined(hiding)).faults.join('\n'),
      /a checkpoint that the node hides, of 2 entries/,
    );
  });

  it('notices a newest checkpoint that is not of the log that it tells', async () => {
    const other = forgedLog(network, LOG, entries.with(0, network.ports.random(32)));
    const { faults } = await examined(
      { checkpoint: async (log) => await other.checkpoint(log) },
      [],
    );
    assert.deepEqual(faults, [
      `${LOG}: the checkpoint that is served as the newest is of another history`,
    ]);
  });

  it('says which copy it could not ask', async () => {
    const away = {
      checkpoint: async () => await network.agent('insurer').checkpoint('care/nobody'),
    };
    const { faults, unchecked } = await examined({}, [copyWitness(context, 'insurer', away, LOG)]);
    assert.deepEqual(faults, []);
    assert.deepEqual(unchecked, [`${LOG}: the copy of insurer: There is no such log.`]);
  });
});
