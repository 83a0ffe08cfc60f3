import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { MemoryDatabase } from '../database/test/MemoryDatabase.ts';
import { bytesToHex } from '../crypto/bytes.ts';
import { portablePrimitives as primitives } from '../crypto/portablePrimitives.ts';
import type { SignedVerdict } from '../protocol/evidence/evidence.ts';
import type { Bytes32 } from '../protocol/ids.ts';
import { logRowKeys } from './keys.ts';
import { LogRows } from './LogRows.ts';
import { failsWith, IDENTITY } from './test/sampleLog.ts';
import { decodePlacements, readVerdicts, VerdictWriter, type Statement } from './verdictRows.ts';

const hex = (length: number): fc.Arbitrary<`0x${string}`> =>
  fc.uint8Array({ minLength: length, maxLength: length }).map((bytes) => bytesToHex(bytes));
const hash: fc.Arbitrary<Bytes32> = hex(32);
const PLAIN = { noNullPrototype: true };
/** Few of each, so that some are shared. */
const some = <Value>(values: fc.Arbitrary<Value>): fc.Arbitrary<Value> =>
  fc
    .sample(values, { numRuns: 3, seed: 1 })
    .reduce<fc.Arbitrary<Value>>(
      (all, value) => fc.oneof(all, fc.constant(value)),
      fc.constant(fc.sample(values, { numRuns: 1, seed: 2 })[0] as Value),
    );
const verdicts: fc.Arbitrary<SignedVerdict[]> = fc.array(
  fc.record(
    {
      coordinator: some(hex(20)),
      signature: some(hex(65)),
      verdict: fc.record(
        {
          kind: fc.constantFrom('writes' as const, 'views' as const),
          log: fc.constant(IDENTITY.id),
          size: some(fc.maxSafeNat()),
          root: some(hash),
          at: some(fc.maxSafeNat()),
          includeBy: fc.constant(60),
        },
        PLAIN,
      ),
      index: some(fc.maxSafeNat()),
      proof: some(fc.array(hash, { maxLength: 20 })),
    },
    PLAIN,
  ),
  { maxLength: 6 },
);

async function database(): Promise<LogRows> {
  const level = new MemoryDatabase();
  await level.open();
  return new LogRows(level);
}

describe('rows of verdicts', () => {
  it('give back what was written, whatever verdicts share', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(verdicts, { maxLength: 5 }), async (entries) => {
        const rows = await database();
        const writer = new VerdictWriter(primitives);
        const kept = entries.map((each) => writer.encode(each));
        if (writer.changes().length > 0) await rows.write([...writer.changes()]);
        const placements = kept.map(decodePlacements);
        assert.deepEqual(await readVerdicts(rows, primitives, placements), entries);
      }),
      { numRuns: 60 },
    );
  });

  it('hold once what coordinators signed over an array, and one proof where they share it', () => {
    const writer = new VerdictWriter(primitives);
    const [signed] = fc.sample(
      verdicts.filter(({ length }) => length > 0),
      { numRuns: 1, seed: 7 },
    );
    const [first] = signed ?? [];
    assert.ok(first);
    const proof = Array.from({ length: 8 }, (_, i) => `0x${`0${i}`.repeat(32)}` as const);
    const three = ['a', 'b', 'c'].map((digit) => ({
      ...first,
      coordinator: `0x${digit.repeat(40)}` as const,
      signature: `0x${digit.repeat(130)}` as const,
      proof,
    }));
    const sizes = [0, 1, 2].map(
      (index) => writer.encode(three.map((each) => ({ ...each, index }))).length,
    );
    assert.deepEqual(
      sizes,
      [1, 1, 1].map(() => 1 + 3 * 32 + 8 + 1 + 8 * 32),
    );
    assert.equal(writer.changes().length, 3);
  });

  it('tell a statement that is lost or altered', async () => {
    const rows = await database();
    const writer = new VerdictWriter(primitives);
    const [signed] = fc.sample(
      verdicts.filter(({ length }) => length > 1),
      { numRuns: 1, seed: 7 },
    );
    const placements = [decodePlacements(writer.encode(signed ?? []))];
    assert.deepEqual(await readVerdicts(rows, primitives, placements), [undefined]);
    await rows.write([...writer.changes()]);
    assert.deepEqual(await readVerdicts(rows, primitives, placements), [signed]);
    const [change] = writer.changes();
    assert.ok(
      change?.type === 'put' && change.key[0] === logRowKeys.statement(new Uint8Array())[0],
    );
    await rows.write([{ ...change, value: change.value.with(20, 0x30) }]);
    assert.deepEqual(await readVerdicts(rows, primitives, placements), [undefined]);
  });

  it('read a statement once if they may remember it, and none that is lost or altered', async () => {
    const rows = await database();
    const writer = new VerdictWriter(primitives);
    const [signed] = fc.sample(
      verdicts.filter(({ length }) => length > 1),
      { numRuns: 1, seed: 7 },
    );
    const placements = [decodePlacements(writer.encode(signed ?? []))];
    const remembered = new Map<Bytes32, Statement>();
    const read = async (): ReturnType<typeof readVerdicts> =>
      await readVerdicts(rows, primitives, placements, remembered);
    assert.deepEqual(await read(), [undefined]);
    assert.equal(remembered.size, 0);
    await rows.write([...writer.changes()]);
    assert.deepEqual(await read(), [signed]);
    assert.equal(remembered.size, writer.changes().length);
    await rows.write(writer.changes().map(({ key }) => ({ type: 'del', key })));
    assert.deepEqual(await read(), [signed]);
    remembered.clear();
    assert.deepEqual(await read(), [undefined]);
  });

  it('refuse what is not a verdict, and bytes that were cut off', () => {
    const [signed] = fc.sample(
      verdicts.filter(({ length }) => length > 0),
      { numRuns: 1, seed: 3 },
    );
    const [first] = signed ?? [];
    assert.ok(first);
    const wrong: SignedVerdict[] = [
      { ...first, index: -1 },
      { ...first, index: 0.5 },
      { ...first, proof: ['0x00'] },
      { ...first, proof: Array.from({ length: 256 }, () => IDENTITY.id) },
    ];
    for (const verdict of wrong) {
      const encode = (): unknown => new VerdictWriter(primitives).encode([verdict]);
      assert.throws(encode, failsWith('REQUEST_MALFORMED'));
    }
    const bytes = new VerdictWriter(primitives).encode([first]);
    for (let length = 1; length < bytes.length; length++) {
      assert.throws(() => decodePlacements(bytes.slice(0, length)), failsWith('EVIDENCE_INVALID'));
    }
  });
});
