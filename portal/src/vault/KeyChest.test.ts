import assert from 'node:assert/strict';
import { scryptSync } from 'node:crypto';
import { beforeEach, describe, it } from 'node:test';
import { webPorts } from '../../../src/client/index.ts';
import { memoryDevice } from '../../../src/client/party/memoryDevice.ts';
import { addressOfSeed } from '../../../src/crypto/keys/addressOfSeed.ts';
import type { DeviceStore } from '../../../src/client/index.ts';
import { failsWith } from '../../../src/protocol/test/failsWith.ts';
import { KeyChest } from './KeyChest.ts';
import type { KeptKey } from './keptKeys.ts';
import { openKept } from './openKept.ts';

const PASSPHRASE = 'five random words in a row';
const OTHER = 'six other words in a row';
const seedOf = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);
const addressOf = (byte: number): KeptKey['address'] =>
  addressOfSeed(webPorts.primitives, seedOf(byte));
const ADDRESS = addressOf(1);

/** Values are structured clones in a browser, so that bytes stay bytes. */
function shelfOf(): DeviceStore {
  const values = new Map<string, unknown>();
  return {
    ...memoryDevice(),
    read: async (name) => await Promise.resolve(structuredClone(values.get(name))),
    write: async (name, value) => {
      values.set(name, structuredClone(value));
      await Promise.resolve();
    },
  };
}

let shelf: DeviceStore;
let chest: KeyChest;

beforeEach(async () => {
  shelf = shelfOf();
  chest = new KeyChest(shelf, async (password, salt) => {
    return await Promise.resolve(scryptSync(password, salt, 32, { N: 2, r: 8, p: 1 }));
  });
  await chest.keep({ address: ADDRESS, called: 'Ada', seed: seedOf(1) }, PASSPHRASE);
});

async function withNext(): Promise<KeptKey> {
  const sealed = await chest.seal(seedOf(2), PASSPHRASE);
  await chest.update(ADDRESS, (kept) => ({ ...kept, next: { signer: addressOf(2), sealed } }));
  return await chest.find(ADDRESS);
}

/** The chest after a change of key stands, as `changeKept` writes it. */
async function changed(): Promise<KeptKey> {
  const key = { address: ADDRESS, called: 'Ada', signer: addressOf(2), seed: seedOf(2) };
  await chest.keep({ ...key, formerSeeds: [seedOf(1), seedOf(9)] }, PASSPHRASE);
  return await chest.find(ADDRESS);
}

describe('a chest of keys', () => {
  it('opens no key with another passphrase, also not with a former one', async () => {
    const kept = await chest.find(ADDRESS);
    await assert.rejects(chest.open(kept, OTHER), failsWith('PASSPHRASE_WRONG'));
    await assert.rejects(
      chest.changePassphrase(ADDRESS, OTHER, OTHER),
      failsWith('PASSPHRASE_WRONG'),
    );
    await assert.rejects(
      chest.changePassphrase(ADDRESS, PASSPHRASE, 'short'),
      failsWith('PASSPHRASE_WEAK'),
    );
    assert.deepEqual(await chest.open(await chest.find(ADDRESS), PASSPHRASE), seedOf(1));
    await chest.changePassphrase(ADDRESS, PASSPHRASE, OTHER);
    const sealed = await chest.find(ADDRESS);
    await assert.rejects(chest.open(sealed, PASSPHRASE), failsWith('PASSPHRASE_WRONG'));
    assert.deepEqual(await chest.open(sealed, OTHER), seedOf(1));
  });

  it('refuses a key that lies behind the address of another, and a former seed that was altered', async () => {
    const kept = await chest.find(ADDRESS);
    const refused = failsWith('SEAL_UNREADABLE');
    await assert.rejects(openKept({ ...kept, address: addressOf(3) }, seedOf(1)), refused);
    await assert.rejects(openKept({ ...kept, signer: addressOf(2) }, seedOf(1)), refused);
    await assert.rejects(openKept(kept, seedOf(0)), refused);
    const later = await changed();
    assert.deepEqual((await openKept(later, seedOf(2))).formerSeeds, [seedOf(1), seedOf(9)]);
    for (const former of later.former ?? []) {
      const altered = former.with(20, (former[20] ?? 0) ^ 1);
      await assert.rejects(openKept({ ...later, former: [altered] }, seedOf(2)), refused);
    }
    const elsewhere = { ...later, address: addressOf(3) };
    await assert.rejects(openKept(elsewhere, seedOf(2)), refused);
  });

  it('keeps both keys of a change that is half done, under a new passphrase, too', async () => {
    const half = await withNext();
    assert.deepEqual(await chest.open(half, PASSPHRASE), seedOf(1));
    await chest.changePassphrase(ADDRESS, PASSPHRASE, OTHER);
    const { next, ...kept } = await chest.find(ADDRESS);
    assert.ok(next !== undefined);
    assert.equal(next.signer, addressOf(2));
    assert.deepEqual(await chest.open(next, OTHER), seedOf(2));
    assert.deepEqual(await chest.open(kept, OTHER), seedOf(1));
    await assert.rejects(chest.open(next, PASSPHRASE), failsWith('PASSPHRASE_WRONG'));
  });

  it('does not put a key back that another tab changed while the passphrase was changed', async () => {
    const slow = new KeyChest(shelf, async (password, salt) => {
      await changed();
      return scryptSync(password, salt, 32, { N: 2, r: 8, p: 1 });
    });
    const refused = failsWith('KEY_CHANGED');
    await assert.rejects(slow.changePassphrase(ADDRESS, PASSPHRASE, OTHER), refused);
    const kept = await chest.find(ADDRESS);
    assert.deepEqual(await chest.open(kept, PASSPHRASE), seedOf(2));
    assert.equal(kept.former?.length, 2);
  });

  it('loses nothing of what two tabs write at once', async () => {
    const tabs = [new KeyChest(shelf), new KeyChest(shelf), new KeyChest(shelf)];
    await chest.keep({ address: addressOf(3), called: 'Bea', seed: seedOf(3) }, PASSPHRASE);
    await Promise.all([
      tabs[0]?.update(ADDRESS, (kept) => ({ ...kept, called: 'Ada 2' })),
      tabs[1]?.update(ADDRESS, (kept) => ({ ...kept, unfinished: true })),
      tabs[2]?.forget(addressOf(3)),
    ]);
    const [only, ...others] = await chest.list();
    assert.deepEqual([only?.called, only?.unfinished, others], ['Ada 2', true, []]);
    await assert.rejects(
      chest.update(addressOf(3), (kept) => kept),
      failsWith('NOT_FOUND'),
    );
  });
});
