// Over 400 lines: every vault has to pass the same cases, so they stand in one list.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { isMedsealError } from '../errors/isMedsealError.ts';
import type { ErrorCode } from '../errors/catalogue.ts';
import type { Bytes32, Handle } from '../protocol/ids.ts';
import { SMALL_FILE, type FileIdentity, type SmallFile, type Vault } from './Vault.ts';

/** A vault under test, empty, with a quota of `QUOTA`. */
export interface VaultUnderTest {
  vault: Vault;
  /** Closes the vault and opens it again on the same store. */
  reopen(): Promise<Vault>;
  /** Changes the stored bytes of a file behind the vault's back. */
  damage(hash: Bytes32, change: (bytes: Uint8Array) => Uint8Array): Promise<void>;
  /** Removes what the test made. */
  end(): Promise<void>;
}

/** The quota that a vault under test has, in bytes. */
export const QUOTA = 4 * 1024 * 1024;

const ALICE: Handle = `0x${'a1'.repeat(32)}`;
const BOB: Handle = `0x${'b0'.repeat(32)}`;
const LEASE = 1_000;
/** Files of either kind, for a vault that keeps small ones otherwise than large ones. */
const SIZES = [
  ['small', 200],
  ['large', 20_000],
] as const;

/** Bytes that differ by seed and never repeat in a short range. */
export function sampleBytes(length: number, seed = 1): Uint8Array {
  const hash = createHash('shake256', { outputLength: length }).update(`${seed}`);
  return new Uint8Array(hash.digest());
}

/** Returns the name and length of a file of these bytes. */
export function identify(bytes: Uint8Array): FileIdentity {
  return { hash: `0x${createHash('sha256').update(bytes).digest('hex')}`, size: bytes.length };
}

/** Bytes in parts, as they come from a network. */
export async function* inParts(bytes: Uint8Array, length = 10_000): AsyncIterable<Uint8Array> {
  for (let from = 0; from < bytes.length; from += length) yield bytes.slice(from, from + length);
}

/** All bytes of a stream. */
export async function gather(content: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const part of content) parts.push(part);
  return Buffer.concat(parts);
}

/** An `assert.rejects` matcher for a Medseal error of a code. */
export function failsWith(code: ErrorCode): (error: unknown) => true {
  return (error) => {
    assert.ok(isMedsealError(error, code), `${String(error)} is not ${code}`);
    return true;
  };
}

function hexOf(bytes: Uint8Array | undefined): string | undefined {
  return bytes && Buffer.from(bytes).toString('hex');
}

async function stored(vault: Vault, bytes: Uint8Array, until = LEASE): Promise<Bytes32> {
  const file = identify(bytes);
  await vault.put(file, inParts(bytes), until);
  return file.hash;
}

/**
 * Runs every case that a vault has to pass, whatever it is made of.
 *
 * @param name - Name of the vault under test.
 * @param start - Makes an empty one.
 */
export function vaultCases(name: string, start: () => Promise<VaultUnderTest>): void {
  /** A case with a vault of its own. */
  function caseOf(title: string, run: (under: VaultUnderTest) => Promise<void>): void {
    it(title, async () => {
      const under = await start();
      try {
        await run(under);
      } finally {
        await under.end();
      }
    });
  }

  describe(`vault: ${name}`, () => {
    caseOf('gives back the bytes that were put, of any size up to the quota', async ({ vault }) => {
      for (const length of [0, 1, 9_999, 10_000, 300_000, QUOTA]) {
        const bytes = sampleBytes(length, length + 1);
        const hash = await stored(vault, bytes);
        assert.deepEqual(await vault.stat(hash), { hash, size: length });
        assert.equal(Buffer.compare(await gather(vault.get(hash)), bytes), 0);
      }
    });

    caseOf('gives any part of a file, and none beyond it', async ({ vault }) => {
      for (const length of [0, 10_000, QUOTA]) {
        const bytes = sampleBytes(length, length + 1);
        const hash = await stored(vault, bytes);
        const middle = Math.floor(length / 3);
        for (const [from, to] of [
          [0, length],
          [0, 0],
          [length, length],
          [middle, length],
          [middle, Math.min(middle + 1, length)],
          [middle, Math.floor(length / 2)],
        ] as const) {
          const part = await gather(vault.get(hash, { from, to }));
          assert.equal(Buffer.compare(part, bytes.subarray(from, to)), 0, `${from} to ${to}`);
        }
        for (const [from, to] of [
          [0, length + 1],
          [-1, 1],
          [1, 0],
          [0.5, 1],
          [Number.NaN, Number.NaN],
        ] as const) {
          const outside = gather(vault.get(hash, { from, to }));
          await assert.rejects(outside, failsWith('RANGE_OUTSIDE'));
        }
      }
    });

    caseOf('finds a file by the SHA-256 of its bytes', async ({ vault }) => {
      const hash = await stored(vault, new TextEncoder().encode('abc'));
      assert.equal(hash, '0xba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    });

    caseOf('says that it does not hold what was never put', async ({ vault }) => {
      const { hash } = identify(sampleBytes(5));
      assert.equal(await vault.stat(hash), undefined);
      await assert.rejects(gather(vault.get(hash)), failsWith('FILE_ABSENT'));
      await assert.rejects(vault.own(hash, ALICE), failsWith('FILE_ABSENT'));
      await vault.disown(hash, ALICE);
    });

    caseOf('refuses bytes that are not what was announced, and keeps none', async ({ vault }) => {
      const bytes = sampleBytes(50_000);
      const file = identify(bytes);
      const other = sampleBytes(50_000, 2);
      const wrong: [FileIdentity, Uint8Array][] = [
        [file, other],
        [file, bytes.slice(1)],
        [file, Buffer.concat([bytes, bytes])],
        [{ ...file, size: file.size + 1 }, bytes],
        [{ ...file, size: file.size - 1 }, bytes],
        [{ ...file, size: 0 }, bytes],
        [file, new Uint8Array(0)],
      ];
      for (const [announced, content] of wrong) {
        await assert.rejects(
          vault.put(announced, inParts(content), LEASE),
          failsWith('FILE_MISMATCH'),
        );
      }
      assert.equal(await vault.stat(file.hash), undefined);
      assert.equal(await vault.stat(identify(other).hash), undefined);
    });

    caseOf('stops reading a stream as soon as it is too long', async ({ vault }) => {
      const file = identify(sampleBytes(1_000));
      let parts = 0;
      async function* endless(): AsyncIterable<Uint8Array> {
        for (;;) {
          parts += 1;
          yield sampleBytes(600);
        }
      }
      await assert.rejects(vault.put(file, endless(), LEASE), failsWith('FILE_MISMATCH'));
      assert.equal(parts, 2);
    });

    caseOf('refuses a file over the quota before it reads any of it', async ({ vault }) => {
      const file = { ...identify(sampleBytes(1)), size: QUOTA + 1 };
      const unread: AsyncIterable<Uint8Array> = {
        [Symbol.asyncIterator]: () => assert.fail('was read'),
      };
      await assert.rejects(vault.put(file, unread, LEASE), failsWith('FILE_BEYOND_QUOTA'));
    });

    caseOf('refuses a hash that is malformed', async ({ vault }) => {
      for (const hash of ['0x', '0x00', `0x${'AB'.repeat(32)}`, '../../etc/passwd'] as Bytes32[]) {
        const file = { hash, size: 0 };
        await assert.rejects(vault.put(file, inParts(sampleBytes(0)), 1), failsWith(MALFORMED));
        await assert.rejects(vault.stat(hash), failsWith(MALFORMED));
        await assert.rejects(gather(vault.get(hash)), failsWith(MALFORMED));
        await assert.rejects(vault.own(hash, ALICE), failsWith(MALFORMED));
        await assert.rejects(vault.disown(hash, ALICE), failsWith(MALFORMED));
      }
    });

    caseOf('passes an error of the source on, and keeps nothing', async ({ vault }) => {
      const bytes = sampleBytes(30_000);
      const torn = new Error('the connection broke');
      async function* breaking(): AsyncIterable<Uint8Array> {
        yield bytes.slice(0, 20_000);
        throw torn;
      }
      await assert.rejects(vault.put(identify(bytes), breaking(), LEASE), torn);
      assert.equal(await vault.stat(identify(bytes).hash), undefined);
    });

    caseOf('takes and gives small files many at a time, each for itself', async ({ vault }) => {
      const files = [0, 1, 500, SMALL_FILE].map((length) => {
        const content = sampleBytes(length, length + 2);
        return { ...identify(content), content };
      });
      const [empty, one, some, most] = files;
      assert.ok(empty && one && some && most);
      const large = sampleBytes(SMALL_FILE + 1);
      const wrong = [
        { ...some, hash: one.hash },
        { ...one, size: 2 },
        { ...identify(large), content: large },
      ];
      const faults = await vault.putSmall(
        [empty, wrong[0], one, wrong[1], wrong[2], most, one] as SmallFile[],
        LEASE,
      );
      assert.deepEqual(
        faults.map((fault) => fault?.code),
        [
          undefined,
          'FILE_MISMATCH',
          undefined,
          'FILE_MISMATCH',
          'FILE_BEYOND_QUOTA',
          undefined,
          undefined,
        ],
      );
      for (const { hash, size, content } of [empty, one, most]) {
        assert.deepEqual(await vault.stat(hash), { hash, size });
        assert.equal(Buffer.compare(await gather(vault.get(hash)), content), 0);
      }
      const { hash } = identify(large);
      await vault.put({ hash, size: large.length }, inParts(large), LEASE);
      const given = await vault.small([most.hash, some.hash, hash, empty.hash, most.hash]);
      const expected = [most.content, undefined, undefined, empty.content, most.content];
      assert.deepEqual(given.map(hexOf), expected.map(hexOf));
      assert.deepEqual(await vault.small([]), []);
      assert.deepEqual(await vault.putSmall([], LEASE), []);
    });

    caseOf(
      'collects small files that were put together when their lease ends',
      async ({ vault }) => {
        const files = [3, 4].map((length) => {
          const content = sampleBytes(length);
          return { ...identify(content), content };
        });
        await vault.putSmall(files, LEASE);
        await vault.putSmall(files.slice(1), LEASE + 10);
        await vault.putSmall(files, LEASE - 10);
        assert.equal(await vault.collect(LEASE - 1), 0);
        assert.equal(await vault.collect(LEASE), 1);
        const left = await vault.small(files.map(({ hash }) => hash));
        assert.deepEqual(left.map(hexOf), [undefined, hexOf(files[1]?.content)]);
        assert.equal(await vault.collect(LEASE + 10), 1);
      },
    );

    caseOf(
      'erases a file at once, whatever its lease, unless another owns it',
      async ({ vault }) => {
        const [one, other] = [`0x${'aa'.repeat(32)}`, `0x${'bb'.repeat(32)}`] as const;
        for (const length of [40, 40_000]) {
          const hash = await stored(vault, sampleBytes(length, length + 7));
          await vault.own(hash, one);
          await vault.own(hash, other);
          assert.equal(await vault.erase(hash, one), false);
          assert.ok((await vault.stat(hash)) !== undefined, 'the other owns it');
          assert.equal(await vault.erase(hash, other), true);
          assert.equal(await vault.stat(hash), undefined);
          assert.equal(await vault.erase(hash, other), false);
          // The same file, put again, has a lease.
          await stored(vault, sampleBytes(length, length + 7));
          assert.equal(await vault.collect(LEASE), 1);
        }
        await assert.rejects(vault.erase('../x' as Bytes32, one), failsWith('REQUEST_MALFORMED'));
      },
    );

    caseOf('removes no file that it knows as one that it does not', async ({ vault }) => {
      for (const length of [40, 40_000]) {
        const bytes = sampleBytes(length, length + 8);
        const file = identify(bytes);
        assert.equal(await vault.removeStray(file), false, 'nothing is there');
        await stored(vault, bytes);
        assert.equal(await vault.removeStray(file), false);
        assert.ok((await vault.stat(file.hash)) !== undefined);
      }
      const hash = '../x' as Bytes32;
      await assert.rejects(vault.removeStray({ hash, size: 40_000 }), failsWith(MALFORMED));
    });

    caseOf('refuses names and writes that are malformed for small files too', async ({ vault }) => {
      const content = sampleBytes(3);
      const hash = '../../etc/passwd' as Bytes32;
      await assert.rejects(
        vault.putSmall([{ hash, size: 3, content }], LEASE),
        failsWith(MALFORMED),
      );
      await assert.rejects(vault.small([hash]), failsWith(MALFORMED));
    });

    caseOf('takes concurrent puts of one file, and of many', async ({ vault }) => {
      const files = Array.from({ length: 40 }, (_, i) =>
        sampleBytes(i < 20 ? 20_000 : 100, 1 + (i % 4)),
      );
      const hashes = await Promise.all(files.map(async (bytes) => await stored(vault, bytes)));
      for (const [i, hash] of hashes.entries()) {
        assert.equal(Buffer.compare(await gather(vault.get(hash)), files[i] ?? sampleBytes(0)), 0);
      }
    });

    caseOf('keeps a good file when a bad one of its name fails beside it', async ({ vault }) => {
      const bytes = sampleBytes(20_000);
      const file = identify(bytes);
      const results = await Promise.allSettled([
        vault.put(file, inParts(sampleBytes(20_000, 3)), LEASE),
        vault.put(file, inParts(bytes), LEASE),
        vault.put(file, inParts(sampleBytes(20_000, 4)), LEASE),
      ]);
      assert.deepEqual(
        results.map(({ status }) => status),
        ['rejected', 'fulfilled', 'rejected'],
      );
      assert.equal(Buffer.compare(await gather(vault.get(file.hash)), bytes), 0);
    });

    caseOf('lets nothing be seen of a file that is still arriving', async ({ vault }) => {
      const bytes = sampleBytes(30_000);
      const { hash } = identify(bytes);
      async function* watched(): AsyncIterable<Uint8Array> {
        for await (const part of inParts(bytes)) {
          yield part;
          assert.equal(await vault.stat(hash), undefined);
        }
      }
      await vault.put(identify(bytes), watched(), LEASE);
      assert.notEqual(await vault.stat(hash), undefined);
    });

    caseOf('knows its files, leases and owners when it is opened again', async (under) => {
      const kept = await stored(under.vault, sampleBytes(100));
      const leased = await stored(under.vault, sampleBytes(200), LEASE);
      await under.vault.own(kept, ALICE);
      const vault = await under.reopen();
      assert.equal(Buffer.compare(await gather(vault.get(kept)), sampleBytes(100)), 0);
      assert.deepEqual(await vault.stat(leased), { hash: leased, size: 200 });
      assert.equal(await vault.collect(LEASE), 1);
      assert.equal(await vault.stat(leased), undefined);
      assert.notEqual(await vault.stat(kept), undefined);
    });

    caseOf('collects a file at the end of its lease, not before', async ({ vault }) => {
      const hash = await stored(vault, sampleBytes(10), LEASE);
      assert.equal(await vault.collect(LEASE - 1), 0);
      assert.notEqual(await vault.stat(hash), undefined);
      assert.equal(await vault.collect(LEASE), 1);
      assert.equal(await vault.stat(hash), undefined);
      await assert.rejects(gather(vault.get(hash)), failsWith('FILE_ABSENT'));
      assert.equal(await vault.collect(LEASE), 0);
    });

    caseOf(
      'extends a lease when the file is put again, and never shortens it',
      async ({ vault }) => {
        const hash = await stored(vault, sampleBytes(10), 10);
        await stored(vault, sampleBytes(10), 20);
        await stored(vault, sampleBytes(10), 15);
        assert.equal(await vault.collect(19), 0);
        assert.notEqual(await vault.stat(hash), undefined);
        assert.equal(await vault.collect(20), 1);
      },
    );

    caseOf('keeps a file while anyone owns it', async ({ vault }) => {
      const hash = await stored(vault, sampleBytes(10));
      for (const handle of [ALICE, ALICE, BOB]) await vault.own(hash, handle);
      assert.equal(await vault.collect(LEASE), 0);
      await vault.disown(hash, ALICE);
      assert.equal(await vault.collect(LEASE), 0);
      await vault.disown(hash, ALICE);
      assert.notEqual(await vault.stat(hash), undefined);
      await vault.disown(hash, BOB);
      assert.equal(await vault.collect(LEASE - 1), 0);
      assert.equal(await vault.collect(LEASE), 1);
      assert.equal(await vault.stat(hash), undefined);
    });

    caseOf('does not make an owned file due when it is put again', async ({ vault }) => {
      const hash = await stored(vault, sampleBytes(10), 10);
      await vault.own(hash, ALICE);
      await stored(vault, sampleBytes(10), 20);
      assert.equal(await vault.collect(30), 0);
      await vault.disown(hash, ALICE);
      assert.equal(await vault.collect(30), 1);
    });

    caseOf('takes a collected file again', async ({ vault }) => {
      const hash = await stored(vault, sampleBytes(10), 10);
      assert.equal(await vault.collect(10), 1);
      await stored(vault, sampleBytes(10), 20);
      assert.equal(await vault.collect(19), 0);
      assert.notEqual(await vault.stat(hash), undefined);
    });

    caseOf('finishes a read that began before the file was collected', async ({ vault }) => {
      const bytes = sampleBytes(QUOTA);
      const hash = await stored(vault, bytes, 10);
      const parts: Uint8Array[] = [];
      for await (const part of vault.get(hash)) {
        if (parts.length === 0) assert.equal(await vault.collect(10), 1);
        parts.push(part);
      }
      assert.equal(Buffer.compare(Buffer.concat(parts), bytes), 0);
    });

    caseOf('never loses an owned file to a collection beside it', async ({ vault }) => {
      const hashes = await Promise.all(
        Array.from({ length: 30 }, async (_, i) => await stored(vault, sampleBytes(10, i + 1))),
      );
      const owned = await Promise.all(
        hashes.map(async (hash, i) => {
          const owning = vault.own(hash, ALICE).then(
            () => true,
            () => false,
          );
          if (i % 5 === 0) await vault.collect(LEASE);
          return await owning;
        }),
      );
      for (const [i, hash] of hashes.entries()) {
        assert.equal((await vault.stat(hash)) !== undefined, owned[i]);
      }
    });

    for (const [what, length] of SIZES) {
      caseOf(`says at the end of a read that a ${what} file was damaged`, async (under) => {
        const hash = await stored(under.vault, sampleBytes(length));
        await under.damage(hash, (bytes) => bytes.with(7, (bytes[7] ?? 0) ^ 1));
        await assert.rejects(gather(under.vault.get(hash)), failsWith('FILE_MISMATCH'));
        await under.damage(hash, (bytes) => bytes.slice(0, 5));
        await assert.rejects(gather(under.vault.get(hash)));
      });

      caseOf(`heals a damaged ${what} file when it is put again`, async (under) => {
        const bytes = sampleBytes(length);
        const hash = await stored(under.vault, bytes);
        await under.vault.own(hash, ALICE);
        await under.damage(hash, (stale) => stale.with(0, (stale[0] ?? 0) ^ 0x80));
        await stored(under.vault, bytes);
        assert.equal(Buffer.compare(await gather(under.vault.get(hash)), bytes), 0);
        assert.equal(await under.vault.collect(LEASE), 0);
      });
    }

    caseOf('does not hold a large file of which a part was lost', async (under) => {
      const hash = await stored(under.vault, sampleBytes(20_000));
      await under.damage(hash, (bytes) => bytes.slice(0, 100));
      assert.equal(await under.vault.stat(hash), undefined);
      await assert.rejects(under.vault.own(hash, ALICE), failsWith('FILE_ABSENT'));
    });

    caseOf('looks many files up at once, and gives them owners at once', async ({ vault }) => {
      const lengths = [5, 20_000, 16_384, 16_385, 0];
      const hashes = await Promise.all(
        lengths.map(async (length) => await stored(vault, sampleBytes(length))),
      );
      const { hash: absent } = identify(sampleBytes(77));
      const asked = [hashes[1], absent, hashes[0], hashes[4], hashes[1]] as Bytes32[];
      assert.deepEqual(await vault.stats(asked), [
        { hash: hashes[1], size: 20_000 },
        { hash: hashes[0], size: 5 },
        { hash: hashes[4], size: 0 },
        { hash: hashes[1], size: 20_000 },
      ]);
      const owners = asked.map((hash) => ({ hash, handle: ALICE }));
      assert.deepEqual(await vault.ownAll(owners), [{ hash: absent, handle: ALICE }]);
      assert.equal(await vault.collect(LEASE), 2);
      assert.deepEqual(
        await vault.stats(hashes),
        await vault.stats([0, 1, 4].map((i) => hashes[i] as Bytes32)),
      );
      assert.deepEqual([await vault.stats([]), await vault.ownAll([])], [[], []]);
      await assert.rejects(vault.stats([absent, '0x']), failsWith(MALFORMED));
      await assert.rejects(vault.ownAll([{ hash: '0x', handle: ALICE }]), failsWith(MALFORMED));
    });

    caseOf('says how much it holds', async ({ vault }) => {
      assert.deepEqual(await vault.usage(), { files: 0, bytes: 0 });
      const lengths = [5, 20_000, 16_384, 0];
      const content = lengths.map((length) => sampleBytes(length));
      const [first] = await Promise.all(content.map(async (each) => await stored(vault, each)));
      assert.deepEqual(await vault.usage(), { files: 4, bytes: 36_389 });
      await vault.own(first as Bytes32, ALICE);
      await vault.collect(LEASE);
      assert.deepEqual(await vault.usage(), { files: 1, bytes: 5 });
    });

    caseOf('answers nothing after it was closed', async ({ vault }) => {
      const hash = await stored(vault, sampleBytes(10));
      await vault.close();
      await assert.rejects(vault.stat(hash), failsWith('CLOSED'));
      await assert.rejects(vault.collect(0), failsWith('CLOSED'));
    });
  });
}

const MALFORMED = 'REQUEST_MALFORMED';
