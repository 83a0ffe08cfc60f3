import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assert as forAll, asyncProperty, array, constantFrom, record } from 'fast-check';
import { MedsealError } from '../errors/MedsealError.ts';
import type { EntryBody } from '../protocol/evidence/evidence.ts';
import type { Address } from '../protocol/ids.ts';
import { failsWith } from '../protocol/test/failsWith.ts';
import { AuthorIndex } from './AuthorIndex.ts';
import type { NewEntry } from './EvidenceLog.ts';
import { openSampleLog, sampleEntry, sha256 } from './test/sampleLog.ts';

const ANN: Address = `0x${'a1'.repeat(20)}`;
const BEN: Address = `0x${'b0'.repeat(20)}`;

/** An entry that a party signed; without one, a summary. */
function entryBy(n: number, party?: Address): NewEntry {
  const body = JSON.stringify(
    party === undefined
      ? { format: 'medseal-summary/1', at: n, n }
      : { format: 'medseal-body/1', at: n, n, request: { party } },
  );
  return { ...sampleEntry(n), body, entry: sha256(body) };
}

describe('the entries that a party signed', () => {
  it('are those of a model, whatever is appended, erased and asked in between', async () => {
    const step = record({
      does: constantFrom('append', 'append', 'append', 'erase', 'ask'),
      by: constantFrom(ANN, BEN, undefined),
    });
    await forAll(
      asyncProperty(array(step, { maxLength: 30 }), async (steps) => {
        const log = await openSampleLog();
        const model: (Address | undefined)[] = [];
        for (const { does, by } of [...steps, { does: 'ask', by: ANN } as const]) {
          if (does === 'append') {
            await log.append([entryBy(log.size, by)]);
            model.push(by);
          } else if (does === 'erase' && log.size > 0) {
            const place = (log.size * 7) % model.length;
            await log.erase(place);
            model[place] = undefined;
          } else {
            const asked = by ?? BEN;
            const expected = [...model.keys()].filter((place) => model[place] === asked);
            assert.deepEqual(await log.signedBy(asked), expected);
          }
        }
      }),
      { numRuns: 40 },
    );
  });

  it('are found beyond one page, and by calls at the same time', async () => {
    const log = await openSampleLog();
    await log.append(Array.from({ length: 600 }, (_, n) => entryBy(n, n % 3 === 0 ? ANN : BEN)));
    const [ann, again, ben] = await Promise.all([
      log.signedBy(ANN),
      log.signedBy(ANN),
      log.signedBy(BEN),
    ]);
    assert.deepEqual([ann.length, again, ben.length, ann.at(-1)], [200, ann, 400, 597]);
    await log.append([entryBy(600, ANN)]);
    assert.equal((await log.signedBy(ANN)).at(-1), 600);
  });

  it('have an entry whose body came after it was looked at, in its order', async () => {
    const log = await openSampleLog();
    const erased = { ...entryBy(0, ANN), log: log.identity.name, index: 0, at: 0, bodySize: 1 };
    const { entry, at, bodySize, verdicts } = erased;
    await log.copy(0, [{ log: log.identity.name, index: 0, entry, at, bodySize, verdicts }]);
    await log.append([entryBy(1, ANN)]);
    assert.deepEqual(await log.signedBy(ANN), [1]);
    await log.restore(0, entryBy(0, ANN));
    assert.deepEqual(await log.signedBy(ANN), [0, 1]);
  });

  // @attack a party with a hundred thousand entries asks for its chain page by page, so that a node reads all their bodies each time | each body is read once, and again only if it changed
  it('are found with each body read once, however often it is asked, and again only if it changed', async () => {
    const body = { format: 'medseal-body/1', request: { party: ANN } } as EntryBody;
    const bodies: (EntryBody | undefined)[] = Array.from({ length: 300 }, () => undefined);
    let reads: number[] = [];
    let works = true;
    const index = new AuthorIndex(async (from, to) => {
      reads.push(to - from);
      await Promise.resolve();
      if (!works) throw new MedsealError('SEAL_UNREADABLE', {});
      return bodies.slice(from, to);
    });
    const change = (place: number, to: EntryBody | undefined): void => {
      bodies[place] = to;
      index.changed(place);
    };
    // Before anybody asks, as when a copy of a log is repaired: it will be read anyway.
    for (const place of bodies.keys()) change(place, place === 9 ? body : undefined);
    for (let asked = 0; asked < 3; asked++) {
      assert.deepEqual(await index.placesOf(ANN, bodies.length), [9]);
    }
    assert.deepEqual(reads, [256, 44]);
    reads = [];
    change(7, body);
    change(9, undefined);
    works = false;
    await assert.rejects(index.placesOf(ANN, bodies.length), failsWith('SEAL_UNREADABLE'));
    works = true;
    assert.deepEqual(await index.placesOf(ANN, bodies.length), [7], 'although it failed before');
    assert.deepEqual(reads, [1, 1, 1]);
  });
});
