import assert from 'node:assert/strict';
import { it } from 'node:test';
import { MemoryDatabase } from '../../database/test/MemoryDatabase.ts';
import { TestClock } from '../../ledger/test/TestClock.ts';
import { word } from '../../protocol/test/sampleNetwork.ts';
import type { Vault } from '../../vault/Vault.ts';
import { wantedKey } from './contributorKeys.ts';
import { FileCopies } from './FileCopies.ts';

it('a damaged note of a wanted file keeps no other file back', async () => {
  const [damaged, foreign, whole] = ['damaged', 'foreign', 'whole'].map((name) => ({
    hash: word(name),
    handle: word('patient'),
    size: 3,
  }));
  assert.ok(damaged && foreign && whole);
  const database = new MemoryDatabase();
  await database.put(wantedKey(damaged), '{"hash":');
  await database.put(wantedKey(foreign), JSON.stringify({ ...foreign, size: 'small' }));
  await database.put(wantedKey(whole), JSON.stringify(whole));
  const owned: string[] = [];
  const vault = {
    stat: async () => await Promise.resolve({ size: 3 }),
    own: async (hash: string) => await Promise.resolve(void owned.push(hash)),
  } as unknown as Vault;

  const copies = new FileCopies({
    database,
    vault,
    clock: new TestClock(0),
    peers: [],
    isErased: async () => await Promise.resolve(false),
    onErased: () => assert.fail(),
  });
  copies.start();
  await copies.idle();

  assert.deepEqual(owned, [whole.hash]);
  assert.deepEqual(
    new Set(await database.keys().all()),
    new Set([wantedKey(damaged), wantedKey(foreign)]),
  );
});
