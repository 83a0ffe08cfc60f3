/**
 * Stores of sealed files on loopback, each beside the folder in the same run: files of 4 KiB (rows in all of them), of
 * 64 KiB, alone and 16 at a time, and of 100 MB, put and read. Stores whose servers are not built are left out; `npm run
 * build stores` makes them.
 *
 * `node bench/stores.bench.ts [--json]`
 */
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { LevelDatabase } from '../src/database/LevelDatabase.ts';
import { freePorts } from '../scripts/freePorts.ts';
import { findStore } from '../scripts/stores/findStore.ts';
import { machinePorts } from '../src/folder/NodePorts.ts';
import { openFolder } from '../src/folder/openFolder.ts';
import { openVault } from '../src/vault/openVault.ts';
import { ZERO32 } from '../src/protocol/ids.ts';
import { storeOpener } from '../src/vault/storeOpener.ts';
import { startKubo } from '../src/vault/test/startKubo.ts';
import { startVersitygw, TEST_CREDENTIALS } from '../src/vault/test/startVersitygw.ts';
import type { StoreServer } from '../src/vault/test/StoreServer.ts';
import type { FileIdentity, Vault } from '../src/vault/Vault.ts';

const { values } = parseArgs({ options: { json: { type: 'boolean' } } });
const [SMALL, MIDDLE, LARGE] = [4096, 64 * 1024, 100_000_000];
const LANES = 16;

const path = await mkdtemp(join(tmpdir(), 'medseal-bench-'));
const ports = await machinePorts();

/** Rates of a store: files or megabytes a second. */
interface Rates {
  readonly smallAlone: number;
  readonly small16: number;
  readonly middleAlone: number;
  readonly middle16: number;
  readonly putMB: number;
  readonly getMB: number;
}

function fileOf(bytes: Uint8Array): FileIdentity {
  return { hash: `0x${createHash('sha256').update(bytes).digest('hex')}`, size: bytes.length };
}

async function* parts(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  for (let from = 0; from < bytes.length; from += 2 ** 20) {
    yield await Promise.resolve(bytes.subarray(from, from + 2 ** 20));
  }
}

async function perSecond(
  vault: Vault,
  length: number,
  count: number,
  lanes: number,
): Promise<number> {
  const files = Array.from({ length: count }, () => randomBytes(length));
  const start = performance.now();
  const rest = files.values();
  const lane = async (): Promise<void> => {
    for (const bytes of rest) await vault.put(fileOf(bytes), parts(bytes), 1);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return Math.round((count / (performance.now() - start)) * 1000);
}

async function measure(name: string, store: string): Promise<Rates> {
  const open = await storeOpener(
    { store, region: 'us-east-1' },
    ports,
    async () => await Promise.resolve(TEST_CREDENTIALS),
  );
  const vault = await openVault({
    store: open('hospital', await openFolder(join(path, name, 'files')), ZERO32),
    database: new LevelDatabase(join(path, name, 'index')),
    quota: 2 ** 31,
    createSha256: ports.createSha256,
    primitives: ports.primitives,
  });
  const bytes = randomBytes(LARGE);
  const file = fileOf(bytes);
  const rates = {
    smallAlone: await perSecond(vault, SMALL, 200, 1),
    small16: await perSecond(vault, SMALL, 1000, LANES),
    middleAlone: await perSecond(vault, MIDDLE, 100, 1),
    middle16: await perSecond(vault, MIDDLE, 300, LANES),
  };
  let start = performance.now();
  await vault.put(file, parts(bytes), 1);
  const putMB = Math.round(LARGE / 1000 / (performance.now() - start));
  start = performance.now();
  for await (const _ of vault.get(file.hash));
  const getMB = Math.round(LARGE / 1000 / (performance.now() - start));
  await vault.close();
  return { ...rates, putMB, getMB };
}

const servers: StoreServer[] = [];
const found: Record<string, Rates> = { folder: await measure('folder', 'folder') };
const [s3Port = 0, ipfsPort = 0] = await freePorts(2);
const versitygw = findStore('versitygw');
if (versitygw.built) {
  await mkdir(join(path, 's3/medseal'), { recursive: true });
  const server = await startVersitygw(versitygw.path, join(path, 's3'), s3Port);
  servers.push(server);
  found['s3'] = await measure('at-s3', `s3:${server.url}/medseal`);
}
const kubo = findStore('kubo');
if (kubo.built) {
  const server = await startKubo(kubo.path, join(path, 'ipfs'), ipfsPort);
  servers.push(server);
  found['ipfs'] = await measure('at-ipfs', `ipfs:${server.url}`);
}
for (const server of servers) await server.stop();
await rm(path, { recursive: true });

const base = found['folder'] as Rates;
const ratios = Object.fromEntries(
  Object.entries(found).map(([name, rates]) => [
    name,
    Object.fromEntries(
      Object.entries(rates).map(([what, rate]) => [
        what,
        Number((rate / base[what as keyof Rates]).toFixed(2)),
      ]),
    ),
  ]),
);
if (values.json) console.log(JSON.stringify({ found, ratios }));
else console.dir({ found, ratios }, { depth: 3 });
