import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { base64 } from '@scure/base';
import * as fc from 'fast-check';
import { portablePrimitives as primitives } from '../portablePrimitives.ts';
import { createNoteKey, parseVerifierKey } from './NoteKey.ts';
import { openNote } from './openNote.ts';
import { signNote } from './signNote.ts';

/** The documented example of golang.org/x/mod/sumdb/note. */
const SIGNER_KEY = 'PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz';
const VERIFIER_KEY = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const TEXT =
  'If you think cryptography is the answer to your problem,\n' +
  "then you don't know what your problem is.\n";
const SIGNATURE =
  '— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n';
const NOTE = `${TEXT}\n${SIGNATURE}`;
/** The example's second signature, by a key that is not known here. */
const UNKNOWN =
  '— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n';

const seed = base64.decode(SIGNER_KEY.split('+').slice(4).join('+')).subarray(1);
const key = createNoteKey('PeterNeumann', seed);
const other = createNoteKey('example.org/log', new Uint8Array(32).fill(7));

describe('note keys', () => {
  it('are those of golang.org/x/mod/sumdb/note', () => {
    assert.equal(key.verifierKey, VERIFIER_KEY);
    assert.equal(
      other.verifierKey,
      'example.org/log+5e2cef00+AepKbGPinFIKvvVQexMuxfmVR3auvr57kkIe6mkURtIs',
    );
  });

  it('are parsed into what they were made of', () => {
    const { name, id, publicKey } = parseVerifierKey(VERIFIER_KEY);
    assert.equal(name, 'PeterNeumann');
    assert.deepEqual(id, Uint8Array.of(0xc7, 0x4f, 0x20, 0xa3));
    assert.equal(publicKey.length, 32);
  });

  for (const name of ['', 'a b', 'a+b', 'a\n', 'a\u00a0b', '\ud800']) {
    it(`have no name like ${JSON.stringify(name)}`, () => {
      assert.throws(() => createNoteKey(name, seed), { code: 'REQUEST_MALFORMED' });
    });
  }

  it('need a seed of 32 bytes', () => {
    for (const length of [0, 31, 33]) {
      assert.throws(() => createNoteKey('log', new Uint8Array(length)), {
        code: 'SEED_MALFORMED',
      });
    }
  });

  const wrong = {
    nothing: '',
    'the name of another': VERIFIER_KEY.replace('Peter', 'Paul'),
    'another id': VERIFIER_KEY.replace('c74f20a3', 'c74f20a4'),
    'an id in capitals': VERIFIER_KEY.replace('c74f20a3', 'C74F20A3'),
    'another key': VERIFIER_KEY.replace('ARpc', 'ARpd'),
    'another type': VERIFIER_KEY.replace('+AR', '+Ah'),
    'a shorter key': VERIFIER_KEY.slice(0, -4),
    'the signer key': SIGNER_KEY,
    'a line break': `${VERIFIER_KEY}\n`,
  };
  for (const [what, verifierKey] of Object.entries(wrong)) {
    it(`are not ${what}`, () => {
      assert.throws(() => parseVerifierKey(verifierKey), { code: 'REQUEST_MALFORMED' });
      assert.throws(() => openNote(primitives, NOTE, [verifierKey]), { code: 'REQUEST_MALFORMED' });
    });
  }
});

describe('signed notes', () => {
  it('are those of golang.org/x/mod/sumdb/note', () => {
    assert.equal(signNote(primitives, TEXT, [key]), NOTE);
    assert.equal(openNote(primitives, NOTE, [VERIFIER_KEY]), TEXT);
  });

  it('may carry signatures of unknown keys', () => {
    assert.equal(openNote(primitives, NOTE + UNKNOWN, [VERIFIER_KEY]), TEXT);
    assert.equal(openNote(primitives, `${TEXT}\n${UNKNOWN}${SIGNATURE}`, [VERIFIER_KEY]), TEXT);
  });

  it('open with any of the keys that signed', () => {
    const note = signNote(primitives, TEXT, [key, other]);
    assert.equal(openNote(primitives, note, [key.verifierKey]), TEXT);
    assert.equal(openNote(primitives, note, [other.verifierKey]), TEXT);
    assert.equal(openNote(primitives, note, [other.verifierKey, key.verifierKey]), TEXT);
  });

  it('may hold empty lines and what looks like a signature', () => {
    const text = `\n\n${NOTE}\n`;
    assert.equal(
      openNote(primitives, signNote(primitives, text, [other]), [other.verifierKey]),
      text,
    );
    assert.throws(() => openNote(primitives, signNote(primitives, text, [other]), [VERIFIER_KEY]), {
      code: 'EVIDENCE_INVALID',
    });
  });

  it('come back as they were signed', () => {
    const texts = fc
      .string({ unit: 'grapheme' })
      .map((text) => `${Array.from(text, (each) => (each < ' ' ? '\n' : each)).join('')}\n`);
    fc.assert(
      fc.property(texts, (text) => {
        assert.equal(openNote(primitives, signNote(primitives, text, [key]), [VERIFIER_KEY]), text);
      }),
      { numRuns: 30 },
    );
  });

  it('do not open when a character is changed, taken out or put in', () => {
    for (let at = 0; at < NOTE.length; at++) {
      for (const altered of [
        NOTE.slice(0, at) + (NOTE[at] === 'A' ? 'B' : 'A') + NOTE.slice(at + 1),
        NOTE.slice(0, at) + NOTE.slice(at + 1),
        `${NOTE.slice(0, at)}A${NOTE.slice(at)}`,
      ]) {
        assert.throws(() => openNote(primitives, altered, [VERIFIER_KEY]), {
          code: 'EVIDENCE_INVALID',
        });
      }
    }
  });

  const refused: Record<string, string> = {
    'an empty one': '',
    'one without signatures': `${TEXT}\n`,
    'one without an empty line': `${TEXT}${SIGNATURE}`,
    'one of an unknown key alone': `${TEXT}\n${UNKNOWN}`,
    'one with a wrong signature beside the right one': `${NOTE}${SIGNATURE.replace('ZJku', 'ZJkv')}`,
    'one with a line that is not a signature': `${NOTE}hello\n`,
    'one with a signature that is not a base64': `${NOTE}— Enoch !!!!\n`,
    'one with a signature of no bytes': `${NOTE}— Enoch AAAA\n`,
    'one with a tab': NOTE.replace('you think', 'you\tthink'),
    'one with Windows line ends': NOTE.replaceAll('\n', '\r\n'),
    'one with a lone surrogate': NOTE.replace('you', '\ud800'),
    'one that goes on after its signatures': `${NOTE}\n`,
    'one with more than 100 signatures': NOTE + UNKNOWN.repeat(100),
  };
  for (const [what, note] of Object.entries(refused)) {
    it(`do not open where it is ${what}`, () => {
      assert.throws(() => openNote(primitives, note, [VERIFIER_KEY]), { code: 'EVIDENCE_INVALID' });
    });
  }

  for (const text of ['', 'no line break', 'a\tb\n', 'a\r\n', '\u0000\n', '\ud800\n']) {
    it(`are not made of ${JSON.stringify(text)}`, () => {
      assert.throws(() => signNote(primitives, text, [key]), { code: 'REQUEST_MALFORMED' });
    });
  }

  it('are not made without a key', () => {
    assert.throws(() => signNote(primitives, TEXT, []), { code: 'REQUEST_MALFORMED' });
  });
});
