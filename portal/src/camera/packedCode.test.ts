import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Dosage } from '@medplum/fhirtypes';
import * as fc from 'fast-check';
import { bytesToHex } from '../../../src/crypto/bytes.ts';
import { dosageOf } from '../../../src/fhir/dose/dosageOf.ts';
import { requireDose } from '../../../src/fhir/dose/readDose.ts';
import { qrRows } from '../ui/qrRows.ts';
import { packCode, unpackCode } from './packedCode.ts';

const number = fc.uint8Array({ minLength: 4, maxLength: 70 }).map(bytesToHex);
const word = fc.oneof(fc.string({ maxLength: 40 }), number, fc.integer());
const json = fc.dictionary(fc.string({ maxLength: 12 }), word).map((each) => JSON.stringify(each));

/** A prescription as a patient shows it, with numbers that nobody can compress. */
function slipLike(
  seed: number,
  dosage: Dosage = { text: 'One capsule three times a day' },
): string {
  const at = (place: number, length: number): string =>
    bytesToHex(Uint8Array.from({ length }, (_, byte) => (seed * place * (byte + 7) ** 2) % 251));
  const [handle, prescriber] = [at(1, 32), at(2, 20)];
  const [medicine, unit] = ['Amoxicillin 500 mg capsules', 'capsules'];
  return JSON.stringify({
    format: 'medseal-slip/1',
    network: at(3, 8),
    prescription: {
      terms: { handle, record: at(4, 32), content: at(5, 32), medicine, code: '', unit },
      prescriber,
      holder: at(6, 20),
      slip: at(7, 20),
      amount: 21,
    },
    request: {
      resourceType: 'MedicationRequest',
      status: 'active',
      subject: { identifier: { value: handle } },
      dosageInstruction: [dosage],
    },
    key: at(8, 32),
  });
}

describe('a packed code', () => {
  it('gives back each text that was packed', () => {
    fc.assert(
      fc.property(json, (text) => {
        const code = packCode(text);
        assert.ok(code !== undefined);
        assert.match(code, /^[0-9A-Z $%*+\-./:]+$/);
        assert.equal(unpackCode(code), text);
        assert.equal(unpackCode(`\n${code} `), text);
      }),
    );
    for (const dosage of ['ж'.repeat(900), 'a\ud83d\ude80b', '']) {
      const text = slipLike(3, { text: dosage });
      assert.equal(unpackCode(packCode(text) ?? ''), text);
    }
  });

  it('has rows of a prescription that a phone tells apart: three quarters of those of its JSON at most', () => {
    const text = slipLike(5);
    const [packed, plain] = [qrRows(packCode(text) ?? '', false), qrRows(text, true)];
    assert.ok(packed.length <= 85, `${packed.length} dots`);
    assert.ok(packed.length / plain.length <= 0.75, `${packed.length} of ${plain.length} dots`);
    // A structured dose is a few words more.
    const dose = { amount: '1', unit: 'capsule', times: '3', days: '7', route: 'oral' };
    const dosed = slipLike(5, dosageOf(requireDose(dose), 'With water'));
    assert.ok(qrRows(packCode(dosed) ?? '', false).length <= 97);
  });

  // A code that was printed today is read for years.
  it('is read as it was written on its first day', () => {
    assert.equal(
      unpackCode('MEDSEAL-1:N01L72TL6$ZA:1FMK4YTMOYMISA853Q*KZ-Q00'),
      '{"format":"medseal-slip/1","network":"0x0011223344556677","key":"0x00ff"}',
    );
  });

  it('is not made of a text that is too long, or that has the character which stands for a number', () => {
    const noise = Array.from({ length: 5_000 }, (_, at) =>
      String.fromCodePoint(0x4e00 + ((at * 7919) % 20_000)),
    );
    assert.equal(packCode(JSON.stringify({ text: noise.join('') })), undefined);
    assert.equal(packCode(' '.repeat(20_000)), undefined);
    assert.equal(packCode('a\u0001b'), undefined);
  });

  it('comes back as it is if it was cut, altered or is another text: the form that takes it refuses it', () => {
    const code = packCode(slipLike(7)) ?? '';
    for (const other of [
      '',
      '{}',
      'MEDSEAL-1:',
      'MEDSEAL-1:a',
      'MEDSEAL-1::::',
      'MEDSEAL-2:BB8',
      code.slice(0, -3),
      code.slice(0, 40),
      code.toLowerCase(),
      `MEDSEAL-1:${'0'.repeat(4_000)}`,
    ]) {
      assert.equal(unpackCode(other), other);
    }
    for (let place = 'MEDSEAL-1:'.length; place < code.length; place += 1) {
      const altered = `${code.slice(0, place)}${code[place] === '0' ? '1' : '0'}${code.slice(place + 1)}`;
      assert.notEqual(unpackCode(altered), slipLike(7));
    }
  });
});
