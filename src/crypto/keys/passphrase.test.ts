import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { nativeScrypt } from '../../folder/nativeScrypt.ts';
import { bytesToHex, bytesToUtf8, concatBytes, hexToBytes, utf8ToBytes } from '../bytes.ts';
import { sealBytes } from '../sealing/sealBytes.ts';
import { ageIdentity, recipientOf } from './ageIdentity.ts';
import { openWithPassphrase, sealWithPassphrase } from './passphrase.ts';

const SECRET = new Uint8Array(32).fill(7);
/** So little that a test is quick. */
const CHEAP = { workFactor: 4 };
/** The secret of 32 times 7 under `correct horse battery`, at a cost of 2^4. */
const GOLDEN =
  '0x6167652d656e6372797074696f6e2e6f72672f76310a2d3e2073637279707420596c35705a42316e55347257' +
  '554b667143545270654120340a442b326b6c372f494c457773332f6362375a316e797252484264796f71354255' +
  '59384d2f4d6c35306f66380a2d2d2d2065486b6135314e7957514653494530485233555530494c2f3950594a44' +
  '46563832444b484e6a745a4765670a0eba61c49c33262607feb5b2e2b7c07c847a7b2fbcf69dc4e9b60bcb8446' +
  '16496db78c608665e6efd74aea9a9be7d10ddcd9de79d3a3af18bd0feddfbc6e705b';

describe('what a passphrase seals', () => {
  it('does not open with another passphrase', async () => {
    const file = await sealWithPassphrase('correct horse battery', SECRET, CHEAP);
    for (const wrong of ['', 'correct horse', 'Correct horse battery', 'correct horse battery ']) {
      await assert.rejects(openWithPassphrase(wrong, file), failsWith('PASSPHRASE_WRONG'));
    }
  });

  it('takes no passphrase that is soon guessed by its length', async () => {
    for (const weak of ['', 'a', '123456789']) {
      await assert.rejects(sealWithPassphrase(weak, SECRET), failsWith('PASSPHRASE_WEAK'));
    }
  });

  it('does not open where any byte was altered', async () => {
    const file = await sealWithPassphrase('correct horse battery', SECRET, { workFactor: 1 });
    for (const [at, byte] of file.entries()) {
      const altered = file.with(at, byte ^ 1);
      await assert.rejects(openWithPassphrase('correct horse battery', altered), /./, `byte ${at}`);
    }
  });

  it('tells a file of another kind from a wrong passphrase', async () => {
    const other = await sealBytes([await recipientOf(ageIdentity(SECRET))], SECRET);
    for (const file of [other, utf8ToBytes('not a file'), new Uint8Array()]) {
      await assert.rejects(openWithPassphrase('correct horse', file), failsWith('SEAL_UNREADABLE'));
    }
  });

  it('opens with the passphrase, whichever way it is composed', async () => {
    const file = await sealWithPassphrase('na\u00efve \ufb01sh pie', SECRET, CHEAP);
    assert.deepEqual(await openWithPassphrase('nai\u0308ve fish pie', file), SECRET);
  });

  it('is an age file at a cost of 2^18, about a second for each try', async () => {
    const file = await sealWithPassphrase('correct horse battery', SECRET);
    const [version, stanza] = bytesToUtf8(file.subarray(0, 60)).split('\n');
    assert.equal(version, 'age-encryption.org/v1');
    assert.match(stanza ?? '', /^-> scrypt [A-Za-z0-9+/]{22} 18$/);
  });

  it('opens what was sealed before: the format stays', async () => {
    const file = hexToBytes(GOLDEN);
    assert.equal(
      bytesToHex(await openWithPassphrase('correct horse battery', file)),
      `0x${'07'.repeat(32)}`,
    );
  });

  it('is the same by the platform’s scrypt, either way', async () => {
    const [words, ports] = ['correct horse battery', { scrypt: nativeScrypt }];
    const [portable, native] = [
      await sealWithPassphrase(words, SECRET, CHEAP),
      await sealWithPassphrase(words, SECRET, { ...CHEAP, ...ports }),
    ];
    assert.equal(portable.length, native.length);
    for (const file of [portable, native, hexToBytes(GOLDEN)]) {
      assert.deepEqual(await openWithPassphrase(words, file, ports), SECRET);
      assert.deepEqual(await openWithPassphrase(words, file), SECRET);
      const wrong = openWithPassphrase('correct horse', file, ports);
      await assert.rejects(wrong, failsWith('PASSPHRASE_WRONG'));
      const text = bytesToUtf8(file.subarray(0, 60));
      for (const work of ['0', '21', '99', '04', 'x', '']) {
        const dear = concatBytes(
          utf8ToBytes(`${text.split('\n')[0]}\n${text.split('\n')[1]?.replace(/4$/, work)}\n`),
          file.subarray(text.split('\n').slice(0, 2).join('\n').length + 1),
        );
        await assert.rejects(openWithPassphrase(words, dear, ports), failsWith('SEAL_UNREADABLE'));
      }
    }
    const other = await sealBytes([await recipientOf(ageIdentity(SECRET))], SECRET);
    await assert.rejects(openWithPassphrase(words, other, ports), failsWith('SEAL_UNREADABLE'));
  });
});
