import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bytesToHex, hexToBytes } from '../../../../src/crypto/bytes.ts';
import { consistencyProof } from '../../../../src/crypto/merkle/consistencyProof.ts';
import { leafHash } from '../../../../src/crypto/merkle/leafHash.ts';
import { memoryTree } from '../../../../src/crypto/merkle/memoryTree.ts';
import { MedsealError } from '../../../../src/errors/MedsealError.ts';
import type { SignedCheckpoint } from '../../../../src/protocol/evidence/evidence.ts';
import { ZERO32 } from '../../../../src/protocol/ids.ts';
import { checkpointOf, LOG } from '../../../../src/protocol/test/sampleEvidence.ts';
import { network, primitives, word } from '../../../../src/protocol/test/sampleNetwork.ts';
import {
  compareCopies,
  verdictOf,
  type CopySource,
  type LogCompared,
  type LogCopy,
} from './compareCopies.ts';

const entries = ['a', 'b', 'c', 'd', 'e'].map((name) => word(name));
const others = ['a', 'b', 'x'].map((name) => word(name));
const absent = new MedsealError('NOT_YET', { what: 'checkpoint' });

/** An agent that serves a checkpoint of the hospital's log, and proofs of the log with all entries. */
function serving(
  checkpoint: SignedCheckpoint | Error,
  consistency?: CopySource['consistency'],
): CopySource {
  return {
    async checkpoint(log) {
      if (log !== LOG) throw absent;
      if (checkpoint instanceof Error) throw checkpoint;
      return await Promise.resolve(checkpoint);
    },
    async consistency(query) {
      if (consistency !== undefined) return await consistency(query);
      const { from, to } = query;
      const leaves = entries.map((entry) => leafHash(primitives, hexToBytes(entry)));
      const { readHash } = memoryTree(primitives, leaves);
      const proof = await consistencyProof(primitives, readHash, from, to);
      return { before: ZERO32, after: ZERO32, proof: proof.map((hash) => bytesToHex(hash)) };
    },
  };
}

const whole = checkpointOf(entries);

/** Returns the finding about the laboratory, next to a hospital that serves all entries. */
async function found(checkpoint: SignedCheckpoint | Error): Promise<LogCopy | undefined> {
  const sources = new Map([
    ['hospital', serving(whole)],
    ['laboratory', serving(checkpoint)],
  ]);
  const [log] = await compareCopies(primitives, network, sources);
  assert.deepEqual([log?.log, log?.size], [LOG, 5]);
  assert.deepEqual(log?.copies[0], { at: 'hospital', state: 'newest', size: 5 });
  return log?.copies[1];
}

describe('the copies of a log at several organisations', () => {
  it('are alike, or one is behind by what it lacks', async () => {
    const at = 'laboratory';
    assert.deepEqual(await found(whole), { at, state: 'newest', size: 5 });
    const shorter = checkpointOf(entries.slice(0, 3));
    assert.deepEqual(await found(shorter), { at, state: 'behind', size: 3, missing: 2 });
  });

  it('is behind by everything if it has no checkpoint yet', async () => {
    const missing = entries.length;
    const copy = { at: 'laboratory', state: 'behind', size: 0, missing };
    assert.deepEqual(await found(absent), copy);
  });

  it('both differ if both are signed and of one size, and nobody else is blamed', async () => {
    const rival = checkpointOf([...entries].reverse());
    const shorter = checkpointOf(entries.slice(0, 3));
    const [log] = await compareCopies(
      primitives,
      network,
      new Map([
        ['hospital', serving(whole)],
        ['laboratory', serving(rival)],
        ['insurer', serving(shorter)],
      ]),
    );
    assert.deepEqual(
      log?.copies.map(({ state }) => state),
      ['differs', 'differs', 'behind'],
    );
  });

  // @attack the organisation with the longest log gives false proofs, so that the others look guilty | any may prove it, and only two signed roots of one size are a difference
  it('are not blamed for a proof that the longest denies, falsifies or garbles, if another gives it', async () => {
    const shorter = checkpointOf(entries.slice(0, 3));
    for (const proof of [
      async () => await Promise.reject(new MedsealError('NOT_FOUND', { what: 'proof' })),
      async () => await Promise.resolve({ before: ZERO32, after: ZERO32, proof: [word('false')] }),
      async () => await Promise.resolve({ before: ZERO32, after: ZERO32, proof: ['0xzz'] }),
      async () => await Promise.resolve({}),
    ]) {
      const lie = proof as unknown as CopySource['consistency'];
      const lying = serving(whole, lie);
      const sources = [
        ['hospital', lying],
        ['laboratory', serving(shorter)],
      ] as const;
      const [log] = await compareCopies(primitives, network, new Map(sources));
      const copy = { at: 'laboratory', state: 'behind', size: 3, missing: 2 };
      assert.deepEqual(log?.copies[1], copy);
      const alone = new Map([
        ...sources.slice(0, 1),
        ['laboratory', serving(shorter, lie)],
      ] as const);
      const [unproven] = await compareCopies(primitives, network, alone);
      assert.deepEqual(unproven?.copies[1], { at: 'laboratory', state: 'unproven' });
    }
  });

  it('count the coordinators whose signatures hold', async () => {
    const [log] = await compareCopies(primitives, network, new Map([['hospital', serving(whole)]]));
    assert.equal(log?.signers, whole.signatures.length);
  });

  for (const [what, state, checkpoint] of [
    ['nobody proves to be the beginning of the longest', 'unproven', checkpointOf(others)],
    ['has another root than was signed', 'invalid', { ...whole, root: word('root') }],
    ['says that it is longer than was signed', 'invalid', { ...whole, size: 9 }],
    ['is signed by too few', 'invalid', { ...whole, signatures: [] }],
    ['is of another log', 'invalid', { ...whole, log: 'care/insurer' }],
    ['does not answer', 'silent', new MedsealError('PEER_UNREACHABLE', { peer: 'laboratory' })],
  ] as const) {
    it(`show one that ${what}: ${state}`, async () => {
      assert.deepEqual(await found(checkpoint), { at: 'laboratory', state });
    });
  }

  it('ask nothing of an organisation that keeps no copy', async () => {
    const sources = new Map([['stranger', serving(whole)]]);
    const [log] = await compareCopies(primitives, network, sources);
    assert.deepEqual([log?.size, log?.signers, log?.copies], [0, 0, []]);
  });
});

function compared(...states: readonly LogCopy['state'][]): LogCompared {
  const copies = states.map((state) => ({ at: 'hospital', state, size: 1, missing: 1 }));
  return { log: LOG, size: 1, signers: 3, copies };
}

describe('the verdict about all logs', () => {
  it('is good only if two copies were compared, and all were alike', () => {
    assert.equal(verdictOf([compared('newest', 'newest'), compared('none', 'none')]), 'alike');
    assert.equal(verdictOf([compared('newest'), compared('newest')]), 'sole');
    assert.equal(verdictOf([compared('none', 'none'), compared()]), 'none');
    assert.equal(verdictOf([]), 'none');
  });

  it('is the worst of all comparisons', () => {
    for (const state of ['behind', 'unproven', 'silent'] as const) {
      assert.equal(verdictOf([compared('newest', 'newest'), compared('newest', state)]), state);
    }
    for (const state of ['differs', 'invalid'] as const) {
      assert.equal(verdictOf([compared(state, 'silent'), compared('newest', 'newest')]), 'bad');
    }
  });
});
