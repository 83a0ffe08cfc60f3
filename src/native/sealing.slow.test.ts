import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { it } from 'node:test';
import { ageIdentity, recipientOf } from '../crypto/keys/ageIdentity.ts';
import { open } from '../crypto/sealing/open.ts';
import { seal } from '../crypto/sealing/seal.ts';
import { nativeCipher } from './nativeCipher.ts';

const MEBIBYTE = 2 ** 20;
/** 2 GiB. */
const PIECES = 2_048;

it('2 GiB are sealed and opened with memory flat', async () => {
  const options = { cipher: nativeCipher };
  const identity = ageIdentity(new Uint8Array(32).fill(1));
  const written = createHash('sha256');
  async function* source(): AsyncGenerator<Uint8Array> {
    for (let number = 0; number < PIECES; number++) {
      const piece = Buffer.alloc(MEBIBYTE, String(number));
      written.update(piece);
      yield piece;
    }
  }

  const read = createHash('sha256');
  const before = process.memoryUsage.rss();
  let most = 0;
  const sealed = seal([await recipientOf(identity)], source(), options);
  for await (const piece of open([identity], sealed, options)) {
    read.update(piece);
    most = Math.max(most, process.memoryUsage.rss());
  }
  assert.equal(read.digest('hex'), written.digest('hex'));
  const grown = (most - before) / MEBIBYTE;
  assert.ok(grown < 512, `${grown.toFixed(0)} MiB more memory`);
});
