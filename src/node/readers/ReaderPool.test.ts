import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { MedsealError } from '../../errors/MedsealError.ts';
import { createNativePrimitives } from '../../native/nativePrimitives.ts';
import { canonicalJson } from '../../protocol/wire/canonicalJson.ts';
import type { ReadBody } from '../../protocol/evidence/EvidenceReader.ts';
import { createEvidenceReader } from '../../protocol/evidence/readEvidence.ts';
import type { EvidenceType, Signed } from '../../protocol/struct/requests.ts';
import { sign } from '../../protocol/struct/signing.ts';
import { doctor, sampleBody, sampleView, sampleWrite } from '../../protocol/test/sampleEvidence.ts';
import { context as portable, signatory } from '../../protocol/test/sampleNetwork.ts';
import { ReaderPool, type ReaderPoolOptions } from './ReaderPool.ts';

const context = { ...portable, primitives: await createNativePrimitives() };
const alone = createEvidenceReader(context);
const failures: unknown[] = [];
let pool: ReaderPool;

function open(options: Partial<ReaderPoolOptions> = {}): ReaderPool {
  failures.length = 0;
  const onFailure = (error: unknown): unknown => failures.push(error);
  pool = new ReaderPool({ threads: 2, readFirst: 0, onFailure, ...options });
  return pool;
}

/** So many requests, of which some are of the wrong form, or signed by nobody, or by another. */
function requests(count: number): Signed<EvidenceType>[] {
  return Array.from({ length: count }, (_, place) => {
    const message = { ...sampleWrite, size: place + 1 };
    if (place % 7 === 1) return sign(context, doctor, 'View', { ...sampleView, deadline: place });
    if (place % 7 === 3) return sign(context, signatory(`other ${place}`), 'Write', message);
    const request = sign(context, doctor, 'Write', message);
    return place % 7 === 5 ? { ...request, signature: `0x${'00'.repeat(65)}` } : request;
  });
}

function bodies(count: number): string[] {
  return requests(count).map((request, place) => {
    const text = canonicalJson(sampleBody({ request, at: place }));
    if (place % 11 === 2) return text.slice(0, -1);
    if (place % 11 === 4) return text.replace('"at"', '"\\u0061t"');
    if (place % 11 === 6) return canonicalJson({ ...sampleBody({ request }), more: place });
    return text;
  });
}

/** Returns values that are equal if two readings say the same. */
function plain(read: readonly (ReadBody | MedsealError)[]): unknown[] {
  return read.map((each) => {
    if (each instanceof MedsealError) return each.toProblem();
    const { bytes, entry, ...rest } = each;
    return { ...rest, bytes: Buffer.from(bytes), entry: Buffer.from(entry) };
  });
}

describe('a pool of reader threads', () => {
  afterEach(async () => await pool.close());

  it('reads arrays of any length as one reader alone does, in their order', async () => {
    const reader = open().reader(context);
    for (const count of [0, 1, 7, 8, 127, 128, 129, 300]) {
      const [some, texts] = [requests(count), bodies(count)];
      assert.deepEqual(await reader.requests(some), await alone.requests(some));
      assert.deepEqual(plain(await reader.bodies(texts)), plain(await alone.bodies(texts)));
    }
    assert.deepEqual(failures, []);
  });

  it('reads texts that UTF-8 does not give back as the reader alone does', async () => {
    const reader = open().reader(context);
    const half = canonicalJson(sampleBody()).replace('care/hospital', 'care/hosp\ud800tal');
    const texts = [...bodies(20), half, '', '7', 'null'];
    assert.deepEqual(plain(await reader.bodies(texts)), plain(await alone.bodies(texts)));
  });

  it('keeps networks apart that share it', async () => {
    open();
    const other = { ...context, domain: { ...context.domain, chainId: 9 } };
    const some = requests(40);
    const [here, there] = await Promise.all([
      pool.reader(context).requests(some),
      pool.reader(other).requests(some),
    ]);
    assert.deepEqual(here, await alone.requests(some));
    assert.deepEqual(there, await createEvidenceReader(other).requests(some));
    assert.notEqual(here[0]?.digest, there[0]?.digest);
  });

  it('starts no thread for what is quicker done at once, and leaves none behind', async () => {
    const reader = open().reader(context);
    await reader.requests(requests(7));
    assert.equal(pool.running, 0);
    await Promise.all([reader.requests(requests(300)), reader.bodies(bodies(300))]);
    assert.equal(pool.running, 2);
    await pool.close();
    assert.equal(pool.running, 0);
  });

  it('starts no thread before it has read as much itself as a start is worth', async () => {
    const reader = open({ readFirst: 40 }).reader(context);
    const some = requests(30);
    for (const [texts, running] of [
      [some.slice(0, 7), 0],
      [some, 0],
      [some, 0],
      [some, 1],
    ] as const) {
      assert.deepEqual(await reader.requests(texts), await alone.requests(texts));
      assert.equal(pool.running, running);
    }
  });

  it('does by itself what threads fail to do, says so, and starts no more after the third', async () => {
    const program = new URL('test/failingThread.ts', import.meta.url);
    const reader = open({ threads: 1, program }).reader(context);
    const some = requests(16);
    for (let round = 0; round < 5; round++) {
      assert.deepEqual(await reader.requests(some), await alone.requests(some));
    }
    assert.equal(failures.length, 3);
    assert.ok(failures.every((error) => /a thread of a test that fails/.test(String(error))));
  });

  it('does by itself what threads had not done when it was closed, or what comes after', async () => {
    const reader = open().reader(context);
    const some = requests(300);
    const reading = reader.requests(some);
    await pool.close();
    assert.deepEqual(await reading, await alone.requests(some));
    assert.deepEqual(await reader.requests(some), await alone.requests(some));
    assert.deepEqual(failures, []);
  });

  it('does everything by itself if it has no thread', async () => {
    const reader = open({ threads: 0 }).reader(context);
    const some = requests(20);
    assert.deepEqual(await reader.requests(some), await alone.requests(some));
  });
});
