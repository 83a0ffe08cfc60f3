import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { NewEntry } from '../../log/EvidenceLog.ts';
import {
  BOB,
  openSampleLog,
  sampleEntries,
  sampleEntry,
  sha256,
} from '../../log/test/sampleLog.ts';
import { sampleBody } from '../../protocol/test/sampleEvidence.ts';
import { canonicalJson } from '../../protocol/wire/canonicalJson.ts';
import { chartPlaces } from './ChartPlaces.ts';

/** An accepted write of a record's version. */
function write(n: number): NewEntry {
  const version = { record: sha256(`record ${n}`), version: 1, file: sha256(`file ${n}`) };
  const body = canonicalJson(sampleBody({}, { handle: BOB, ...version }));
  return { ...sampleEntry(n, BOB), entry: sha256(body), body, version };
}

describe('the places of a chart', () => {
  it('are read on from where they ended', async () => {
    const log = await openSampleLog();
    await log.append([...sampleEntries(2), write(2)]);
    assert.deepEqual((await chartPlaces(log, BOB)).records, [2]);
    await log.append([write(3)]);
    assert.deepEqual((await chartPlaces(log, BOB)).records, [2, 3]);
  });

  // @attack a log gives its copies an entry without its body, and the body once a chart was listed | parts of the chart have its record from then on
  it('have an entry that came without a body, once somebody said whom it concerns', async () => {
    const log = await openSampleLog();
    await log.append([...sampleEntries(2), write(2), write(3)]);
    await log.erase(2);
    const [bare, after] = await log.copies({ from: 2, to: 4 });
    assert.ok(bare !== undefined && bare.body === undefined && after?.body !== undefined);
    const { tombstone: _, ...unknown } = bare;
    const copy = await openSampleLog();
    await copy.copy(0, [...sampleEntries(2), unknown, write(3)]);
    assert.deepEqual((await chartPlaces(copy, BOB)).records, [3]);
    await copy.restore(2, write(2));
    assert.deepEqual(
      (await chartPlaces(copy, BOB)).records.toSorted((one, other) => one - other),
      [2, 3],
    );
  });
});
