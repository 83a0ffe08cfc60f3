import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bytesToHex, hexToBytes } from '../../../../src/crypto/bytes.ts';
import { consistencyProof } from '../../../../src/crypto/merkle/consistencyProof.ts';
import { leafHash } from '../../../../src/crypto/merkle/leafHash.ts';
import { memoryTree } from '../../../../src/crypto/merkle/memoryTree.ts';
import { MedsealError } from '../../../../src/errors/MedsealError.ts';
import type { SignedCheckpoint } from '../../../../src/protocol/evidence.ts';
import { ZERO32 } from '../../../../src/protocol/ids.ts';
import { checkpointOf, LOG } from '../../../../src/protocol/test/sampleEvidence.ts';
import { network, primitives, word } from '../../../../src/protocol/test/sampleNetwork.ts';
import { compareCopies, type CopySource, type LogCopy } from './compareCopies.ts';

const entries = ['a', 'b', 'c', 'd', 'e'].map((name) => word(name));
const others = ['a', 'b', 'x'].map((name) => word(name));
const absent = new MedsealError('NOT_FOUND', { what: 'checkpoint' });

/** An agent that serves a checkpoint of the hospital's log, and proofs of the log with all entries. */
function serving(checkpoint: SignedCheckpoint | Error): CopySource {
  return {
    async checkpoint(log) {
      if (log !== LOG) throw absent;
      if (checkpoint instanceof Error) throw checkpoint;
      return await Promise.resolve(checkpoint);
    },
    async consistency({ from, to }) {
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

  it('count the coordinators whose signatures hold', async () => {
    const [log] = await compareCopies(primitives, network, new Map([['hospital', serving(whole)]]));
    assert.equal(log?.signers, whole.signatures.length);
  });

  for (const [what, state, checkpoint] of [
    ['is not the beginning of the longest', 'differs', checkpointOf(others)],
    ['has as many entries and another root', 'differs', checkpointOf([...entries].reverse())],
    ['has another root than was signed', 'invalid', { ...whole, root: word('root') }],
    ['says that it is longer than was signed', 'invalid', { ...whole, size: 9 }],
    ['is signed by too few', 'invalid', { ...whole, signatures: [] }],
    ['is of another log', 'invalid', { ...whole, log: 'care/insurer' }],
    ['is not there yet', 'none', absent],
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
