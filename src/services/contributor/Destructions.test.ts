import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { portablePrimitives } from '../../crypto/portablePrimitives.ts';
import { MemoryDatabase } from '../../database/test/MemoryDatabase.ts';
import { TestClock } from '../../ledger/test/TestClock.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import type { Erase } from '../../protocol/struct/requests.ts';
import { word } from '../../protocol/test/sampleNetwork.ts';
import { MOST_APART, SMALL_FILE } from '../../vault/Vault.ts';
import { Destructions } from './Destructions.ts';

const PATIENT = word('patient');
const LOG = 'care/hospital';
const START = 1_800_000_000;

interface Sample {
  readonly destructions: Destructions;
  readonly database: MemoryDatabase;
  readonly clock: TestClock;
  /** Files that are there. */
  readonly there: Set<Bytes32>;
  /** Files of each merge. */
  readonly merges: (readonly Bytes32[])[];
  /** Sizes of the erased files, by epoch. */
  readonly sizes: Map<number, readonly number[]>;
  readonly backups: { ended?: number };
}

function start(): Sample {
  const clock = new TestClock(START * 1000);
  const [there, merges] = [new Set<Bytes32>(), [] as (readonly Bytes32[])[]];
  const sizes = new Map<number, readonly number[]>();
  const backups: { ended?: number } = {};
  const found = async (files: readonly { readonly hash: Bytes32; readonly size: number }[]) =>
    await Promise.resolve(files.filter(({ hash }) => there.has(hash)));
  const database = new MemoryDatabase();
  const destructions = new Destructions({
    database,
    storageKey: new Uint8Array(32).fill(1),
    vault: {
      remnants: found,
      stats: async (hashes) => await found(hashes.map((hash) => ({ hash, size: 1 }))),
      scrub: async (hashes) => await Promise.resolve(void merges.push(hashes)),
    },
    erasures: {
      placed: async () => await Promise.resolve([...sizes.keys()].map((epoch) => erasureOf(epoch))),
      versions: async ({ epoch }) => {
        const upTo = [...sizes].filter(([each]) => each <= epoch);
        const all = upTo.flatMap(([each, of]) =>
          of.map((size, nth) => {
            const hash = word(`${each} ${nth}`);
            return { entry: hash, hash, handle: PATIENT, size };
          }),
        );
        return await Promise.resolve(all);
      },
    },
    primitives: portablePrimitives,
    clock,
    isAbreast: async () => await Promise.resolve(true),
    scrubDeposits: async () => await Promise.resolve(),
    backupsEnded: async () => await Promise.resolve(backups.ended),
  });
  return { destructions, database, clock, there, merges, sizes, backups };
}

function erasureOf(epoch: number) {
  const erase = { handle: PATIENT, category: 'imaging', epoch } as Erase;
  return { log: LOG, index: epoch, erase };
}

async function rowOf({ destructions }: Sample, epoch: number) {
  const { erase, ...place } = erasureOf(epoch);
  return await destructions.of(place, erase);
}

const goOn = (): boolean => false;

describe('the note of what was destroyed', () => {
  // @attack a record that was destroyed, by a signed word, is there again for a day | a new date, and none for backups
  it('ends when a file is there again, and has a later date without that of backups', async () => {
    for (const inStore of [false, true]) {
      const sample = start();
      const { destructions, clock, there, sizes, backups } = sample;
      sizes.set(1, [10]);
      await destructions.note(PATIENT, goOn);
      backups.ended = START + 5;
      assert.deepEqual(
        [(await rowOf(sample, 1))?.at, (await rowOf(sample, 1))?.backup],
        [START, START + 5],
      );
      delete backups.ended;
      there.add(word('1 0'));
      assert.equal(await rowOf(sample, 1), undefined);
      await destructions.reopen(PATIENT, inStore);
      there.clear();
      assert.equal(await rowOf(sample, 1), undefined);
      clock.advance(86_400_000);
      await destructions.note(PATIENT, goOn);
      const row = await rowOf(sample, 1);
      assert.deepEqual([row?.at, row?.backup], [START + 86_400, undefined]);
    }
  });

  it('stays while nothing is there again', async () => {
    const sample = start();
    sample.sizes.set(1, [10]);
    await sample.destructions.note(PATIENT, goOn);
    sample.clock.advance(86_400_000);
    await sample.destructions.reopen(PATIENT, true);
    await sample.destructions.note(PATIENT, goOn);
    assert.equal((await rowOf(sample, 1))?.at, START);
  });

  // @attack a patient erases 10,000 small records, one after the other, so that each organisation merges its tables for each | once for each file, or once for all
  it('takes merges for small files that no earlier note covers, and one for many', async () => {
    const { destructions, merges, sizes } = start();
    sizes.set(1, [10, SMALL_FILE + 1]);
    await destructions.note(PATIENT, goOn);
    assert.deepEqual(merges, [[word('1 0')]]);
    sizes.set(2, [20]);
    sizes.set(3, []);
    await destructions.note(PATIENT, goOn);
    assert.deepEqual(merges.slice(1), [[word('2 0')]]);
    sizes.set(
      4,
      Array.from({ length: MOST_APART + 1 }, () => 10),
    );
    await destructions.note(PATIENT, goOn);
    assert.deepEqual(
      merges.slice(2).map(({ length }) => length),
      [MOST_APART + 1],
    );
  });

  it('waits for the next start if the node stops between two merges', async () => {
    const sample = start();
    const { destructions, merges, sizes } = sample;
    sizes.set(1, [10, 10, 10]);
    assert.equal(await destructions.note(PATIENT, () => merges.length === 1), false);
    assert.deepEqual([merges.length, await rowOf(sample, 1)], [1, undefined]);
    assert.equal(await destructions.note(PATIENT, goOn), true);
    assert.equal((await rowOf(sample, 1))?.versions, 3);
  });

  // @attack somebody who can write on the disk, and has no key, gives a destruction an earlier date or another entry's | it does not count
  it('counts only as the organisation wrote it, for its entry, and else is written again', async () => {
    const sample = start();
    const { destructions, database, clock, sizes } = sample;
    sizes.set(1, [10]);
    sizes.set(2, []);
    await destructions.note(PATIENT, goOn);
    const [one, two] = await database.iterator().all();
    assert.ok(one && two);
    const [key, text] = one;
    clock.advance(86_400_000);
    const { mark, ...rest } = JSON.parse(text) as Record<string, unknown>;
    const forged: readonly string[] = [
      two[1],
      JSON.stringify({ ...rest, at: START - 1, mark }),
      JSON.stringify({ ...rest, backup: START, mark }),
      JSON.stringify({ ...rest, list: word('other'), mark }),
      JSON.stringify({ ...rest, mark: word('other') }),
      JSON.stringify(rest),
      text.slice(1),
    ];
    for (const value of forged) {
      await database.batch([{ type: 'put', key, value }]);
      assert.equal(await rowOf(sample, 1), undefined, value);
    }
    await destructions.note(PATIENT, goOn);
    assert.equal((await rowOf(sample, 1))?.at, START + 86_400);
  });
});
