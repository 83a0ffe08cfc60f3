import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { MemoryDatabase } from '../../database/test/MemoryDatabase.ts';
import type { Address, Bytes32 } from '../../protocol/ids.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import {
  letterRows,
  LetterStore,
  MOST_TO_ONE,
  MOST_WAITING,
  ROOM,
  type StoredLetter,
} from './LetterStore.ts';

const NOW = 1_800_000_000;
const READER = addressOf(1);
let database: MemoryDatabase;
let store: LetterStore;
let count: number;

beforeEach(() => {
  database = new MemoryDatabase();
  store = new LetterStore(database);
  count = 0;
});

function addressOf(number: number): Address {
  return `0x${number.toString(16).padStart(40, '0')}`;
}

/** The next letter; every sender sends as many as one may. */
function letterOf(
  change: { to?: Address; until?: number; giver?: StoredLetter['giver'] } = {},
): StoredLetter {
  const { to = READER, until = NOW + 3600, giver = 'reader' } = change;
  const party = addressOf(1000 + Math.floor(count / MOST_TO_ONE));
  const id: Bytes32 = `0x${count.toString(16).padStart(64, '0')}`;
  count += 1;
  const message = { to, letter: id, until, salt: `0x${'00'.repeat(16)}` } as const;
  const signature = `0x${'00'.repeat(65)}` as const;
  const request = { type: 'Letter', party, message, signature } as const;
  return { id, letter: { request, sealed: 'AAAA' }, giver };
}

/** Has the box hold so many letters more; to keep each by itself, the last is kept so, counts all before it. */
async function keep(letters: number, change: Parameters<typeof letterOf>[0] = {}): Promise<void> {
  const before = Array.from({ length: letters - 1 }, () => letterRows(letterOf(change)));
  await database.batch(before.flat().map(([key, value]) => ({ type: 'put', key, value })));
  await store.keep(letterOf(change), NOW);
}

describe('the letters that wait for one reader', () => {
  it('are as many as the quota, whoever sends them', async () => {
    await keep(MOST_WAITING);
    await assert.rejects(store.keep(letterOf(), NOW), failsWith('QUOTA_SPENT'));
    await store.keep(letterOf({ to: addressOf(2) }), NOW);
  });

  // @attack strangers fill somebody's letter box, and leave their letters there for months | no stranger's letter is kept once half of the box is full, or for more than 14 days
  it('of strangers fill half of a box, and leave the rest to those who have to do with its reader', async () => {
    await keep(ROOM.nobody, { giver: 'nobody' });
    const strange = letterOf({ giver: 'nobody' });
    await assert.rejects(store.keep(strange, NOW), failsWith('QUOTA_SPENT'));
    await keep(MOST_WAITING - ROOM.nobody);
    await assert.rejects(store.keep(letterOf(), NOW), failsWith('QUOTA_SPENT'));
  });

  // @attack patients give somebody rights on empty charts, so that their letters count as those of acquaintances | the last quarter of a box is left to those whom its reader gave a right
  it('of who gave the reader a right leave room for those whom the reader gave one', async () => {
    await keep(ROOM.sender, { giver: 'sender' });
    for (const giver of ['nobody', 'sender'] as const) {
      await assert.rejects(store.keep(letterOf({ giver }), NOW), failsWith('QUOTA_SPENT'));
    }
    await keep(MOST_WAITING - ROOM.sender, { giver: 'reader' });
  });

  it('do not count once their day has passed, or they were taken', async () => {
    await keep(ROOM.nobody - 1, { giver: 'nobody' });
    const last = letterOf({ giver: 'nobody', until: NOW + 7200 });
    await store.keep(last, NOW);
    const next = letterOf({ giver: 'nobody' });
    await assert.rejects(store.keep(next, NOW), failsWith('QUOTA_SPENT'));
    await store.forget(READER, [last.id]);
    await store.keep(next, NOW);
    await assert.rejects(store.keep(letterOf({ giver: 'nobody' }), NOW), failsWith('QUOTA_SPENT'));
    await store.keep(letterOf({ giver: 'nobody', until: NOW + 9000 }), NOW + 3601);
  });

  it('that tell of a step count for no quota, and one of each step waits: the newest', async () => {
    const step: Bytes32 = `0x${'ab'.repeat(32)}`;
    const telling = (until: number): StoredLetter => {
      const { id, letter } = letterOf({ until });
      return { id, letter: { ...letter, step }, giver: 'step' };
    };
    await keep(MOST_WAITING);
    const [first, second] = [telling(NOW + 3600), telling(NOW + 7200)];
    for (const letter of [first, second, first, second]) await store.keep(letter, NOW);
    const rows = async (): Promise<number> =>
      (await database.keys({ gt: 'step/', lt: 'step0' }).all()).length;
    assert.equal(await rows(), 1);
    assert.ok((await database.get(`letter/${READER}/${second.id}`)) !== undefined);
    assert.equal(await database.get(`letter/${READER}/${first.id}`), undefined);
    await assert.rejects(store.keep(letterOf(), NOW), failsWith('QUOTA_SPENT'));
    await store.collect(NOW + 7201);
    assert.equal(await rows(), 0);
    await store.keep(telling(NOW + 9000), NOW);
    const [{ request } = assert.fail()] = await store.waitingFor(READER, NOW + 7201);
    assert.equal(request.message.until, NOW + 9000);
    await store.forget(READER, [`0x${(count - 1).toString(16).padStart(64, '0')}`]);
    assert.equal(await rows(), 0);
  });

  it('are kept again without being counted twice', async () => {
    const letter = letterOf();
    await store.keep(letter, NOW);
    await keep(MOST_WAITING - 1);
    await store.keep(letter, NOW);
    assert.equal((await store.waitingFor(READER, NOW)).length, 64);
  });
});
