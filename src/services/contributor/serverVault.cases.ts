import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { collectBytes } from '../../crypto/sealing/collectBytes.ts';
import {
  ORGANISATIONS,
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import { holdersOf } from '../../protocol/rights/holdersOf.ts';
import { seconds } from '../../protocol/Clock.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { inFolder } from '../../vault/storeOpener.ts';
import type { SealedStore } from '../../vault/SealedStore.ts';
import type { ServerKind } from '../../vault/serverStore.cases.ts';
import { serverStore } from '../../vault/test/serverStore.ts';
import type { StoreServer } from '../../vault/test/StoreServer.ts';
import { addOwn, eraseEverywhere, fileOf } from '../test/erased.ts';
import { settled, written } from './test/replicas.ts';

/** Bytes of a file that goes to the store. */
const LARGE = 20_000;
const TWO_LEASES = 7_201_000;
/** The organisation whose vault is at the server; the others' are in their folders. */
const AT_SERVER = 'laboratory';

/** A network of which one organisation's vault is at a server. */
interface AtServer {
  readonly network: TestNetwork;
  readonly care: Care;
  /** The store as its operator has it, behind the organisation's back. */
  readonly store: SealedStore;
}

/**
 * Runs the cases of an organisation whose vault's store is a server, among others whose are not.
 *
 * @param name - Name of the server.
 * @param kind - Kind of store.
 * @param start - Starts the server; an S3 server has an empty bucket `medseal`.
 */
export function serverVaultCases(
  name: string,
  kind: ServerKind,
  start: () => Promise<StoreServer>,
): void {
  describe(`an organisation whose sealed files are at ${name}`, () => {
    let server: StoreServer;
    let networks = 0;
    before(async () => {
      server = await start();
    });
    after(async () => await server.stop());

    async function atServer(test: (at: AtServer) => Promise<void>, copies?: number): Promise<void> {
      const folder = `network-${networks++}`;
      const store = await serverStore({ kind, url: server.url, folder, organisation: AT_SERVER });
      const network = await startTestNetwork({
        cared: true,
        ...(copies !== undefined && { copies }),
        openStore: (organisation, ...at) =>
          organisation === AT_SERVER ? store : inFolder(organisation, ...at),
      });
      try {
        await test({ network, care: await startCare(network), store });
      } finally {
        await network.close();
      }
    }

    // @actor cloud operator | to delete or alter files in an organisation's bucket
    it('replaces a file that the server lost, and one that it altered, from a replica, and says which', async () => {
      await atServer(async ({ network, care, store }) => {
        const files = await written(care, 4, LARGE);
        await network.checkpoint();
        assert.deepEqual(await hashesIn(store), new Set(files));
        const [lost = '0x', altered = '0x'] = files;
        await store.remove(lost);
        await alter(store, altered);
        const { contributor } = network.services(AT_SERVER);
        await assert.rejects(collectBytes(contributor.file(lost)), failsWith('FILE_ABSENT'));
        await assert.rejects(collectBytes(contributor.file(altered)), failsWith('FILE_MISMATCH'));
        const { files: found } = await contributor.repair();
        assert.deepEqual(
          { ...found, restored: new Set(found.restored) },
          { examined: 4, restored: new Set([lost, altered]), lost: [] },
        );
        for (const file of files) {
          assert.equal((await collectBytes(contributor.file(file))).length, LARGE);
        }
        assert.deepEqual((await contributor.repair()).files.restored, []);
      });
    });

    it('is mended at the other keeper too if two keep each file, and by nobody who does not keep it', async () => {
      await atServer(async ({ network, care, store }) => {
        const files = await written(care, 8, LARGE);
        await thinOut(network);
        const kept = files.filter((file) => keepersOf(network, file).includes(AT_SERVER));
        assert.ok(kept.length > 0 && kept.length < files.length, 'it keeps some of them');
        for (const file of kept) await store.remove(file);
        const { contributor } = network.services(AT_SERVER);
        const { files: found } = await contributor.repair();
        assert.deepEqual(new Set(found.restored), new Set(kept));
        assert.deepEqual(found.lost, []);
        assert.deepEqual(await hashesIn(store), new Set(kept));
        for (const other of ORGANISATIONS) {
          if (other === AT_SERVER) continue;
          const { files: there } = await network.services(other).contributor.repair();
          assert.deepEqual([there.restored, there.lost], [[], []]);
        }
      }, 2);
    });

    it('ends with those files in the store that everyone computes, if two keep each', async () => {
      await atServer(async ({ network, care, store }) => {
        const files = await written(care, 8, LARGE);
        await thinOut(network);
        const kept = files.filter((file) => keepersOf(network, file).includes(AT_SERVER));
        assert.deepEqual(await hashesIn(store), new Set(kept));
      }, 2);
    });

    it('has no file of a record that its patient erased, and keeps the others', async () => {
      await atServer(async ({ network, care, store }) => {
        const [kept = '0x'] = await written(care, 1, LARGE);
        const erased = [
          await addOwn(care.patient, 'imaging', LARGE),
          await addOwn(care.patient, 'imaging', 2 * LARGE),
        ];
        await network.checkpoint();
        assert.deepEqual(await hashesIn(store), new Set([kept, ...erased.map(fileOf)]));
        await eraseEverywhere(network, care.patient, 'imaging');
        assert.deepEqual(await hashesIn(store), new Set([kept]));
        const { files: found } = await network.services(AT_SERVER).contributor.repair();
        assert.deepEqual([found.examined, found.restored, found.lost], [1, [], []]);
        assert.deepEqual(network.failures, []);
      });
    });

    it('says what is lost if the server and all replicas lost it', async () => {
      await atServer(async ({ network, care, store }) => {
        const files = await written(care, 2, LARGE);
        await network.checkpoint();
        const [gone = '0x'] = files;
        await store.remove(gone);
        for (const other of ORGANISATIONS) {
          if (other !== AT_SERVER) await network.lose(other, 'vault-index', 'vault');
        }
        const { files: found } = await network.services(AT_SERVER).contributor.repair();
        assert.deepEqual([found.restored, found.lost], [[], [gone]]);
      });
    });
  });
}

function keepersOf(network: TestNetwork, file: `0x${string}`): readonly string[] {
  const [channel] = network.file.channels;
  assert.ok(channel !== undefined);
  return holdersOf(network.ports.primitives, channel, file);
}

async function hashesIn(store: SealedStore): Promise<ReadonlySet<string | undefined>> {
  const hashes = new Set<string | undefined>();
  for await (const { hash } of store.list()) hashes.add(hash);
  return hashes;
}

/** Changes one byte of a file behind the organisation's back. */
async function alter(store: SealedStore, hash: `0x${string}`): Promise<void> {
  const bytes = await collectBytes(store.read(hash));
  const changed = bytes.with(9, (bytes[9] ?? 0) ^ 1);
  async function* content(): AsyncIterable<Uint8Array> {
    yield await Promise.resolve(changed);
  }
  await (await store.receive({ hash, size: bytes.length }, content())).settle();
}

/** Has everyone find what others are to keep, and collects it two leases later. */
async function thinOut(network: TestNetwork): Promise<void> {
  await network.checkpoint();
  for (const name of ORGANISATIONS) await network.services(name).contributor.repair();
  network.clock.advance(TWO_LEASES);
  await settled();
  for (const name of ORGANISATIONS) {
    const { contributor, vault } = network.services(name);
    await contributor.releaseSurplus();
    await vault.collect(seconds(network.clock));
  }
}
