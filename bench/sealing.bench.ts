/**
 * Sealing beside the machine's cipher, in one run: 100 MB sealed and opened from file to synced file, hash included,
 * and the same bytes through a warmed `createCipheriv` of AES-256-GCM alone, from memory into memory that is kept,
 * without hash or file: in calls of 64 KiB, the chunk of the age format, and in one call, which spends most of its
 * time on fresh memory. Then small records.
 *
 * Sealing has to do one pass of SHA-256 and one of ChaCha20-Poly1305, so what both take alone, in the same calls, is
 * what bounds it on one thread; ratios to that are given too. On an AMD EPYC whose AES has wide vector instructions and
 * whose SHA-256 has not, that bound is 0.2 to 0.3 of AES-256-GCM in calls of 64 KiB (2.4 to 4.7 GB/s), and 0.7 of it in
 * one call (1.0 GB/s): 64 KiB calls cannot be half matched by whoever also computes a SHA-256.
 *
 * `node bench/sealing.bench.ts [--megabytes N] [--runs N] [--json]`. Turns of all contenders alternate, so that a busy
 * machine slows each of them; medians are given.
 */
import { createCipheriv, createHash, createSecretKey, randomBytes } from 'node:crypto';
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
import { openFolder } from '../src/folder/openFolder.ts';

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
/** Bytes of a call: the chunk of the age format. */
const CHUNK = 65_536;
const TAG = { authTagLength: 16 } as never;

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

/** The machine's cipher alone; its output is kept until the end. */
function encipher(algorithm: 'aes-256-gcm' | 'chacha20-poly1305', size: number): void {
  const key = createSecretKey(randomBytes(32));
  const nonce = randomBytes(12);
  const kept: Uint8Array[] = [];
  // age has a nonce for each chunk; AES-256-GCM may have all of them in one message.
  let cipher = createCipheriv(algorithm, key, nonce, TAG);
  for (let at = 0; at < bytes; at += size) {
    if (algorithm === 'chacha20-poly1305') cipher = createCipheriv(algorithm, key, nonce, TAG);
    kept.push(cipher.update(data.subarray(at, at + size)));
    if (algorithm === 'chacha20-poly1305') cipher.final();
  }
  if (algorithm === 'aes-256-gcm') cipher.final();
}

function digest(): void {
  const hash = createHash('sha256');
  for (let at = 0; at < bytes; at += CHUNK) hash.update(data.subarray(at, at + CHUNK));
  hash.digest();
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

const ratio = (value: number): string => value.toFixed(2);

/** A record of 2 kB, some times over. */
const RECORDS = 200;

async function repeated(run: () => Promise<unknown>): Promise<void> {
  for (let turn = 0; turn < RECORDS; turn++) await run();
}

try {
  await writeFile(join(folder, 'plain'), data);
  const [aes = 0, aesInOneCall = 0, chacha = 0, sha = 0, sealing = 0, opening = 0] = await medians([
    () => encipher('aes-256-gcm', CHUNK),
    () => encipher('aes-256-gcm', bytes),
    () => encipher('chacha20-poly1305', CHUNK),
    digest,
    sealFile,
    openFile,
  ]);
  const bound = chacha + sha;
  const record = data.subarray(0, 2_000);
  const sealed = await sealBytes(recipients, record, options);
  const [sealingRecords = 0, openingRecords = 0] = await medians([
    async () => await repeated(async () => await sealBytes(recipients, record, options)),
    async () => await repeated(async () => await openBytes([identity], sealed, options)),
  ]);
  const result = {
    'AES-256-GCM, 64 KiB calls, MB/s': Math.round(bytes / 1e6 / aes),
    'AES-256-GCM, one call, MB/s': Math.round(bytes / 1e6 / aesInOneCall),
    'ChaCha20-Poly1305, 64 KiB calls, MB/s': Math.round(bytes / 1e6 / chacha),
    'SHA-256, 64 KiB calls, MB/s': Math.round(bytes / 1e6 / sha),
    'bound of both on one thread, MB/s': Math.round(bytes / 1e6 / bound),
    'seal, hash, write, MB/s': Math.round(bytes / 1e6 / sealing),
    'hash, open, write, MB/s': Math.round(bytes / 1e6 / opening),
    'seal, open to AES in one call': [aesInOneCall / sealing, aesInOneCall / opening]
      .map(ratio)
      .join(', '),
    'seal, open to AES in 64 KiB calls': [aes / sealing, aes / opening].map(ratio).join(', '),
    'bound to AES in 64 KiB calls': ratio(aes / bound),
    'seal, open to the bound': [bound / sealing, bound / opening].map(ratio).join(', '),
    'records of 2 kB sealed per second': Math.round(RECORDS / sealingRecords),
    'records of 2 kB opened per second': Math.round(RECORDS / openingRecords),
  };
  if (values.json === true) console.log(JSON.stringify(result));
  else console.table(result);
} finally {
  await rm(folder, { recursive: true });
}
