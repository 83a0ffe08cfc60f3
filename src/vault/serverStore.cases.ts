import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { Readable } from 'node:stream';
import { inspect } from 'node:util';
import { MemoryDatabase } from '../database/test/MemoryDatabase.ts';
import { bytesToHex } from '../crypto/bytes.ts';
import { portablePrimitives } from '../crypto/portablePrimitives.ts';
import { KeyedLock } from '../database/KeyedLock.ts';
import type { ErrorCode } from '../errors/catalogue.ts';
import { writeJsonFile } from '../folder/jsonFiles.ts';
import { systemClock } from '../folder/systemClock.ts';
import { systemRandom } from '../folder/systemRandom.ts';
import { memoryFiles } from '../folder/test/memoryFiles.ts';
import { ZERO32, type Bytes32 } from '../protocol/ids.ts';
import { ipfsStore } from './ipfs/ipfsStore.ts';
import { STORE_FILE } from './markedStore.ts';
import { openVault } from './openVault.ts';
import { StoreCaller } from './remote/StoreCaller.ts';
import { s3Store } from './s3/s3Store.ts';
import type { Arrival, SealedStore, StoredThing } from './SealedStore.ts';
import { storeOpener } from './storeOpener.ts';
import type { Files } from '../folder/Files.ts';
import { markedFiles } from './test/markedFiles.ts';
import { damageRow } from './test/damageRow.ts';
import { startFaultyProxy, type FaultyProxy, type StoreFault } from './test/faultyProxy.ts';
import { TEST_CREDENTIALS } from './test/startVersitygw.ts';
import type { StoreServer } from './test/StoreServer.ts';
import type { Vault } from './Vault.ts';
import {
  failsWith,
  gather,
  identify,
  inParts,
  QUOTA,
  sampleBytes,
  vaultCases,
} from './vault.cases.ts';

/** Kinds of store that are servers, as `vault.store` has them. */
export type ServerKind = 's3' | 'ipfs';

const MIB = 2 ** 20;
const BUCKET = 'medseal';
/** Over a part of an upload in parts. */
const IN_PARTS = sampleBytes(9_000_000);

/**
 * Runs every case that a store on a server has to pass, with a good server and a bad one.
 *
 * @param name - Name of the server.
 * @param kind - Kind of store.
 * @param start - Starts the server; an S3 server has an empty bucket `medseal`.
 * @param large - Bytes of a file that goes there and back in little memory, if there is room for one.
 */
export function serverStoreCases(
  name: string,
  kind: ServerKind,
  start: () => Promise<StoreServer>,
  large?: number,
): void {
  describe(`sealed files at ${name}`, () => {
    let server: StoreServer;
    let proxy: FaultyProxy;
    let vaults = 0;

    before(async () => {
      server = await start();
      proxy = await startFaultyProxy(server.url);
    });
    after(async () => {
      await proxy.stop();
      await server.stop();
    });

    /** A store with names of its own at the server. */
    async function storeAt(
      url: string,
      folder: string,
      { files, networkId = ZERO32 }: { files?: Files; networkId?: Bytes32 } = {},
    ): Promise<SealedStore> {
      const store = kind === 's3' ? `s3:${url}/${BUCKET}/${folder}` : `ipfs:${url}/${folder}`;
      const ports = {
        clock: {
          after(milliseconds: number, run: () => void) {
            // No pause between tries, and no patience with a server that will never answer.
            const isOver = milliseconds < 10_000 || proxy.fault === 'silent';
            const timer = setTimeout(run, isOver ? 10 : milliseconds);
            return () => clearTimeout(timer);
          },
        },
        primitives: {
          sha256: (bytes: Uint8Array) =>
            new Uint8Array(createHash('sha256').update(bytes).digest()),
        },
        random: systemRandom,
      };
      const open = await storeOpener(
        { store, region: 'us-east-1' },
        ports,
        async () => await Promise.resolve(TEST_CREDENTIALS),
      );
      return open('hospital', files ?? (await markedFiles()), networkId);
    }

    /** The store under the names of before. */
    async function formerAt(folder: string): Promise<SealedStore> {
      const caller = new StoreCaller({ place: 'former', clock: systemClock });
      if (kind === 'ipfs') {
        const at = { url: server.url, folder: `/${folder}/hospital` };
        return ipfsStore({ caller, ...at, random: systemRandom, tree: new KeyedLock() });
      }
      const at = { bucket: `${server.url}/${BUCKET}`, prefix: `${folder}/hospital/` };
      const signed = { region: 'us-east-1', credentials: TEST_CREDENTIALS };
      return s3Store({ caller, ...at, ...signed, primitives: portablePrimitives });
    }

    async function fresh(): Promise<{ good: SealedStore; bad: SealedStore }> {
      const folder = `case-${vaults++}`;
      const good = await storeAt(server.url, folder);
      await good.recover();
      return { good, bad: await storeAt(proxy.url, folder) };
    }

    vaultCases(`at ${name}`, async () => {
      const database = new MemoryDatabase();
      database.close = async () => undefined;
      const store = await storeAt(server.url, `vault-${vaults++}`);
      const open = async (): Promise<Vault> =>
        await openVault({
          store,
          database,
          quota: QUOTA,
          createSha256: () => createHash('sha256'),
          onFailure: (error) => assert.fail(String(error)),
        });
      const under = {
        vault: await open(),
        async reopen() {
          await under.vault.close();
          return (under.vault = await open());
        },
        async damage(hash: Bytes32, change: (bytes: Uint8Array) => Uint8Array) {
          if (await damageRow(database, hash, change)) return;
          const bytes = change(new Uint8Array(await gather(store.read(hash))));
          await (await store.receive({ hash, size: bytes.length }, inParts(bytes))).settle();
        },
        end: async () => await under.vault.close(),
      };
      return under;
    });

    it(
      `of ${large === undefined ? 'any size' : `${large / MIB} MiB`} go into a vault there and back in 64 MiB of memory`,
      { skip: large === undefined },
      async (t) => {
        const { good } = await fresh();
        const vault = await openVault({
          store: good,
          database: new MemoryDatabase(),
          quota: 2 ** 31,
          createSha256: () => createHash('sha256'),
        });
        // The first file takes what stays: connections, buffers of the runtime.
        await vault.put(
          identify(new Uint8Array(64 * MIB)),
          inParts(new Uint8Array(64 * MIB), MIB),
          10,
        );
        const hash = createHash('sha256');
        for (const piece of pieces(large ?? 0)) hash.update(piece);
        const file = { hash: bytesToHex(new Uint8Array(hash.digest())), size: large ?? 0 };
        const before = process.memoryUsage.rss();
        let most = before;
        const watch = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 20);
        await vault.put(file, Readable.from(pieces(file.size)), 10);
        const back = createHash('sha256');
        for await (const piece of vault.get(file.hash)) back.update(piece);
        clearInterval(watch);
        await vault.close();
        const grown = Math.round((most - before) / MIB);
        t.diagnostic(`memory grew by ${grown} MiB`);
        assert.equal(bytesToHex(new Uint8Array(back.digest())), file.hash);
        assert.ok(grown <= 64, `memory grew by ${grown} MiB`);
      },
    );

    it('take a file in parts, and give any part of it', async () => {
      const { good } = await fresh();
      const hash = await put(good, IN_PARTS);
      assert.equal(await good.size(hash), IN_PARTS.length);
      assert.equal(Buffer.compare(await gather(good.read(hash)), IN_PARTS), 0);
      const part = await gather(good.read(hash, { from: 8_388_600, to: 8_388_620 }));
      assert.equal(Buffer.compare(part, IN_PARTS.subarray(8_388_600, 8_388_620)), 0);
    });

    it('are one object, and all succeed, when 16 put the same at once', async () => {
      const { good } = await fresh();
      const bytes = sampleBytes(300_000);
      await Promise.all(Array.from({ length: 16 }, async () => await put(good, bytes)));
      const all = await thingsIn(good);
      assert.deepEqual(
        all.map(({ hash }) => hash),
        [identify(bytes).hash],
      );
    });

    it('are all there when many come at a time', async () => {
      const { good } = await fresh();
      const rest = Array.from({ length: 120 }, (_, seed) => sampleBytes(20_000, seed)).values();
      const hashes: Bytes32[] = [];
      await Promise.all(
        Array.from({ length: 16 }, async () => {
          for (const bytes of rest) hashes.push(await put(good, bytes));
        }),
      );
      assert.equal(hashes.length, 120);
      const sizes = await Promise.all(hashes.map(async (hash) => await good.size(hash)));
      assert.deepEqual(new Set(sizes), new Set([20_000]));
      assert.equal((await thingsIn(good)).length, 120);
    });

    it('are listed, however many, under their hashes alone, and go one by one', async () => {
      const { good } = await fresh();
      const files = [1, 2, 3, 4, 5].map((seed) => sampleBytes(20_000, seed));
      const hashes = await Promise.all(files.map(async (bytes) => await put(good, bytes)));
      const all = await thingsIn(good);
      assert.deepEqual(new Set(all.map(({ hash }) => hash)), new Set(hashes));
      assert.equal(all.length, hashes.length);
      for (const { name: each, hash = '' } of all) assert.ok(each.endsWith(hash.slice(2)));
      await good.discard(all[0]?.name ?? '');
      await good.remove(all[1]?.hash ?? '0x');
      await good.remove(all[1]?.hash ?? '0x');
      assert.equal((await thingsIn(good)).length, 3);
    });

    it('that arrived only half are gone once the store is recovered', async () => {
      const { good } = await fresh();
      const arrival = await good.receive(identify(IN_PARTS), inParts(IN_PARTS, 1_000_000));
      assert.equal(await good.size(identify(IN_PARTS).hash), undefined);
      await good.recover();
      if (kind === 's3') await assert.rejects(arrival.settle(), failsWith('STORAGE_FAILED'));
      assert.deepEqual(await thingsIn(good), []);
    });

    // @actor a folder that starts beside another | to end uploads of the other in the same bucket
    it('that arrived only half are gone, however many, and those of another folder at the server stay', async () => {
      const [{ good: own }, { good: other }] = [await fresh(), await fresh()];
      const files = [1, 2, 3].map((seed) => sampleBytes(9_000_000, seed));
      const arriving = await Promise.all(files.map(async (bytes) => await beginIn(own, bytes)));
      const [first = IN_PARTS] = files;
      const theirs = await beginIn(other, first);
      await own.recover();
      if (kind === 's3') {
        for (const arrival of arriving) {
          await assert.rejects(arrival.settle(), failsWith('STORAGE_FAILED'));
        }
      }
      await theirs.settle();
      assert.deepEqual(await thingsIn(own), []);
      assert.equal((await thingsIn(other)).length, 1);
    });

    it('survive a server that is busy now and then', async () => {
      const { bad } = await fresh();
      proxy.fail('busy', kind === 's3' ? 2 : 1);
      const hash = await put(bad, sampleBytes(50_000)).catch(async (error: unknown) => {
        // A stream cannot be sent twice: whoever sent it sends it again.
        assert.ok(kind === 'ipfs' && failsWith('STORAGE_FAILED')(error));
        return await put(bad, sampleBytes(50_000));
      });
      proxy.fail('busy', 1);
      assert.equal(await bad.size(hash), 50_000);
    });

    it('go on where they were when a read is cut', async () => {
      const { bad } = await fresh();
      proxy.fail('none');
      const bytes = sampleBytes(3_000_000);
      const hash = await put(bad, bytes);
      proxy.fail('cut', 2);
      assert.equal(Buffer.compare(await gather(bad.read(hash)), bytes), 0);
    });

    const outcomes: readonly [StoreFault, ErrorCode][] = [
      ['busy', 'STORAGE_FAILED'],
      ['full', 'STORAGE_FULL'],
      ['silent', 'STORAGE_FAILED'],
      ['redirects', 'STORAGE_FAILED'],
    ];
    for (const [fault, code] of outcomes) {
      it(`are refused with ${code}, and none is there, if the server ${SAYS[fault]}`, async () => {
        const { good, bad } = await fresh();
        const bytes = sampleBytes(30_000);
        proxy.fail(fault);
        await assert.rejects(put(bad, bytes), (error: unknown) => {
          const said = inspect(error, { depth: 9 });
          for (const secret of Object.values(TEST_CREDENTIALS)) assert.ok(!said.includes(secret));
          return failsWith(code)(error);
        });
        await assert.rejects(bad.size(identify(bytes).hash), failsWith(code));
        await assert.rejects(gather(bad.read(identify(bytes).hash)), failsWith(code));
        proxy.fail('none');
        assert.equal(await good.size(identify(bytes).hash), undefined);
      });
    }

    it('are not acknowledged by a vault, nor lost for its small files, while the server is silent', async () => {
      const { bad } = await fresh();
      proxy.fail('silent');
      const vault = await openVault({ store: bad, database: new MemoryDatabase(), quota: QUOTA });
      const [large, small] = [sampleBytes(30_000), sampleBytes(300)];
      await vault.put(identify(small), inParts(small), 10);
      await assert.rejects(
        vault.put(identify(large), inParts(large), 10),
        failsWith('STORAGE_FAILED'),
      );
      assert.equal((await gather(vault.get(identify(small).hash))).length, 300);
      proxy.fail('none');
      assert.equal(await vault.stat(identify(large).hash), undefined);
      await vault.put(identify(large), inParts(large), 10);
      assert.equal((await gather(vault.get(identify(large).hash))).length, 30_000);
      assert.equal(await vault.collect(10), 2);
      await vault.close();
    });

    it('are called false at the end of a read if the server alters them', async () => {
      const { bad } = await fresh();
      proxy.fail('none');
      const vault = await openVault({ store: bad, database: new MemoryDatabase(), quota: QUOTA });
      const bytes = sampleBytes(30_000);
      await vault.put(identify(bytes), inParts(bytes), 10);
      proxy.fail('lies');
      await assert.rejects(gather(vault.get(identify(bytes).hash)), failsWith('FILE_MISMATCH'));
      proxy.fail('none');
      await vault.close();
    });

    /** Work of a folder that changes its store; a backup asks the store nothing, and fsck only reads. */
    const CHANGES: Readonly<
      Record<string, (store: SealedStore, hash: Bytes32) => Promise<unknown>>
    > = {
      'its start': async (store) => await store.recover(),
      'an erasure': async (store, hash) => await store.remove(hash),
      'a repair': async (store) => await discardAll(store),
      'a put': async (store) => await put(store, sampleBytes(30_000)),
    };

    // @attack a restored copy of a folder starts, repairs, erases, or lets leases end, at the bucket of the original | it changes nothing until it takes the store over, and the original changes nothing from then on
    it('of a folder are read by its restored copy, which changes none of them until it takes the store over', async () => {
      const folder = `case-${vaults++}`;
      const original = await storeAt(server.url, folder);
      const bytes = sampleBytes(20_000);
      const hash = await put(original, bytes);
      const files = memoryFiles();
      const copy = await storeAt(server.url, folder, { files });
      for (const [what, change] of Object.entries(CHANGES)) {
        await assert.rejects(change(copy, hash), failsWith('STORE_TAKEN'), what);
      }
      const database = new MemoryDatabase();
      const opening = openVault({ store: copy, database, quota: QUOTA });
      await assert.rejects(opening, failsWith('STORE_TAKEN'), 'a node does not start');
      // As fsck does, without --repair.
      assert.equal(Buffer.compare(await gather(copy.read(hash)), bytes), 0);
      assert.deepEqual(await thingsIn(copy), await thingsIn(original));
      assert.equal((await thingsIn(original)).length, 1);
      assert.equal(await copy.take?.(), true);
      assert.equal(await copy.take?.(), false, 'once');
      await copy.recover();
      await assert.rejects(original.remove(hash), failsWith('STORE_TAKEN'), 'by the former one');
      await assert.rejects(discardAll(original), failsWith('STORE_TAKEN'));
      assert.equal(await original.size(hash), bytes.length);
      await copy.remove(hash);
      assert.equal(await copy.size(hash), undefined);
    });

    // @attack the folders of two networks keep files in one bucket | each has names of its own
    it('of two networks’ folders of one organisation lie under names of their own', async () => {
      const folder = `case-${vaults++}`;
      const [one, other] = [
        await storeAt(server.url, folder),
        await storeAt(server.url, folder, {
          networkId: `0x${'ab'.repeat(32)}`,
          files: memoryFiles(),
        }),
      ];
      const hash = await put(one, sampleBytes(20_000));
      for (const change of Object.values(CHANGES)) await change(other, hash);
      assert.equal(await one.size(hash), 20_000);
      assert.equal((await thingsIn(one)).length, 1);
    });

    it('of before, without a network in their names, are read, listed and removed', async () => {
      const folder = `case-${vaults++}`;
      const store = await storeAt(server.url, folder);
      const bytes = sampleBytes(20_000);
      const { hash, size } = identify(bytes);
      const old = await formerAt(folder);
      await (await old.receive({ hash, size }, inParts(bytes))).settle();
      assert.equal(await store.size(hash), size);
      assert.equal(Buffer.compare(await gather(store.read(hash)), bytes), 0);
      assert.deepEqual(
        (await thingsIn(store)).map((each) => each.hash),
        [hash],
      );
      await store.remove(hash);
      assert.equal(await store.size(hash), undefined);
    });

    it('are changed by no folder whose id, or whose mark, was altered', async () => {
      const folder = `case-${vaults++}`;
      const files = memoryFiles();
      const store = await storeAt(server.url, folder, { files });
      await store.recover();
      await files.remove(STORE_FILE);
      await assert.rejects(store.remove(ZERO32), failsWith('STORE_TAKEN'));
      await writeJsonFile(files, STORE_FILE, { format: 'medseal-store/1', id: 'mine' });
      await assert.rejects(store.remove(ZERO32), failsWith('FOLDER_FOREIGN'));
    });

    it('are there after the server was killed, if they were acknowledged', async () => {
      const { good } = await fresh();
      const bytes = sampleBytes(400_000);
      const hash = await put(good, bytes);
      await server.restart();
      assert.equal(Buffer.compare(await gather(good.read(hash)), bytes), 0);
    });

    // @actor cloud operator | to learn more from a bucket than hashes and lengths
    it('tell the server their hashes and lengths, and nothing else', async () => {
      const { bad } = await fresh();
      proxy.fail('none');
      const before = proxy.asked.length;
      const bytes = sampleBytes(30_000);
      const hash = await put(bad, bytes);
      await gather(bad.read(hash));
      for (const asked of proxy.asked.slice(before)) {
        assert.match(asked, /^(?:GET|PUT|POST|HEAD) \/[\w/.?=&%-]*$/);
        const words = asked.split(/[/?=&%]|2F/).filter((word) => /^[0-9a-f]{16,}$/.test(word));
        for (const word of words) assert.equal(`0x${word}`, hash);
      }
    });
  });
}

/** So many bytes, none like the one before for long. */
function* pieces(size: number): Generator<Uint8Array> {
  for (let at = 0; at < size; at += MIB) {
    yield new Uint8Array(Math.min(MIB, size - at)).fill((at / MIB) % 251);
  }
}

async function put(store: SealedStore, bytes: Uint8Array): Promise<Bytes32> {
  const file = identify(bytes);
  await (await store.receive(file, inParts(bytes, 1_000_000))).settle();
  return file.hash;
}

/** As a repair does with what the index does not name, if it was asked to. */
async function discardAll(store: SealedStore): Promise<void> {
  for (const { name } of await thingsIn(store)) await store.discard(name);
  if ((await thingsIn(store)).length === 0) await store.discard('no-such-thing');
}

async function thingsIn(store: SealedStore): Promise<readonly StoredThing[]> {
  const things: StoredThing[] = [];
  for await (const each of store.list()) things.push(each);
  return things;
}

const SAYS: Readonly<Record<StoreFault, string>> = {
  busy: 'stays busy',
  full: 'is full',
  silent: 'is silent',
  redirects: 'sends it elsewhere',
  cut: 'cuts its answers',
  lies: 'alters them',
  none: 'is sound',
};

async function beginIn(store: SealedStore, bytes: Uint8Array): Promise<Arrival> {
  return await store.receive(identify(bytes), inParts(bytes, 1_000_000));
}
