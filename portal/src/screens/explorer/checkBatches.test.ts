import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { portablePrimitives as primitives } from '../../../../src/crypto/portablePrimitives.ts';
import { batchView } from '../../../../src/protocol/evidence/batchView.ts';
import type { BatchEntry } from '../../../../src/protocol/evidence/batchView.ts';
import type { LogEntry } from '../../../../src/protocol/evidence/evidence.ts';
import type { LogBatch } from '../../../../src/protocol/evidence/LogBatch.ts';
import { checkpointOf } from '../../../../src/protocol/test/sampleEvidence.ts';
import { word } from '../../../../src/protocol/test/sampleNetwork.ts';
import { checkBatches, type CheckedBatch } from './checkBatches.ts';

function entriesOf(name: string): readonly (LogEntry & BatchEntry)[] {
  return Array.from({ length: 40 }, (_, index) => {
    return { index, entry: word(`${name} ${index}`), at: 1_800_000_000 + index, bodySize: 500 };
  });
}

async function batchesOf(entries: ReturnType<typeof entriesOf>): Promise<readonly LogBatch[]> {
  const batches: LogBatch[] = [];
  for await (const batch of batchView(entries, primitives)) batches.push(batch);
  return batches;
}

const entries = entriesOf('entry');
const batches = await batchesOf(entries);
const checkpoint = checkpointOf(entries.map(({ entry }) => entry));

function faultsOf(checked: readonly CheckedBatch[]): readonly string[] {
  return [...new Set(checked.flatMap(({ faults = [] }) => faults))];
}

describe('the batches of a log', () => {
  it('are safe if the entries under them make the root of the signed checkpoint', () => {
    assert.deepEqual(faultsOf(checkBatches(primitives, checkpoint, batches, entries)), []);
  });

  // @attack a node serves batches that fit each other, over entries that nobody signed | the entries must make the root of the signed checkpoint
  it('are not safe if they fit other entries than the signed ones, or some were held back', async () => {
    const others = entriesOf('other');
    const made = await batchesOf(others);
    const unsigned = ['explorer.fault-entries'];
    assert.deepEqual(faultsOf(checkBatches(primitives, checkpoint, made, others)), unsigned);
    const [first = assert.fail()] = batches;
    const some = entries.slice(0, first.to);
    assert.deepEqual(faultsOf(checkBatches(primitives, checkpoint, [first], some)), unsigned);
  });

  it('are neither if they are newer than the checkpoint', () => {
    const [first = assert.fail(), ...newer] = batches;
    const before = entries.slice(0, first.to);
    const earlier = checkpointOf(before.map(({ entry }) => entry));
    const checked = checkBatches(primitives, earlier, batches, before);
    assert.deepEqual(checked, [{ batch: first, faults: [] }, ...newer.map((batch) => ({ batch }))]);
  });
});
