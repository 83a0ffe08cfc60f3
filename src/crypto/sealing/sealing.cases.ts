import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Decrypter, Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption';
import { bech32 } from '@scure/base';
import * as fc from 'fast-check';
import { concatBytes, utf8ToBytes } from '../bytes.ts';
import { ageIdentity, recipientOf } from '../keys/ageIdentity.ts';
import { headerLength, openHeader } from './ageHeader.ts';
import { collectBytes } from './collectBytes.ts';
import { open } from './open.ts';
import { openBytes } from './openBytes.ts';
import { openFileKey } from './openFileKey.ts';
import type { PayloadCipher } from './PayloadCipher.ts';
import { PAYLOAD_NONCE } from './payloadKey.ts';
import { PayloadStream } from './PayloadStream.ts';
import { seal } from './seal.ts';
import { sealBytes } from './sealBytes.ts';

const CHUNK = 65_536;
const SEALED_CHUNK = CHUNK + 16;
const UNREADABLE = { code: 'SEAL_UNREADABLE' };

const alice = ageIdentity(new Uint8Array(32).fill(1));
const bob = ageIdentity(new Uint8Array(32).fill(2));
const eve = ageIdentity(new Uint8Array(32).fill(3));

/**
 * Tests of sealing and opening with every payload cipher.
 *
 * @param name - The cipher.
 * @param cipher - The cipher.
 */
export function sealingCases(name: string, cipher: PayloadCipher): void {
  const options = { cipher };

  describe(`sealing with ${name}`, async () => {
    const toAlice = await recipientOf(alice);
    const toBob = await recipientOf(bob);
    const record = recordOf(2 * CHUNK + 1_000);
    const file = await sealBytes([toAlice, toBob], record, options);
    const header = headerLength(file) ?? 0;
    const payload = header + PAYLOAD_NONCE;

    it('writes files that age-encryption opens, and opens those that it writes, at edges of chunks', async () => {
      for (const size of [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK + 5]) {
        const plaintext = recordOf(size);
        const encrypter = new Encrypter();
        encrypter.addRecipient(toAlice);
        const theirs = await encrypter.encrypt(plaintext);
        const ours = await sealBytes([toAlice], plaintext, options);
        assert.equal(ours.length, theirs.length);
        assert.deepEqual(await openBytes([alice], theirs, options), plaintext);
        const decrypter = new Decrypter();
        decrypter.addIdentity(alice);
        assert.deepEqual(await decrypter.decrypt(ours), plaintext);
      }
    });

    it('opens for each recipient, among other identities too, and for no one else', async () => {
      assert.deepEqual(await openBytes([alice], file, options), record);
      assert.deepEqual(await openBytes([bob], file, options), record);
      assert.deepEqual(await openBytes([eve, bob], file, options), record);
      await assert.rejects(openBytes([eve], file, options), UNREADABLE);
      await assert.rejects(openBytes([], file, options), UNREADABLE);
    });

    it('gives the same whatever the pieces are that it is given', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 2 * CHUNK })), async (cuts) => {
          const resealed = seal([toBob], pieces(record, cuts), options);
          assert.deepEqual(await collectBytes(open([bob], resealed, options)), record);
          assert.deepEqual(await collectBytes(open([bob], pieces(file, cuts), options)), record);
        }),
        { numRuns: 10 },
      );
    });

    it('opens a file that arrives byte by byte', async () => {
      const small = await sealBytes([toAlice], utf8ToBytes('byte by byte'), options);
      const bytes = Array.from(small, (byte) => Uint8Array.of(byte));
      assert.deepEqual(
        await collectBytes(open([alice], bytes, options)),
        utf8ToBytes('byte by byte'),
      );
    });

    it('asks for no more of its source than it must, so that memory stays flat', async () => {
      let asked = 0;
      async function* endless(): AsyncGenerator<Uint8Array> {
        for (;;) {
          asked += 1;
          yield new Uint8Array(CHUNK);
        }
      }
      let given = 0;
      for await (const piece of open([alice], seal([toAlice], endless(), options), options)) {
        given += piece.length / CHUNK;
        assert.ok(asked - given <= 2, `${asked} asked, ${given} given`);
        if (given === 40) break;
      }
    });

    it('uses memory again if it may, and leaves a piece alone until the one after the next', async () => {
      const reuse = { ...options, reuse: true };
      const long = recordOf(40 * CHUNK + 7);
      for (const cuts of [
        [],
        Array.from({ length: 60 }, () => CHUNK - 5),
        [17 * CHUNK, 9, CHUNK],
      ]) {
        const sealed = seal([toAlice], pieces(long, cuts), reuse);
        const opened = open([alice], pairs(sealed), reuse);
        const buffers = new Set<ArrayBufferLike>();
        let at = 0;
        for await (const piece of pairs(opened)) {
          assert.equal(Buffer.compare(piece, long.subarray(at, at + piece.length)), 0);
          buffers.add(piece.buffer);
          at += piece.length;
        }
        assert.equal(at, long.length);
        // Two in turn, which may each grow a few times, and the last.
        assert.ok(buffers.size <= 7, `${buffers.size} buffers`);
      }
    });

    it('gives pieces that may be kept unless memory may be used again', async () => {
      const long = recordOf(40 * CHUNK + 7);
      const cuts = Array.from({ length: 60 }, () => CHUNK - 5);
      const sealed = await collectBytes(seal([toAlice], pieces(long, cuts), options));
      const opened = await collectBytes(open([alice], pieces(sealed, cuts), options));
      assert.equal(Buffer.compare(opened, long), 0);
      // Also if a caller passes on the options that it has for streams.
      const reuse = { ...options, reuse: true };
      const again = await sealBytes([toAlice], long, reuse);
      assert.equal(Buffer.compare(await openBytes([alice], again, reuse), long), 0);
    });

    it('never writes the same file twice', async () => {
      const again = await sealBytes([toAlice, toBob], record, options);
      assert.notDeepEqual(again.subarray(0, header), file.subarray(0, header));
      assert.notDeepEqual(again.subarray(payload), file.subarray(payload));
    });

    it('opens with the key of that one file, which is what sharing one record hands over', async () => {
      const fileKey = await openHeader([alice], file.subarray(0, header));
      assert.equal(fileKey.length, 16);
      for (const size of [100, header - 1, header, file.length]) {
        const cuts = Array.from({ length: Math.ceil(file.length / size) }, () => size);
        assert.deepEqual(await openFileKey([bob], pieces(file, cuts), options), fileKey);
      }
      for (const [openers, bytes] of [
        [[eve], file],
        [[], file],
        [[alice], file.subarray(0, header - 1)],
        [[alice], file.with(40, 0)],
        [[alice], new Uint8Array()],
        [[alice], new Uint8Array(200_000)],
      ] as const) {
        await assert.rejects(openFileKey(openers, [bytes], options), UNREADABLE);
      }
      assert.deepEqual(await openBytes([{ fileKey }], file, options), record);
      const other = await sealBytes([toAlice], record, options);
      await assert.rejects(openBytes([{ fileKey }], other, options), UNREADABLE);
      for (const wrong of [new Uint8Array(16), fileKey.subarray(1), new Uint8Array()]) {
        await assert.rejects(openBytes([{ fileKey: wrong }], file, options), UNREADABLE);
      }
    });

    it('releases what stands before a changed byte, and nothing of its chunk or after it', async () => {
      for (const chunk of [0, 1, 2]) {
        const start = payload + chunk * SEALED_CHUNK;
        const end = Math.min(start + SEALED_CHUNK, file.length);
        for (const at of [start, start + 1, (start + end) >> 1, end - 16, end - 1]) {
          const { released, error } = await release(flip(file, at));
          assert.deepEqual(released, record.subarray(0, chunk * CHUNK));
          assert.equal(error, 'SEAL_UNREADABLE');
        }
      }
    });

    it('releases nothing if a byte of header or nonce is changed', async () => {
      const small = await sealBytes([toAlice], record.subarray(0, 10), options);
      const end = (headerLength(small) ?? 0) + PAYLOAD_NONCE;
      // Every byte but those inside the long encapsulated key, of which every 40th.
      const places = Array.from({ length: end }, (_, at) => at);
      for (const at of places.filter(
        (place) => place < 60 || place > end - 130 || place % 40 === 0,
      )) {
        for (const altered of [flip(small, at), withoutByte(small, at)]) {
          await assert.rejects(openBytes([alice], altered, options), UNREADABLE, `byte ${at}`);
        }
      }
    });

    it('releases only whole chunks of a file that was cut off, and says so', async () => {
      const lengths = [0, 1, 21, 22, header - 1, header, header + 1, payload - 1, payload];
      for (const chunk of [payload, payload + SEALED_CHUNK, payload + 2 * SEALED_CHUNK]) {
        lengths.push(chunk - 1, chunk, chunk + 1, chunk + 15, chunk + 16, chunk + 17);
      }
      lengths.push(file.length - 1);
      for (const length of lengths) {
        const { released, error } = await release(file.subarray(0, length));
        assert.equal(error, 'SEAL_UNREADABLE', `${length} bytes`);
        assert.equal(released.length % CHUNK, 0);
        assert.deepEqual(released, record.subarray(0, released.length));
      }
    });

    const chunks = [0, 1, 2].map((n) =>
      file.subarray(payload + n * SEALED_CHUNK, payload + (n + 1) * SEALED_CHUNK),
    ) as [Uint8Array, Uint8Array, Uint8Array];
    const start = file.subarray(0, payload);
    const stranger = await sealBytes([toAlice, toBob], record, options);
    const altered: Record<string, Uint8Array> = {
      'a byte behind its end': concatBytes(file, Uint8Array.of(0)),
      'its last chunk twice': concatBytes(file, chunks[2]),
      'two chunks exchanged': concatBytes(start, chunks[1], chunks[0], chunks[2]),
      'a chunk left out': concatBytes(start, chunks[0], chunks[2]),
      'a chunk twice': concatBytes(start, chunks[0], chunks[0], chunks[1], chunks[2]),
      'no last chunk': concatBytes(start, chunks[0], chunks[1]),
      'no chunk': start,
      'the payload of another file': concatBytes(
        file.subarray(0, header),
        stranger.subarray(header),
      ),
      'the header of another file': concatBytes(
        stranger.subarray(0, header),
        file.subarray(header),
      ),
      'itself behind it': concatBytes(file, file),
      'another version': concatBytes(utf8ToBytes('age-encryption.org/v2'), file.subarray(21)),
      'Windows line ends': concatBytes(
        utf8ToBytes(new TextDecoder().decode(file.subarray(0, header)).replaceAll('\n', '\r\n')),
        file.subarray(header),
      ),
      'an unknown stanza put in': concatBytes(
        file.subarray(0, 22),
        utf8ToBytes('-> grease\n\n'),
        file.subarray(22),
      ),
      'no bytes': new Uint8Array(),
      'noise instead': recordOf(100_000),
      'line breaks instead': new Uint8Array(100_000).fill(10),
      'a header without an end': concatBytes(
        utf8ToBytes('age-encryption.org/v1\n'),
        new Uint8Array(70_000).fill(65),
      ),
    };
    for (const [what, wrong] of Object.entries(altered)) {
      it(`refuses a file with ${what}`, async () => {
        const { released, error } = await release(wrong);
        assert.equal(error, 'SEAL_UNREADABLE');
        assert.deepEqual(released, record.subarray(0, released.length));
        assert.ok(released.length < record.length);
        await assert.rejects(openBytes([alice], wrong, options), UNREADABLE);
      });
    }

    it('refuses a payload that ends in an empty chunk', () => {
      const key = new Uint8Array(32).fill(5);
      const first = new Uint8Array(SEALED_CHUNK);
      cipher.under(key).seal(new Uint8Array(12), new Uint8Array(CHUNK), first);
      const last = new Uint8Array(16);
      cipher.under(key).seal(new Uint8Array(12).with(10, 1).with(11, 1), new Uint8Array(), last);
      const stream = PayloadStream.opening(cipher, key);
      assert.equal([...stream.push(concatBytes(first, last))].length, 1);
      assert.throws(() => stream.end(), UNREADABLE);
    });

    it('says nothing about why a file does not open', async () => {
      const errors = await Promise.all(
        [flip(file, 5), flip(file, 100), flip(file, header - 5), flip(file, payload)].map(
          async (wrong) =>
            await openBytes([alice], wrong, options).catch((error: unknown) => error as Error),
        ),
      );
      for (const error of errors) {
        assert.ok(error instanceof Error);
        assert.equal(error.cause, undefined);
        assert.equal(
          error.message,
          'The sealed file cannot be opened with this key, or it was altered.',
        );
      }
    });

    it('passes on the errors of its source, and lets go of it', async () => {
      let released = 0;
      async function* failing(): AsyncGenerator<Uint8Array> {
        try {
          yield* pieces(file, [500, 100_000]);
          throw new Error('the disk is gone');
        } finally {
          released += 1;
        }
      }
      await assert.rejects(collectBytes(open([alice], failing(), options)), /the disk is gone/);
      await assert.rejects(collectBytes(seal([toAlice], failing(), options)), /the disk is gone/);
      for await (const _ of open([alice], failing(), options)) break;
      await assert.rejects(collectBytes(open([eve], failing(), options)), UNREADABLE);
      assert.equal(released, 4);
    });

    it('seals to post-quantum recipients only, at least one and at most 32', async () => {
      const classic = await identityToRecipient(await generateX25519Identity());
      const misspelt = `${toAlice.slice(0, -6)}qqqqqq`;
      // Of the right length, but its X25519 half is a point of low order.
      const noKey = bech32.encode('age1pq', bech32.toWords(new Uint8Array(1_216)), false);
      for (const recipients of [[], [''], [alice], [classic], [misspelt], [toAlice, noKey]]) {
        await assert.rejects(sealBytes(recipients, record, options), { code: 'REQUEST_MALFORMED' });
      }
      const many = Array.from({ length: 33 }, () => toAlice);
      await assert.rejects(sealBytes(many, record, options), { code: 'REQUEST_TOO_LARGE' });
      const most = await sealBytes([...many.slice(2), toBob], record, options);
      assert.deepEqual(await openBytes([bob], most, options), record);
    });

    /** Returns what comes out of a file before it fails, and the error's code. */
    async function release(wrong: Uint8Array): Promise<{ released: Uint8Array; error: string }> {
      const released: Uint8Array[] = [];
      let error = 'none';
      try {
        const small = Array.from({ length: wrong.length / 20_000 }, () => 20_000);
        for await (const piece of open([alice], pieces(wrong, small), options)) {
          released.push(piece);
        }
      } catch (caught) {
        error = (caught as { code: string }).code;
      }
      return { released: concatBytes(...released), error };
    }
  });
}

function recordOf(size: number): Uint8Array {
  return Uint8Array.from({ length: size }, (_, index) => (index * 31) ^ (index >> 8));
}

/** The bytes in pieces, in one buffer that is used again, as files are read. */
function* pieces(bytes: Uint8Array, cuts: readonly number[]): Generator<Uint8Array> {
  const sizes = [...cuts, bytes.length];
  const buffer = new Uint8Array(Math.max(...sizes));
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const piece = bytes.subarray(at, at + (sizes[turn] ?? bytes.length));
    buffer.set(piece);
    yield buffer.subarray(0, piece.length);
    buffer.fill(0xee);
    at += piece.length;
  }
}

/** Each piece once the next was asked for: the latest at which a consumer may still use it. */
async function* pairs(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let held: Uint8Array | undefined;
  for await (const piece of source) {
    if (held !== undefined) yield held;
    held = piece;
  }
  if (held !== undefined) yield held;
}

function flip(bytes: Uint8Array, at: number): Uint8Array {
  return bytes.with(at, (bytes[at] ?? 0) ^ (1 << (at & 7)));
}

function withoutByte(bytes: Uint8Array, at: number): Uint8Array {
  return concatBytes(bytes.subarray(0, at), bytes.subarray(at + 1));
}
