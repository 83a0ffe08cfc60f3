import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Party } from '../client/party/Party.ts';
import { PartyKeys } from '../crypto/keys/PartyKeys.ts';
import { recipientOf } from '../crypto/keys/ageIdentity.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import { machinePorts } from '../folder/NodePorts.ts';
import { failsWith } from '../protocol/test/failsWith.ts';
import { findKeys, parseKey, writeKey, type KeyFile, type LockedKey } from './keystore.ts';
import { addressOfSeed } from '../crypto/keys/addressOfSeed.ts';
import { lockKey, unlockKey } from './lockedKeys.ts';
import { formerSeedsOf, nextKeyOf, withKeyChanged, withNextKey } from './nextKey.ts';

const { primitives, random, cipher } = await machinePorts();
const PASSPHRASE = 'five random words are good';
const CHEAP = { workFactor: 4 };
const askPassphrase = async (): Promise<string> => await Promise.resolve(PASSPHRASE);
const [first, next] = [random(32), random(32)];
const invalid = failsWith('KEYSTORE_INVALID');

let key: LockedKey;
let changing: KeyFile;
let folder: string;

before(async () => {
  key = await lockKey(primitives, { name: 'anna' }, first, PASSPHRASE, CHEAP);
  changing = await withNextKey(primitives, key, next, PASSPHRASE, CHEAP);
  folder = await mkdtemp(join(tmpdir(), 'medseal-keys-'));
});
after(async () => await rm(folder, { recursive: true }));

/** The party after the change, as far as a key file takes it. */
async function changed(seed = next): Promise<Party> {
  const recipient = await recipientOf(new PartyKeys(seed).identity());
  return { recipient, formerKeys: [new PartyKeys(first)] } as unknown as Party;
}

describe('a key file during a change of key', () => {
  it('holds both keys, of which the present one is opened until the next takes its place', async () => {
    assert.equal(nextKeyOf(key), undefined);
    assert.deepEqual(await unlockKey(changing, { primitives, askPassphrase }), first);
    const ahead = nextKeyOf(changing) ?? assert.fail();
    assert.deepEqual(await unlockKey(ahead, { primitives, askPassphrase }), next);
    const after = await withKeyChanged(changing, await changed());
    assert.deepEqual([after.address, after.next], [key.address, undefined]);
    assert.equal(after.signer, addressOfSeed(primitives, next));
    const seed = await unlockKey(after, { primitives, askPassphrase });
    assert.deepEqual(seed, next);
    assert.deepEqual(await formerSeedsOf(after, seed, cipher), [first]);
    assert.ok(!JSON.stringify(after).includes(Buffer.from(first).toString('hex')));
    await assert.rejects(withKeyChanged(key, await changed()), invalid);
  });

  // @actor a found or altered key file | to pass off another seed as the key
  it('opens with no seed but that of its key, and no former seed of another key’s file', async () => {
    const after = (await withKeyChanged(changing, await changed())) as LockedKey;
    const swapped = { ...after, sealed: key.sealed };
    await assert.rejects(unlockKey(swapped, { primitives, askPassphrase }), invalid);
    const findUnlocked = async (): Promise<Uint8Array> => await Promise.resolve(first);
    await assert.rejects(unlockKey(after, { primitives, askPassphrase, findUnlocked }), invalid);
    await assert.rejects(formerSeedsOf(after, first, cipher), invalid);
    const foreign = await withKeyChanged(changing, await changed(random(32)));
    await assert.rejects(formerSeedsOf(foreign, next, cipher), invalid);
    await assert.rejects(formerSeedsOf({ ...after, former: ['a'] }, next, cipher), invalid);
  });

  it('is refused if it is malformed', async () => {
    const after = await withKeyChanged(changing, await changed());
    for (const wrong of [
      { ...changing, next: null },
      { ...changing, next: {} },
      { ...changing, next: { signer: key.address } },
      { ...changing, next: { ...changing.next, signer: 'anna' } },
      { ...changing, next: { ...changing.next, sealed: 'not base64!' } },
      { ...after, signer: 7 },
      { ...after, former: 'one' },
      { ...after, former: [...(after.former ?? []), 7] },
      { ...after, former: Array.from({ length: 17 }, () => 'YWdl') },
      { ...after, keyChanges: [{}] },
      { ...after, keyChanges: [] },
    ]) {
      assert.throws(
        () => parseKey('x', JSON.stringify(wrong)),
        MedsealError,
        JSON.stringify(wrong),
      );
    }
  });

  it('is replaced by a key of its own party alone', async () => {
    await writeKey(folder, changing);
    const after = await withKeyChanged(changing, await changed());
    await writeKey(folder, after);
    const other = await lockKey(primitives, { name: 'anna' }, random(32), PASSPHRASE, CHEAP);
    await assert.rejects(writeKey(folder, other), invalid);
    // The words of a later key make a file whose party is found afterwards.
    const words = await lockKey(primitives, { name: 'bert' }, next, PASSPHRASE, CHEAP);
    await writeKey(folder, words);
    const { address } = key;
    await writeKey(folder, { ...words, address, signer: words.address });
    const keys = await findKeys(folder, { demo: false });
    assert.deepEqual(
      keys?.map((each) => [each.name, each.address, each.signer]),
      ['anna', 'bert'].map((name) => [name, address, words.address]),
    );
  });
});
