/**
 * Sealing beside what bounds it: 100 MB sealed and opened from file to synced file, hash included, and one pass of
 * ChaCha20-Poly1305 and one of SHA-256 over the same bytes on one thread, from memory into memory that is kept, in calls
 * of 64 KiB, the chunk of the age format. Ratios are given by time, and by processor time, which a busy machine changes
 * less. Then small records.
 *
 * AES-256-GCM is given too, to tell what the machine is: in calls of 64 KiB, and in one call, which spends most of its
 * time on fresh memory. It moves by a factor of two between runs, and with the vector instructions of a processor, which
 * ChaCha20 and SHA-256 do not use alike; so nothing stands against it.
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
/** Memory is used again, as between a file and a file nobody keeps a piece; without, each piece is fresh. */
const between = { ...options, reuse: true };
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
  await files.write(
    'sealed',
    hashed(seal(recipients, files.read('plain', { reuse: true }), between)),
  );
}

/** The hash of a file is compared before any of it is opened, so it is read twice. */
async function openFile(): Promise<void> {
  await files.remove('opened');
  for await (const _ of hashed(files.read('sealed', { reuse: true })));
  await files.write('opened', open([identity], files.read('sealed', { reuse: true }), between));
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

/** Median seconds of a contender, by the clock and of the processor. */
interface Taken {
  readonly seconds: number;
  readonly processor: number;
}

const NONE: Taken = { seconds: Number.NaN, processor: Number.NaN };

/** Medians of each contender, in alternating turns after one that warms up. */
async function medians(
  contenders: readonly (() => void | Promise<void>)[],
): Promise<readonly Taken[]> {
  const taken = contenders.map((): Taken[] => []);
  for (let turn = 0; turn <= runs; turn++) {
    for (const [place, run] of contenders.entries()) {
      const [start, before] = [performance.now(), process.cpuUsage()];
      await run();
      const { user, system } = process.cpuUsage(before);
      const seconds = (performance.now() - start) / 1000;
      if (turn > 0) taken[place]?.push({ seconds, processor: (user + system) / 1e6 });
    }
  }
  return taken.map((each) => ({
    seconds: median(each.map(({ seconds }) => seconds)),
    processor: median(each.map(({ processor }) => processor)),
  }));
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

function rate({ seconds }: Taken): number {
  return Math.round(bytes / 1e6 / seconds);
}

/** Share of a bound that is reached, two digits. */
function share(bound: number, taken: number): number {
  return Number((bound / taken).toFixed(2));
}

/** A record of 2 kB, some times over. */
const RECORDS = 200;

async function repeated(run: () => Promise<unknown>): Promise<void> {
  for (let turn = 0; turn < RECORDS; turn++) await run();
}

try {
  await writeFile(join(folder, 'plain'), data);
  const [
    aes = NONE,
    aesInOneCall = NONE,
    chacha = NONE,
    sha = NONE,
    sealing = NONE,
    opening = NONE,
  ] = await medians([
    () => encipher('aes-256-gcm', CHUNK),
    () => encipher('aes-256-gcm', bytes),
    () => encipher('chacha20-poly1305', CHUNK),
    digest,
    sealFile,
    openFile,
  ]);
  const bound = {
    seconds: chacha.seconds + sha.seconds,
    processor: chacha.processor + sha.processor,
  };
  const record = data.subarray(0, 2_000);
  const sealed = await sealBytes(recipients, record, options);
  const [sealingRecords = NONE, openingRecords = NONE] = await medians([
    async () => await repeated(async () => await sealBytes(recipients, record, options)),
    async () => await repeated(async () => await openBytes([identity], sealed, options)),
  ]);
  const result = {
    'ChaCha20-Poly1305, 64 KiB calls, MB/s': rate(chacha),
    'SHA-256, 64 KiB calls, MB/s': rate(sha),
    'bound of both on one thread, MB/s': rate(bound),
    'seal, hash, write, MB/s': rate(sealing),
    'hash, open, write, MB/s': rate(opening),
    'seal to the bound': share(bound.seconds, sealing.seconds),
    'open to the bound': share(bound.seconds, opening.seconds),
    'seal to the bound, by processor time': share(bound.processor, sealing.processor),
    'open to the bound, by processor time': share(bound.processor, opening.processor),
    'AES-256-GCM, 64 KiB calls, MB/s': rate(aes),
    'AES-256-GCM, one call, MB/s': rate(aesInOneCall),
    'records of 2 kB sealed per second': Math.round(RECORDS / sealingRecords.seconds),
    'records of 2 kB opened per second': Math.round(RECORDS / openingRecords.seconds),
  };
  if (values.json === true) console.log(JSON.stringify(result));
  else console.table(result);
} finally {
  await rm(folder, { recursive: true });
}
