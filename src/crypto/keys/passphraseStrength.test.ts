import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { array, assert as forAll, constantFrom, integer, property, string } from 'fast-check';
import { wordlist } from '@scure/bip39/wordlists/english.js';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { requireStrong } from './passphrase.ts';
import { passphraseBits } from './passphraseStrength.ts';

/** Ways in which people make a weak word look strong. */
const DRESSED: readonly ((word: string) => string)[] = [
  (word) => word,
  (word) => word.toUpperCase(),
  (word) => `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`,
  (word) => `${word}${word}`,
  (word) => `${word}!`,
  (word) => `${word}123`,
  (word) => `${word}2024!`,
  (word) => `1984${word}`,
  (word) => `${word} ${word} ${word}`,
  (word) => word.replaceAll('a', '@').replaceAll('o', '0').replaceAll('s', '$'),
  (word) => word.padEnd(12, '.'),
];
const WEAK = [
  'aaaaaaaaaa',
  '1234567890',
  '0987654321',
  'qwertyuiop',
  'qwertz1234',
  'asdfghjkl1',
  'abcdefghij',
  'abcabcabcabc',
  '1q2w3e4r5t',
  '1111111111',
  'password12',
  'passwort123',
  'letmein123',
  'welcome2026',
  'summer2026',
  'iloveyou12',
  'hospital01',
  'medseal2026',
  'admin12345',
  '          ',
  '..........',
  'annaanna12',
];

describe('a new passphrase', () => {
  it('is refused if it has fewer than ten characters, whatever they are', () => {
    for (const short of ['', 'x', 'kX9#mQ2$v', 'Zebra7!Öl']) {
      assert.throws(() => requireStrong(short), failsWith('PASSPHRASE_WEAK'), short);
    }
  });

  // @actor a thief of a device | guesses a passphrase that is a common word, a year, a row of keys or a repeat
  it('is refused if it is a common word, a row of keys, a year or a repeat, however it is dressed up', () => {
    for (const weak of WEAK) {
      for (const dressed of DRESSED.map((dress) => dress(weak))) {
        assert.throws(() => requireStrong(dressed), failsWith('PASSPHRASE_WEAK'), dressed);
      }
    }
  });

  it('gains next to nothing from a repeat of any of its parts', () => {
    forAll(
      property(
        string({ minLength: 3, maxLength: 12 }),
        integer({ min: 2, max: 6 }),
        (part, times) => {
          assert.ok(
            passphraseBits(part.repeat(times)) <=
              passphraseBits(part) + 3 * 5 + (part.length * times) / 2,
          );
        },
      ),
    );
  });

  it('is taken if it is five random words, or random characters', () => {
    const words = array(constantFrom(...wordlist), { minLength: 5, maxLength: 5 });
    forAll(
      property(words, (chosen) => {
        if (new Set(chosen).size === 5) requireStrong(chosen.join(' '));
      }),
      { numRuns: 500 },
    );
    for (const random of ['kX9#mQ2$vL', 'tr-7Gh.zq!4', 'w8nfk-20ske-x91z']) requireStrong(random);
  });

  it('is taken in any script', () => {
    for (const text of [
      'correct horse battery',
      'зелёный чайник поёт ночью',
      '緑色のやかんが夜に歌うよ',
    ]) {
      requireStrong(text);
    }
  });
});
