import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { bytesToHex, hexToBytes } from '../../crypto/bytes.ts';
import { viewOf, submissionOf } from '../../node/test/requests.ts';
import { memoryDevice } from '../party/memoryDevice.ts';
import {
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import type { AgentPort, TileQuery } from '../../protocol/AgentPort.ts';
import type { SignedCheckpoint } from '../../protocol/evidence/evidence.ts';
import { confirmCheckpoint } from './confirmCheckpoint.ts';
import type { LogSource } from '../audit/examineLog.ts';
import type { Party } from '../party/Party.ts';
import { forgedLog } from '../test/forgedLog.ts';
import { lyingTo } from '../test/lyingTo.ts';

const LOG = 'care/hospital';

let network: TestNetwork;
let care: Care;
/** The real log's, from the first. */
let entries: Uint8Array[];
/** Checkpoints of 3 and of 300 entries. */
let small: SignedCheckpoint;
let large: SignedCheckpoint;

before(async () => {
  network = await startTestNetwork({ cared: true });
  care = await startCare(network);
  const { agent } = care.doctor;
  small = await grow(3);
  large = await grow(297);
  assert.deepEqual([small.size, large.size], [3, 300]);
  entries = [];
  for (const [index, width] of [
    [0, 256],
    [1, 44],
  ] as const) {
    const bundle = hexToBytes(await agent.tile({ log: LOG, level: 'entries', index, width }));
    for (let row = 0; row < bundle.length; row += 34) entries.push(bundle.slice(row + 2, row + 34));
  }
});

/** Lets the log grow, and checkpoints it. */
async function grow(count: number): Promise<SignedCheckpoint> {
  const { agent } = care.doctor;
  await agent.submit(Array.from({ length: count }, () => submissionOf(care, 'View', viewOf(care))));
  await network.checkpoint();
  return await agent.checkpoint(LOG);
}

after(async () => {
  await network.close();
});

/** Makes the log of an administrator that has all coordinators on its side. */
function forged(entries: readonly Uint8Array[]): LogSource {
  return forgedLog(network, LOG, entries);
}

function at(checkpoint: SignedCheckpoint): Partial<AgentPort> {
  return { checkpoint: async () => await Promise.resolve(checkpoint) };
}

/** A tile with its last bit turned. */
async function changedTile(query: TileQuery): Promise<`0x${string}`> {
  const tile = hexToBytes(await care.patient.agent.tile(query));
  const last = tile.length - 1;
  return bytesToHex(tile.with(last, (tile[last] ?? 0) ^ 1));
}

describe('confirmCheckpoint', () => {
  /** A device that has seen nothing yet. */
  let visitor: Party;
  beforeEach(() => {
    visitor = { ...care.patient, device: memoryDevice() };
  });

  const served = async (lies: Partial<AgentPort>, options = {}): Promise<SignedCheckpoint> =>
    await confirmCheckpoint(lyingTo(network, visitor, lies), LOG, options);
  const refused = async (lies: Partial<AgentPort>, reason: RegExp, options = {}): Promise<void> => {
    await assert.rejects(served(lies, options), (error: Error) => {
      assert.match(error.message, reason);
      return 'code' in error && error.code === 'EVIDENCE_INVALID';
    });
  };

  it('follows a log as it grows, by proofs from its tiles', async () => {
    assert.equal((await served(at(small))).size, 3);
    assert.deepEqual(await served({}), large);
    assert.deepEqual(await served({}), large);
    assert.deepEqual(await confirmCheckpoint(visitor, LOG, { ledger: network.ledger }), large);
  });

  it('notices an old checkpoint that is served as new: by this device, the ledger', async () => {
    await refused(at(small), /the ledger holds 300 entries of the log, and the node serves 3/, {
      ledger: network.ledger,
    });
    await served({});
    await refused(at(small), /this device saw 300 entries of the log, and the node serves 3/);
  });

  it('is waited for while a node has yet to keep what it brought to the ledger', async () => {
    const begin = network.clock.now();
    const restarted = async (): Promise<SignedCheckpoint> =>
      await Promise.resolve(network.clock.now() < begin + 15_000 ? small : large);
    const options = { ledger: network.ledger };
    assert.equal((await served({ checkpoint: restarted }, options)).size, 300);
    visitor = { ...visitor, device: memoryDevice() };
    await refused(at(small), /the ledger holds 300 entries/, options);
    const waited = network.clock.now() - begin;
    assert.ok(waited > 30_000 && waited < 60_000, `${waited} ms`);
  });

  it('is waited for as long as it was promised, and no longer', async () => {
    const begin = network.clock.now();
    let asked = 0;
    const awaited = { size: 11, until: begin / 1000 + 70, onWait: () => (asked += 1) };
    const late = async (): Promise<SignedCheckpoint> =>
      await Promise.resolve(network.clock.now() < begin + 30_000 ? small : large);
    assert.equal((await served({ checkpoint: late }, { awaited })).size, 300);
    // Every four seconds at the most, and more often at first.
    assert.ok(asked >= 30 / 4 && asked < 30, `${asked} times`);
    visitor = { ...visitor, device: memoryDevice() };
    assert.equal((await served(at(small), { awaited })).size, 3);
    const waited = network.clock.now() - begin;
    assert.ok(waited > 70_000 && waited < 80_000, `${waited} ms`);
  });

  it('notices a log that shrank and was signed again', async () => {
    await served({});
    await refused(forged(entries.slice(0, 200)), /this device saw 300 entries/);
  });

  it('notices a leaf that was rewritten, though all coordinators signed it', async () => {
    await served(at(small));
    const rewritten = entries.with(1, network.ports.random(32));
    await refused(forged(rewritten), /this device saw another history of the log, of 3 entries/);
  });

  it('notices two histories: the one that it saw, the one that the ledger holds', async () => {
    const other = forged(entries.with(299, network.ports.random(32)));
    await refused(other, /the ledger holds another history of the log, of 300 entries/, {
      ledger: network.ledger,
    });
    assert.equal((await served(other)).size, 300, 'alone, a device that saw nothing cannot know');
    await refused({}, /this device saw another history of the log, of 300 entries/);
  });

  it('does not believe tiles that do not make up the checkpoint', async () => {
    await served(at(small));
    await refused({ tile: changedTile }, /another history/);
    for (const bytes of ['0x', '0x00', `0x${'00'.repeat(32 * 300)}`] as const) {
      await assert.rejects(served({ tile: async () => await Promise.resolve(bytes) }), {
        code: 'PEER_MALFORMED',
      });
    }
  });

  it('refuses what coordinators did not sign, or signed for another log', async () => {
    await refused(at({ ...large, signatures: [] }), /too few coordinators/);
    await refused(at({ ...large, log: 'care/insurer' }), /another log/);
  });
});
