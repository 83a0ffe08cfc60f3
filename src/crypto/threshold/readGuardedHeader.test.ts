import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { randomBytes } from '@noble/hashes/utils.js';
import { assert as forAll, asyncProperty, integer, nat } from 'fast-check';
import { bytesToUtf8, concatBytes, utf8ToBytes } from '../bytes.ts';
import { ageIdentity, recipientKey, recipientOf } from '../keys/ageIdentity.ts';
import type { SealTarget } from '../sealing/ageHeader.ts';
import { portableKem } from '../sealing/portableKem.ts';
import { readHeader } from '../sealing/readHeader.ts';
import { readStanzas } from '../sealing/readStanzas.ts';
import { sealBytes } from '../sealing/sealBytes.ts';
import { evidencedRecipient } from './evidencedStanza.ts';
import { GUARDED_HEADER_LENGTH, readGuardedHeader } from './readGuardedHeader.ts';
import { nobleGroup } from './nobleGroup.ts';
import { scalarBytes } from './scalars.ts';

const KEY_ID = new Uint8Array(32).fill(9);
const CONTENT = utf8ToBytes('a guarded note');

let evidenced: SealTarget;
let [theirs, own]: readonly string[] = [];
let file: Uint8Array;
let header: string;

before(async () => {
  theirs = await recipientOf(ageIdentity(new Uint8Array(32).fill(1)));
  own = await recipientOf(ageIdentity(new Uint8Array(32).fill(2)));
  const target = {
    recipientKey: recipientKey(theirs),
    publicKey: nobleGroup.base(scalarBytes(5n)),
    identity: utf8ToBytes('a version'),
    keyId: KEY_ID,
  };
  evidenced = evidencedRecipient(nobleGroup, portableKem, target, randomBytes);
  file = await sealBytes([evidenced, own], CONTENT);
  header = bytesToUtf8(file.subarray(0, GUARDED_HEADER_LENGTH));
});

function isGuardedHeader(bytes: Uint8Array, keyId: Uint8Array): boolean {
  return readGuardedHeader(bytes, keyId) !== undefined;
}

describe('the header of a guarded file', () => {
  it('has the same length in each file, and is known by it', async () => {
    assert.equal((await readHeader([file]))?.length, GUARDED_HEADER_LENGTH);
    assert.equal(isGuardedHeader(file, KEY_ID), true);
    assert.equal(isGuardedHeader(file.subarray(0, GUARDED_HEADER_LENGTH), KEY_ID), true);
  });

  it('is of one release key', () => {
    assert.equal(isGuardedHeader(file, new Uint8Array(32).fill(8)), false);
  });

  it('has both stanzas in their order, and no other', async () => {
    const [one = '', other = ''] = [theirs, own];
    for (const targets of [
      [one, other],
      [evidenced],
      [other],
      [other, evidenced],
      [evidenced, other, one],
      [evidenced, evidenced],
      [evidenced, other, evidenced],
    ]) {
      assert.equal(isGuardedHeader(await sealBytes(targets, CONTENT), KEY_ID), false);
    }
  });

  it('is whole, and has no byte before it', () => {
    const short = file.subarray(0, GUARDED_HEADER_LENGTH - 1);
    for (const bytes of [new Uint8Array(), short, concatBytes(Uint8Array.of(10), file)]) {
      assert.equal(isGuardedHeader(bytes, KEY_ID), false);
    }
  });

  it('has no point at infinity, and none that is not compressed', () => {
    const at = header.indexOf('\n', 30) - 174;
    for (const first of ['AA', 'AB', 'Af', 'BA', 'Bg', 'Eg', '/w']) {
      const altered = `${header.slice(0, at)}${first}${header.slice(at + 2)}`;
      assert.equal(isGuardedHeader(utf8ToBytes(altered), KEY_ID), false, first);
    }
  });

  it('is taken only if age reads these two stanzas in it or nothing, whatever one byte of it becomes', async () => {
    await forAll(
      asyncProperty(
        nat(GUARDED_HEADER_LENGTH - 1),
        integer({ min: 0, max: 255 }),
        async (place, byte) => {
          const altered = file.slice(0, GUARDED_HEADER_LENGTH);
          altered[place] = byte;
          if (!isGuardedHeader(altered, KEY_ID)) return;
          const stanzas = await readStanzas(altered).catch(() => undefined);
          if (stanzas === undefined) return;
          const types = stanzas.map(({ args: [type] }) => type);
          assert.deepEqual(types, ['medseal.org/evidenced-2', 'mlkem768x25519']);
        },
      ),
    );
  });

  it('is not spelt in another way', () => {
    const crlf = header.replaceAll('\n', '\r\n');
    const wide = header.replace('-> mlkem768x25519 ', '-> mlkem768x25519  ');
    const padded = header.replace('\n-> mlkem', '=\n-> mlkem');
    const loose = header.replace(/.\n-> mlkem/u, 'B\n-> mlkem');
    const other = header.replace('mlkem768x25519', 'mlkem768x25510');
    for (const altered of [crlf, wide, padded, loose, other]) {
      assert.notEqual(altered, header);
      assert.equal(isGuardedHeader(utf8ToBytes(altered), KEY_ID), false);
    }
  });
});
