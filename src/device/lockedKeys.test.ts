import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { phraseToSeed, seedToPhrase } from '../crypto/keys/phrase.ts';
import { portablePrimitives as primitives } from '../crypto/portablePrimitives.ts';
import { bytesToHex } from '../crypto/bytes.ts';
import { failsWith } from '../protocol/test/failsWith.ts';
import { addressOfSeed } from '../crypto/keys/addressOfSeed.ts';
import { lockKey, unlockKey } from './lockedKeys.ts';
import { readKeystore, writeKey, type DemoKey, type LockedKey } from './keystore.ts';

const SEED = Uint8Array.from({ length: 32 }, (_, index) => index + 1);
const PASSPHRASE = 'five random words are good';
const owner = { name: 'anna', role: 'patient', organisation: 'hospital' } as const;
const ask = (passphrase: string) => async () => await Promise.resolve(passphrase);
const never = async (): Promise<string> => await Promise.reject(new Error('it was asked'));
const REAL = { demo: false };

describe('a key under a passphrase', () => {
  let path: string;
  let key: LockedKey;
  before(async () => {
    path = await mkdtemp(join(tmpdir(), 'medseal-keys-'));
    key = await lockKey(primitives, owner, SEED, PASSPHRASE, { workFactor: 2 });
  });
  after(async () => {
    await rm(path, { recursive: true });
  });

  it('is refused with a wrong passphrase, each time, and is not replaced by a new key', async () => {
    await writeKey(path, key);
    for (const wrong of ['', 'four random words are good', `${PASSPHRASE}!`]) {
      const options = { primitives, askPassphrase: ask(wrong) };
      await assert.rejects(unlockKey(key, options), failsWith('PASSPHRASE_WRONG'));
    }
    assert.deepEqual(await readKeystore(path, REAL), [key]);
  });

  it('never gives way to another key of its name', async () => {
    await writeKey(path, key);
    const other = await lockKey(primitives, owner, SEED.toReversed(), PASSPHRASE, {
      workFactor: 2,
    });
    await assert.rejects(writeKey(path, other), failsWith('KEYSTORE_INVALID'));
    assert.deepEqual(await readKeystore(path, REAL), [key]);
  });

  it('does not replace a key file that holds something else', async () => {
    const home = join(path, 'damaged');
    await mkdir(join(home, 'anna'), { recursive: true });
    for (const text of ['null', '7', '{}', '{"demo":true}']) {
      await writeFile(join(home, 'anna/key.json'), text);
      const reason = 'a key file has an unknown format';
      const refused = failsWith('KEYSTORE_INVALID', { path: home, reason });
      await assert.rejects(writeKey(home, key), refused, text);
      assert.equal(await readFile(join(home, 'anna/key.json'), 'utf8'), text);
    }
  });

  it('is refused where the file says another address, or was altered', async () => {
    const options = { primitives, askPassphrase: ask(PASSPHRASE) };
    const address = addressOfSeed(primitives, SEED.toReversed());
    const altered = { ...key, sealed: `${key.sealed.slice(0, -4)}AAAA` };
    for (const bad of [{ ...key, address }, altered]) {
      await assert.rejects(unlockKey(bad, options), failsWith('KEYSTORE_INVALID'));
    }
  });

  it('takes no passphrase that is too short', async () => {
    await assert.rejects(lockKey(primitives, owner, SEED, 'short'), failsWith('PASSPHRASE_WEAK'));
  });

  it('says nothing of its seed on disk, and is readable by its owner alone', async () => {
    await writeKey(path, key);
    const file = join(path, 'anna/key.json');
    const text = await readFile(file, 'utf8');
    assert.doesNotMatch(text, new RegExp(bytesToHex(SEED).slice(2), 'i'));
    assert.ok(!text.includes(Buffer.from(SEED).toString('base64').slice(0, 20)));
    assert.equal((await stat(file)).mode & 0o777, 0o600);
  });

  it('opens with its passphrase, and is the same key again from its phrase', async () => {
    await writeKey(path, key);
    const [read] = await readKeystore(path, REAL);
    assert.ok(read);
    const seed = await unlockKey(read, { primitives, askPassphrase: ask(PASSPHRASE) });
    assert.deepEqual(seed, SEED);
    const again = phraseToSeed(seedToPhrase(seed));
    const restored = await lockKey(primitives, owner, again, 'five other words at random', {
      workFactor: 2,
    });
    assert.equal(restored.address, key.address);
  });

  it('is not asked for while it is unlocked, but not opened by the seed of another key', async () => {
    const findUnlocked = async (): Promise<Uint8Array> => await Promise.resolve(SEED);
    const options = { primitives, findUnlocked, askPassphrase: never };
    assert.deepEqual(await unlockKey(key, options), SEED);
    const other = { ...key, address: addressOfSeed(primitives, SEED.toReversed()) };
    await assert.rejects(unlockKey(other, options), failsWith('KEYSTORE_INVALID'));
  });
});

describe('a key of a demonstration', () => {
  const address = addressOfSeed(primitives, SEED);
  const demo: DemoKey = {
    format: 'medseal-key/1',
    demo: true,
    ...owner,
    address,
    seed: bytesToHex(SEED),
  };

  it('is refused outside a demonstration, needs no passphrase inside', async () => {
    const path = await mkdtemp(join(tmpdir(), 'medseal-keys-'));
    try {
      await writeKey(path, demo);
      await assert.rejects(readKeystore(path, REAL), failsWith('KEYSTORE_DEMO'));
      const [key] = await readKeystore(path, { demo: true });
      assert.ok(key);
      assert.deepEqual(await unlockKey(key, { primitives, askPassphrase: never }), SEED);
    } finally {
      await rm(path, { recursive: true });
    }
  });
});
