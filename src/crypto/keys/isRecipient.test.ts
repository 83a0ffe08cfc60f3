import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bech32 } from '@scure/base';
import { sealBytes } from '../sealing/sealBytes.ts';
import { ageIdentity, recipientKey, recipientOf } from './ageIdentity.ts';
import { isRecipient } from './isRecipient.ts';

const CLASSICAL = 'age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p';
const sound = await recipientOf(ageIdentity(new Uint8Array(32).fill(7)));

function textOf(key: Uint8Array, prefix = 'age1pq'): string {
  return bech32.encode(prefix, bech32.toWords(key), false);
}

/** The sound key, different in some bytes. */
function changed(at: number, ...bytes: readonly number[]): string {
  const key = recipientKey(sound).slice();
  key.set(bytes, at);
  return textOf(key);
}

/** Points of small order on Curve25519 (RFC 7748 §6.1), as they are written. */
const SMALL = [
  [0],
  [1],
  [
    0xe0, 0xeb, 0x7a, 0x7c, 0x3b, 0x41, 0xb8, 0xae, 0x16, 0x56, 0xe3, 0xfa, 0xf1, 0x9f, 0xc4, 0x6a,
    0xda, 0x09, 0x8d, 0xeb, 0x9c, 0x32, 0xb1, 0xfd, 0x86, 0x62, 0x05, 0x16, 0x5f, 0x49, 0xb8, 0x00,
  ],
];

describe('isRecipient', () => {
  it('takes the recipients of identities, and what can be sealed to', async () => {
    for (const fill of [0, 1, 255]) {
      const recipient = await recipientOf(ageIdentity(new Uint8Array(32).fill(fill)));
      assert.ok(isRecipient(recipient));
      await sealBytes([recipient], new Uint8Array(1));
    }
  });

  const key = recipientKey(sound);
  const refused: [string, string][] = [
    ['nothing', ''],
    ['words', 'age1garbage'],
    ['a classical recipient', CLASSICAL],
    ['an identity', ageIdentity(new Uint8Array(32))],
    ['capitals', sound.toUpperCase()],
    ['a letter less', sound.slice(0, -1)],
    ['a letter more', `${sound}q`],
    ['a mistyped letter', sound.replace(/.$/, (last) => (last === 'q' ? 'p' : 'q'))],
    ['a space before it', ` ${sound}`],
    ['a line break behind it', `${sound}\n`],
    ['another prefix', textOf(key, 'age1tag')],
    ['a byte more', textOf(Uint8Array.of(...key, 0))],
    ['a byte less', textOf(key.slice(0, -1))],
    ['twice the key', textOf(Uint8Array.of(...key, ...key))],
    ['a first coefficient that is the modulus', changed(0, 0x01, 0xd ^ 0x0, 0x00)],
    ['a coefficient over the modulus', changed(0, 0xff, 0xff, 0xff)],
    ['a last coefficient over the modulus', changed(1149, 0, 0xf0, 0xff)],
    ...SMALL.map((point, place): [string, string] => {
      const bytes = new Uint8Array(32);
      bytes.set(point);
      return [`a point of small order, number ${place}`, changed(1184, ...bytes)];
    }),
  ];
  for (const [name, text] of refused) {
    it(`refuses ${name}`, async () => {
      assert.equal(isRecipient(text), false);
      await assert.rejects(sealBytes([text], new Uint8Array(1)), 'and nobody seals to it');
    });
  }
});
