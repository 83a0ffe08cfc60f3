import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { hexToBytes } from '../bytes.ts';
import { phraseToSeed, seedToPhrase } from './phrase.ts';

/** Test vectors of BIP-39 (github.com/trezor/python-mnemonic, vectors.json): entropy of 256 bits, and words. */
const VECTORS = [
  ['00'.repeat(32), `${'abandon '.repeat(23)}art`],
  [
    '7f'.repeat(32),
    'legal winner thank year wave sausage worth useful legal winner thank year wave sausage worth useful ' +
      'legal winner thank year wave sausage worth title',
  ],
  [
    '80'.repeat(32),
    'letter advice cage absurd amount doctor acoustic avoid letter advice cage absurd amount doctor acoustic ' +
      'avoid letter advice cage absurd amount doctor acoustic bless',
  ],
  ['ff'.repeat(32), `${'zoo '.repeat(23)}vote`],
  [
    '68a79eaca2324873eacc50cb9c6eca8cc68ea5d936f98787c60c7ebc74e6ce7c',
    'hamster diagram private dutch cause delay private meat slide toddler razor book happy fancy gospel tennis ' +
      'maple dilemma loan word shrug inflict delay length',
  ],
  [
    'f585c11aec520db57dd353c69554b21a89b20fb0650966fa0a9d6f74fd989d8f',
    'void come effort suffer camp survey warrior heavy shoot primary clutch crush open amazing screen patrol ' +
      'group space point ten exist slush involve unfold',
  ],
] as const;

describe('the phrase of a seed', () => {
  it('refuses what is not a phrase, and quotes nothing of it', () => {
    const phrase = VECTORS[4][1];
    const words = phrase.split(' ');
    const refused = {
      empty: '',
      'of 12 words': `${'abandon '.repeat(11)}about`,
      'a word short': words.slice(1).join(' '),
      'a word more': `${phrase} length`,
      'with an unknown word': words.with(3, 'nederlands').join(' '),
      'with two words changed round': words.with(0, 'diagram').with(1, 'hamster').join(' '),
    };
    for (const [what, text] of Object.entries(refused)) {
      assert.throws(() => phraseToSeed(text), failsWith('PHRASE_INVALID'), what);
      assert.throws(
        () => phraseToSeed(text),
        (error: Error) => !error.stack?.includes('sausage'),
      );
    }
  });

  it('refuses a seed of another length', () => {
    for (const length of [0, 16, 31, 33]) {
      assert.throws(() => seedToPhrase(new Uint8Array(length)), failsWith('SEED_MALFORMED'));
    }
  });

  it('is that of BIP-39', () => {
    for (const [entropy, phrase] of VECTORS) {
      const seed = hexToBytes(`0x${entropy}`);
      assert.equal(seedToPhrase(seed), phrase);
      assert.deepEqual(phraseToSeed(phrase), seed);
    }
  });

  it('gives every seed again, however it is typed', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (seed) => {
        const typed = `  ${seedToPhrase(seed).toUpperCase().replaceAll(' ', '\n ')}\t`;
        assert.deepEqual(phraseToSeed(typed), seed);
      }),
    );
  });
});
