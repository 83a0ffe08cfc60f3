/**
 * An organisation's log in PostgreSQL beside LevelDB in the same run, durable: entries a second in arrays of 1,024, and
 * one entry alone. The server is this machine's PostgreSQL, on a Unix socket, with `fsync`; without it only LevelDB is
 * measured.
 *
 * `node bench/databases.bench.ts [--entries N] [--json]`
 */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { bytesToHex, utf8ToBytes } from '../src/crypto/bytes.ts';
import { parsePostgresAddress } from '../src/database/postgres/PostgresAddress.ts';
import type { ServiceDatabase } from '../src/database/synced.ts';
import { startPostgres, WITHOUT_POSTGRES } from '../src/database/test/startPostgres.ts';
import { openOrganisationFolder } from '../src/folder/OrganisationFolder.ts';
import { encryptBodies } from '../src/log/encryptBodies.ts';
import type { NewEntry } from '../src/log/EvidenceLog.ts';
import { openEvidenceLog } from '../src/log/openEvidenceLog.ts';
import { createNativePrimitives } from '../src/native/nativePrimitives.ts';
import { openPostgresStores } from '../src/node/databases/databasesInPostgres.ts';
import type { Bytes32 } from '../src/protocol/ids.ts';

const primitives = await createNativePrimitives();
const { values } = parseArgs({
  options: { entries: { type: 'string', default: '20480' }, json: { type: 'boolean' } },
});
const [ARRAY, ALONE] = [1024, 300];
const handles = Array.from({ length: 1000 }, word);

interface Rates {
  readonly entriesPerSecond: number;
  /** Median and 99th percentile of one entry alone, milliseconds. */
  readonly alone: number;
  readonly aloneP99: number;
}

function word(): Bytes32 {
  return bytesToHex(randomBytes(32));
}

/** An entry with a body of 0.9 KB, that puts a version on a chart. */
function entryOf(n: number): NewEntry {
  const at = 1_700_000_000 + Math.floor(n / 1000);
  const body = JSON.stringify({ at, n, request: randomBytes(430).toString('hex') });
  const entry = bytesToHex(primitives.sha256(utf8ToBytes(body)));
  const version = { record: word(), version: 1, file: word() };
  const handle = handles[n % handles.length] ?? entry;
  const deadline = at + 60;
  return { entry, body, request: word(), deadline, handle, version, verdicts: [] };
}

async function measure(database: ServiceDatabase): Promise<Rates> {
  const storageKey = randomBytes(32);
  const bodies = encryptBodies({ storageKey, random: randomBytes, primitives });
  const place = { name: 'bench/log', organisation: 'bench', origin: 'bench/log' } as const;
  const identity = { ...place, id: word(), key: '' };
  const log = await openEvidenceLog({ identity, database, primitives, bodies });
  const all = Array.from({ length: Number(values.entries) }, (_, n) => entryOf(n));
  const start = performance.now();
  for (let from = 0; from < all.length; from += ARRAY) {
    await log.append(all.slice(from, from + ARRAY));
  }
  const entriesPerSecond = Math.round((1000 * all.length) / (performance.now() - start));
  const times: number[] = [];
  for (let n = 0; n < ALONE; n++) {
    const entry = entryOf(all.length + n);
    const before = performance.now();
    await log.append([entry]);
    times.push(performance.now() - before);
  }
  await log.close();
  const sorted = times.toSorted((one, other) => one - other);
  const at = (share: number): number => Number((sorted[Math.floor(share * ALONE)] ?? 0).toFixed(2));
  return { entriesPerSecond, alone: at(0.5), aloneP99: at(0.99) };
}

async function inPostgres(path: string): Promise<Rates> {
  const server = await startPostgres({ settings: ['shared_buffers = 128MB'] });
  try {
    const folder = await openOrganisationFolder(join(path, 'postgres'));
    const address = parsePostgresAddress(server.url);
    const stores = await openPostgresStores(
      { address, passwordFile: server.password },
      { organisation: 'bench', networkId: word(), folder, id: 'bench', isNew: true },
    );
    try {
      return await measure(await stores.database('logs/bench'));
    } finally {
      await stores.close();
    }
  } finally {
    await server.stop();
  }
}

const path = await mkdtemp(join(tmpdir(), 'medseal-bench-'));
try {
  const folder = await openOrganisationFolder(join(path, 'level'));
  const level = await measure(await folder.database('logs/bench'));
  const postgres = WITHOUT_POSTGRES === false ? await inPostgres(path) : undefined;
  const result = { LevelDB: level, ...(postgres && { PostgreSQL: postgres }) };
  if (values.json === true) console.log(JSON.stringify(result));
  else console.table(result);
} finally {
  await rm(path, { recursive: true });
}
