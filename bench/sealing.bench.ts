/**
 * Sealing beside the machine's cipher, in one run: 100 MB sealed and opened from file to synced file, hash included,
 * and the same bytes through a warmed `createCipheriv` of AES-256-GCM alone, without hash or file. Then small records.
 *
 * `node bench/sealing.bench.ts [--megabytes N] [--runs N] [--json]`. Turns of all contenders alternate, so that a busy
 * machine slows each of them; medians are given. The cipher is measured in one call over all bytes, and in calls of
 * 64 KiB, the format's chunk, which spares it the fresh memory of the first.
 */
import { createCipheriv, createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ageIdentity, recipientOf } from '../src/crypto/keys/ageIdentity.ts';
import { open } from '../src/crypto/sealing/open.ts';
import { openBytes } from '../src/crypto/sealing/openBytes.ts';
import { seal } from '../src/crypto/sealing/seal.ts';
import { sealBytes } from '../src/crypto/sealing/sealBytes.ts';
import { nativeCipher } from '../src/native/nativeCipher.ts';
import { openFolder } from '../src/vault/openFolder.ts';

const { values } = parseArgs({
  options: {
    megabytes: { type: 'string', default: '100' },
    runs: { type: 'string', default: '5' },
    json: { type: 'boolean' },
  },
});
const bytes = Number(values.megabytes) * 1_000_000;
const runs = Number(values.runs);
const options = { cipher: nativeCipher };

const folder = await mkdtemp(join(tmpdir(), 'medseal-bench-'));
const files = await openFolder(folder);
const identity = ageIdentity(randomBytes(32));
const recipients = [await recipientOf(identity)];
const data = randomBytes(bytes);

/** Passes a stream on, and hashes it. */
async function* hashed(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  for await (const piece of source) {
    hash.update(piece);
    yield piece;
  }
  hash.digest();
}

async function sealFile(): Promise<void> {
  await files.remove('sealed');
  await files.write('sealed', hashed(seal(recipients, files.read('plain'), options)));
}

/** The hash of a file is compared before any of it is opened, so it is read twice. */
async function openFile(): Promise<void> {
  await files.remove('opened');
  for await (const _ of hashed(files.read('sealed')));
  await files.write('opened', open([identity], files.read('sealed'), options));
}

function aes(size: number): void {
  const cipher = createCipheriv('aes-256-gcm', randomBytes(32), randomBytes(12));
  for (let at = 0; at < bytes; at += size) cipher.update(data.subarray(at, at + size));
  cipher.final();
}

/** Median seconds of each contender, in alternating turns after one that warms up. */
async function medians(
  contenders: readonly (() => void | Promise<void>)[],
): Promise<readonly number[]> {
  const seconds = contenders.map((): number[] => []);
  for (let turn = 0; turn <= runs; turn++) {
    for (const [place, run] of contenders.entries()) {
      const start = performance.now();
      await run();
      if (turn > 0) seconds[place]?.push((performance.now() - start) / 1000);
    }
  }
  return seconds.map((each) => each.toSorted((a, b) => a - b)[runs >> 1] ?? Number.NaN);
}

/** A record of 2 kB, some times over. */
const RECORDS = 200;

async function repeated(run: () => Promise<unknown>): Promise<void> {
  for (let turn = 0; turn < RECORDS; turn++) await run();
}

try {
  await writeFile(join(folder, 'plain'), data);
  const [inOneCall = 0, inChunks = 0, sealing = 0, opening = 0] = await medians([
    () => aes(bytes),
    () => aes(65_536),
    sealFile,
    openFile,
  ]);
  const record = data.subarray(0, 2_000);
  const sealed = await sealBytes(recipients, record, options);
  const [sealingRecords = 0, openingRecords = 0] = await medians([
    async () => await repeated(async () => await sealBytes(recipients, record, options)),
    async () => await repeated(async () => await openBytes([identity], sealed, options)),
  ]);
  const result = {
    'AES-256-GCM, one call, MB/s': Math.round(bytes / 1e6 / inOneCall),
    'AES-256-GCM, 64 KiB calls, MB/s': Math.round(bytes / 1e6 / inChunks),
    'seal, hash, write, MB/s': Math.round(bytes / 1e6 / sealing),
    'hash, open, write, MB/s': Math.round(bytes / 1e6 / opening),
    'seal to one call': (inOneCall / sealing).toFixed(2),
    'open to one call': (inOneCall / opening).toFixed(2),
    'seal to 64 KiB calls': (inChunks / sealing).toFixed(2),
    'open to 64 KiB calls': (inChunks / opening).toFixed(2),
    'records of 2 kB sealed per second': Math.round(RECORDS / sealingRecords),
    'records of 2 kB opened per second': Math.round(RECORDS / openingRecords),
  };
  if (values.json === true) console.log(JSON.stringify(result));
  else console.table(result);
} finally {
  await rm(folder, { recursive: true });
}
