import assert from 'node:assert/strict';
import { before, beforeEach, describe, it } from 'node:test';
import { createHash } from 'node:crypto';
import { randomBytes } from '@noble/hashes/utils.js';
import { bytesToHex, hexToBytes, utf8ToBytes } from '../../crypto/bytes.ts';
import { ageIdentity, recipientKey, recipientOf } from '../../crypto/keys/ageIdentity.ts';
import { portablePrimitives as primitives } from '../../crypto/portablePrimitives.ts';
import { portableKem } from '../../crypto/sealing/portableKem.ts';
import { sealBytes } from '../../crypto/sealing/sealBytes.ts';
import { streamBytes } from '../../crypto/sealing/streamBytes.ts';
import { evidencedRecipient } from '../../crypto/threshold/evidencedStanza.ts';
import { scalarBytes } from '../../crypto/threshold/scalars.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import type { SealAsked } from '../../protocol/release/ReleaseAsked.ts';
import type { ChannelKey } from '../../protocol/release/releaseKeyOf.ts';
import { versionIdentity } from '../../protocol/release/versionIdentity.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { network, word } from '../../protocol/test/sampleNetwork.ts';
import { SMALL_FILE, type Vault } from '../../vault/Vault.ts';
import { sealOf } from '../../node/test/sealOf.ts';
import { GuardedFiles, type VersionFile } from './GuardedFiles.ts';

const { group } = primitives;
const KEY: ChannelKey = {
  id: new Uint8Array(32).fill(3),
  channel: 'care',
  publicKey: group.base(scalarBytes(5n)),
  threshold: 2,
  members: new Map(),
  indices: new Map(),
};
const OTHER_KEY = { ...KEY, id: new Uint8Array(32).fill(4) };
const [small, large] = [utf8ToBytes('a note'), new Uint8Array(SMALL_FILE)];
const stored = new Map<Bytes32, Uint8Array>();
/** Files that a peer has. */
const elsewhere = new Map<Bytes32, Uint8Array>();
let obtained: Bytes32[] = [];
/** Files of which all bytes were read. */
let whole: Bytes32[] = [];
let guarded: readonly VersionFile[];
let open: readonly VersionFile[];
let files: GuardedFiles;

before(async () => {
  guarded = await Promise.all(
    [small, large].map(async (content, place) => await sealed(content, place)),
  );
  const targets = [await theirs(), await own()];
  const plain = await Promise.all(
    [small, large].map(async (content) => await sealBytes(targets, content)),
  );
  open = [...plain, new Uint8Array(), small].map((file) => stores(file, 'of an open file'));
});
beforeEach(() => {
  obtained = [];
  whole = [];
  elsewhere.clear();
  files = guardedFiles();
});

async function theirs(): Promise<string> {
  return await recipientOf(ageIdentity(new Uint8Array(32).fill(1)));
}

async function own(): Promise<string> {
  return await recipientOf(ageIdentity(new Uint8Array(32).fill(2)));
}

/** A file that is sealed for a version. */
async function sealed(
  content: Uint8Array,
  place: number,
  key = KEY,
  number = 1,
): Promise<VersionFile> {
  const name = `record ${place}`;
  const version = { handle: word('handle'), record: word(name), version: number };
  const target = {
    recipientKey: recipientKey(await theirs()),
    publicKey: key.publicKey,
    keyId: key.id,
    identity: versionIdentity(network, key, version),
  };
  const evidenced = evidencedRecipient(group, portableKem, target, randomBytes);
  return stores(await sealBytes([evidenced, await own()], content), name, number);
}

function stores(content: Uint8Array, name: string, version = 1): VersionFile {
  const file = hashOf(content);
  stored.set(file, content);
  return { handle: word('handle'), record: word(name), version, file, size: content.length };
}

function hashOf(content: Uint8Array): Bytes32 {
  return bytesToHex(new Uint8Array(createHash('sha256').update(content).digest()));
}

/** Fetches a file from a peer. */
async function obtain(file: Bytes32): Promise<void> {
  obtained.push(file);
  const given = elsewhere.get(file);
  if (given === undefined) throw new MedsealError('FILE_ABSENT', {});
  stored.set(file, given);
  await Promise.resolve();
}

function guardedFiles(vault: Partial<Pick<Vault, 'small'>> = {}): GuardedFiles {
  return new GuardedFiles({
    network,
    primitives,
    obtain,
    mend: obtain,
    vault: { ...memoryVault(), ...vault },
  });
}

function memoryVault(): Pick<Vault, 'get' | 'small'> {
  return {
    async *get(hash, range) {
      const content = stored.get(hash);
      if (content === undefined) throw new MedsealError('FILE_ABSENT', {});
      yield* streamBytes(content.slice(range?.from, range?.to));
      if (range !== undefined) return;
      whole.push(hash);
      if (hashOf(content) !== hash) throw new MedsealError('FILE_MISMATCH', {});
    },
    small: async (hashes) => await Promise.resolve(hashes.map((hash) => stored.get(hash))),
  };
}

async function none(all: readonly Bytes32[]): Promise<readonly undefined[]> {
  return await Promise.resolve(all.map(() => undefined));
}

/** The seal in a file's header. */
async function asked({ file }: VersionFile): Promise<SealAsked> {
  const contributor = { file: () => streamBytes(stored.get(file) ?? small) };
  const services = (() => ({ contributor })) as unknown as Parameters<typeof sealOf>[0]['services'];
  return await sealOf({ services }, { file });
}

describe('the guarded files among many', () => {
  it('are those whose header says so, small or large', async () => {
    const found = await files.among(KEY, [...open, ...guarded]);
    assert.deepEqual(found, new Set(guarded.map(({ file }) => file)));
  });

  it('are not those of another release key', async () => {
    assert.deepEqual(await files.among(OTHER_KEY, guarded), new Set());
  });

  it('are found by their beginning if the vault gives no small file whole', async () => {
    const found = await guardedFiles({ small: none }).among(KEY, [...open, ...guarded]);
    assert.deepEqual(found, new Set(guarded.map(({ file }) => file)));
  });

  // @attack an author writes a version whose file is sealed for another one, so that nobody can open it | refused at the write: the proof in its seal is of another version
  it('are those that are sealed for their own version alone', async () => {
    const [first = assert.fail()] = guarded;
    for (const change of [{ record: word('another') }, { version: 2 }, { handle: word('other') }])
      assert.deepEqual(await files.among(KEY, [{ ...first, ...change }]), new Set());
  });
});

describe('a seal of which shares are asked', () => {
  const anothers = failsWith('EVIDENCE_INVALID', { reason: 'the seal is of another file' });

  it('is the one of the version’s file, which is read once', async () => {
    for (const version of guarded) {
      await files.require(KEY, version, await asked(version));
      const kept = stored.get(version.file) ?? assert.fail();
      const seal = await asked(version);
      stored.delete(version.file);
      await files.require(KEY, version, seal);
      stored.set(version.file, kept);
    }
    assert.deepEqual(obtained, []);
  });

  // @attack a reader has the seal of another file of the same version opened, which lost a race | refused: a release is for the seal of the file that a quorum put on the chart
  it('is not the seal of another file of the same version', async () => {
    const [first = assert.fail()] = guarded;
    const other = await sealed(utf8ToBytes('another content'), 0);
    await assert.rejects(files.require(KEY, first, await asked(other)), anothers);
    const seal = await asked(first);
    const encapsulation = word('another encapsulation');
    await assert.rejects(files.require(KEY, first, { ...seal, encapsulation }), anothers);
  });

  // @attack a reader has the seal of one record opened by a view of another | refused before any share is computed
  it('is not one of another version, though the file is what the version names', async () => {
    const [first = assert.fail()] = guarded;
    const moved = { ...first, record: word('a record of the reader’s own') };
    const reason = 'the seal is of another version';
    await assert.rejects(
      files.require(KEY, moved, await asked(first)),
      failsWith('EVIDENCE_INVALID', { reason }),
    );
    await files.require(KEY, first, await asked(first));
    await assert.rejects(
      files.require(OTHER_KEY, first, await asked(first)),
      failsWith('EVIDENCE_INVALID', { reason }),
    );
  });

  // @attack a reader has the seal of version 1, whose key it does not get any more, opened by a view of version 2 of the same record | refused before any share is computed
  it('is not one of version 1 under a view of version 2 of the same record, nor the other way', async () => {
    const second = await sealed(utf8ToBytes('an amended note'), 0, KEY, 2);
    const [first = assert.fail()] = guarded;
    assert.equal(first.record, second.record);
    const seals = [await asked(first), await asked(second)] as const;
    const reason = 'the seal is of another version';
    for (const [file, seal, version] of [
      [first, seals[0], 2],
      [second, seals[1], 1],
    ] as const) {
      await assert.rejects(
        files.require(KEY, { ...file, version }, seal),
        failsWith('EVIDENCE_INVALID', { reason }),
      );
    }
    await assert.rejects(files.require(KEY, second, seals[0]), anothers);
    await assert.rejects(files.require(KEY, first, seals[1]), anothers);
    await files.require(KEY, first, seals[0]);
    await files.require(KEY, second, seals[1]);
  });

  it('is not one of a file that opens without a release', async () => {
    const [plain = assert.fail()] = open;
    const [first = assert.fail()] = guarded;
    await assert.rejects(
      files.require(KEY, plain, await asked(first)),
      failsWith('EVIDENCE_INVALID'),
    );
  });

  it('is read from a peer’s copy if the organisation keeps none', async () => {
    const [first = assert.fail()] = guarded;
    const seal = await asked(first);
    elsewhere.set(first.file, stored.get(first.file) ?? assert.fail());
    stored.delete(first.file);
    await files.require(KEY, first, seal);
    assert.deepEqual(obtained, [first.file]);
  });

  // @attack a reader has shares of large files released by organisations that keep no copy, so that each fetches all of them | nothing larger than a small file is fetched for a release
  it('is not read from a peer’s copy of a large file, but remembered from its write', async () => {
    const [, big = assert.fail()] = guarded;
    const seal = await asked(big);
    const kept = stored.get(big.file) ?? assert.fail();
    elsewhere.set(big.file, kept);
    stored.delete(big.file);
    const absent = failsWith('NOT_YET', { what: 'copy of the file' });
    await assert.rejects(files.require(KEY, big, seal), absent);
    assert.deepEqual(obtained, []);
    stored.set(big.file, kept);
    await files.among(KEY, [big]);
    stored.delete(big.file);
    await files.require(KEY, big, seal);
    stored.set(big.file, kept);
  });

  for (const [what, place] of [
    ['the seal', 1250],
    ['its first line', 3],
  ] as const) {
    it(`is read from a peer’s copy if ${what} is damaged in the organisation’s own, small or large`, async () => {
      for (const version of guarded) {
        const seal = await asked(version);
        const sound = stored.get(version.file) ?? assert.fail();
        stored.set(version.file, sound.with(place, (sound[place] ?? 0) ^ 1));
        await assert.rejects(
          files.require(KEY, version, seal),
          failsWith('NOT_YET', { what: 'copy of the file' }),
        );
        elsewhere.set(version.file, sound);
        await files.require(KEY, version, seal);
        assert.deepEqual(stored.get(version.file), sound);
        elsewhere.delete(version.file);
      }
    });
  }

  it('is not read from a peer’s copy if the organisation’s own is sound, which is compared once', async () => {
    const [first = assert.fail()] = guarded;
    const other = await asked(await sealed(utf8ToBytes('another content'), 0));
    for (let n = 0; n < 3; n++) await assert.rejects(files.require(KEY, first, other), anothers);
    assert.deepEqual(whole, [first.file]);
    assert.deepEqual(obtained, []);
    // Nor is anything compared for a seal that is not even of the version.
    const [, big = assert.fail()] = guarded;
    await assert.rejects(files.require(KEY, big, other), anothers);
    assert.deepEqual(whole, [first.file]);
  });

  // @attack a reader asks for shares of two release keys in turn, with seals that it makes itself, so that coordinators read whole files without end | a file is compared once for each key
  it('is compared once for each release key, whichever is asked for in turn', async () => {
    const [first = assert.fail()] = guarded;
    const content = utf8ToBytes('another content');
    for (let n = 0; n < 6; n++) {
      const key = n % 2 === 0 ? KEY : OTHER_KEY;
      const other = await asked(await sealed(content, 0, key));
      await assert.rejects(files.require(key, first, other), failsWith('EVIDENCE_INVALID'));
    }
    assert.deepEqual(whole, [first.file, first.file]);
  });

  it('is not taken with one bit altered', async () => {
    const [first = assert.fail()] = guarded;
    const { seal, encapsulation } = await asked(first);
    const bytes = hexToBytes(seal);
    for (const place of [0, 40, 80, 129]) {
      const altered = bytesToHex(bytes.with(place, (bytes[place] ?? 0) ^ 1));
      await assert.rejects(files.require(KEY, first, { seal: altered, encapsulation }), anothers);
    }
  });
});
