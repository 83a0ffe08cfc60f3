import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { bytesToHex, utf8ToBytes } from './bytes.ts';
import { encodeFields } from './encodeFields.ts';
import { handleOf } from './handleOf.ts';
import { portablePrimitives } from './portablePrimitives.ts';

const opening = { channel: 'main', patientId: 'P-0001', salt: new Uint8Array(16).fill(9) };
const hex = (...args: Parameters<typeof handleOf>): string => bytesToHex(handleOf(...args));

describe('handleOf', () => {
  it('gives this handle for this opening, today and in twenty years', () => {
    assert.equal(
      hex(portablePrimitives, opening),
      '0x9e3aeb80d31859cb4c64d9d6b4abc5c8fddb2a0334071edc0c4e4aa8e96cd811',
    );
  });

  it('is another for every channel, patient and salt', () => {
    const handles = [
      opening,
      { ...opening, channel: 'mainP' },
      { ...opening, patientId: 'P-0002' },
      { ...opening, channel: 'mainP', patientId: '-0001' },
      { ...opening, salt: opening.salt.with(15, 8) },
      { ...opening, salt: new Uint8Array(17).fill(9) },
    ].map((each) => hex(portablePrimitives, each));
    assert.equal(new Set(handles).size, handles.length);
  });

  it('refuses a salt under 16 bytes', () => {
    for (const length of [0, 15]) {
      assert.throws(
        () => handleOf(portablePrimitives, { ...opening, salt: new Uint8Array(length) }),
        {
          code: 'REQUEST_MALFORMED',
        },
      );
    }
  });
});

describe('encodeFields', () => {
  it('puts each field behind its length', () => {
    assert.equal(
      bytesToHex(encodeFields(utf8ToBytes('ab'), new Uint8Array())),
      '0x00000002616200000000',
    );
    assert.equal(encodeFields().length, 0);
  });

  it('gives other bytes for every other list of fields', () => {
    const lists = fc.array(fc.uint8Array({ maxLength: 3 }), { maxLength: 4 });
    fc.assert(
      fc.property(lists, lists, (left, right) => {
        const same = JSON.stringify(left.map(bytesToHex)) === JSON.stringify(right.map(bytesToHex));
        assert.equal(
          bytesToHex(encodeFields(...left)) === bytesToHex(encodeFields(...right)),
          same,
        );
      }),
    );
  });
});
