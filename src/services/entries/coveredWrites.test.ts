import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  array,
  asyncProperty,
  boolean,
  constantFrom,
  assert as forAll,
  integer,
  option,
  record,
  uniqueArray,
} from 'fast-check';
import type { NewEntry } from '../../log/EvidenceLog.ts';
import { ALICE, BOB, openSampleLog, sampleEntry, sha256 } from '../../log/test/sampleLog.ts';
import { ZERO32, type Bytes32 } from '../../protocol/ids.ts';
import { coveredWrites } from './coveredWrites.ts';

const CATEGORIES = ['laboratory', 'billing', 'sensitive'] as const;
const RECORDS = [1, 2, 3, 4].map((n) => sha256(`record ${n}`));

interface Written {
  readonly handle: typeof ALICE;
  readonly category: (typeof CATEGORIES)[number];
  readonly record: (typeof RECORDS)[number];
  /** The record that it is an objection to, or zeros. */
  readonly about: Bytes32;
}

/** Entry of a write as the log indexes it; versions of a record follow on each other. */
function writeAt(
  n: number,
  version: number,
  { handle, category, record: id, about }: Written,
): NewEntry {
  const message = { handle, category, record: id, version, about };
  const body = JSON.stringify({ at: n, request: { type: 'Write', message } });
  const entry = sha256(body);
  const placed = { record: id, version, file: sha256(`file ${n}`) };
  return { ...sampleEntry(n, handle), body, entry, version: placed };
}

describe('the writes that a right covers', () => {
  it('are those of a model, by category, record and size, with amendments, objections and erased bodies', async () => {
    const written = record({
      handle: constantFrom(ALICE, ALICE, BOB),
      category: constantFrom(...CATEGORIES),
      record: constantFrom(...RECORDS),
      about: constantFrom(ZERO32, ZERO32, ...RECORDS),
      isErased: boolean(),
    });
    const coverage = record({
      categories: option(uniqueArray(constantFrom(...CATEGORIES)), { nil: undefined }),
      record: option(constantFrom(...RECORDS), { nil: undefined }),
    });
    await forAll(
      asyncProperty(
        array(written, { maxLength: 12 }),
        coverage,
        integer({ min: 0, max: 14 }),
        async (writes, { categories, record: one }, size) => {
          const log = await openSampleLog();
          const versions = new Map<string, number>();
          const entries = writes.map((write, n) => {
            const key = `${write.handle} ${write.record}`;
            versions.set(key, (versions.get(key) ?? 0) + 1);
            return writeAt(n, versions.get(key) ?? 1, write);
          });
          await log.append(entries);
          for (const [n, { isErased }] of writes.entries()) if (isErased) await log.erase(n);
          const expected = entries.filter((_, n) => {
            const write = writes[n] ?? assert.fail();
            return (
              n < size &&
              write.handle === ALICE &&
              !write.isErased &&
              (categories === undefined || categories.includes(write.category)) &&
              (one === undefined || one === (write.about === ZERO32 ? write.record : write.about))
            );
          });
          const covers = { ...(categories && { categories }), ...(one && { record: one }) };
          const found = await coveredWrites(log, ALICE, covers, size);
          assert.deepEqual(
            found.map(({ entry }) => entry),
            expected.map(({ entry }) => entry),
          );
        },
      ),
      { numRuns: 60 },
    );
  });
});
