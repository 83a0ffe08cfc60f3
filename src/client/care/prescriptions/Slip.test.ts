import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { makeMedicationRequest } from '../../../fhir/makeMedicationRequest.ts';
import { isMedsealError } from '../../../errors/isMedsealError.ts';
import { ZERO32, ZERO_ADDRESS } from '../../../protocol/ids.ts';
import { MOST_IN_QR } from '../../../protocol/wire/qrCapacity.ts';
import { failsWith } from '../../../protocol/test/failsWith.ts';
import { network, word } from '../../../protocol/test/sampleNetwork.ts';
import { contentHash } from './prescriptionRecord.ts';
import { portablePrimitives } from '../../../crypto/portablePrimitives.ts';
import { formatSlip, makeSlip, parseSlip } from './Slip.ts';

const amounts = { amount: 30, fills: 12, interval: 28, from: 1_800_000_000, until: 1_830_000_000 };
const request = makeMedicationRequest({
  ...amounts,
  medicine: 'x'.repeat(96),
  code: { system: 'http://www.whocc.no/atc', code: 'J01CA04' },
  unit: 'capsules',
  dosage: 'One capsule three times a day, after meals, until all are taken. '.repeat(4),
  handle: word('handle'),
  prescriber: ZERO_ADDRESS,
  at: 1_800_000_000,
});
const slip = makeSlip(
  { network },
  {
    request,
    key: word('key'),
    message: {
      ...amounts,
      terms: {
        handle: word('handle'),
        record: word('record'),
        content: contentHash(portablePrimitives, request),
        medicine: 'x'.repeat(96),
        code: 'http://www.whocc.no/atc|J01CA04',
        unit: 'capsules',
        controlled: false,
        salt: `0x${'11'.repeat(16)}`,
      },
      prescriber: ZERO_ADDRESS,
      second: ZERO_ADDRESS,
      holder: ZERO_ADDRESS,
      slip: ZERO_ADDRESS,
      replaces: ZERO32,
      deadline: 1_800_000_300,
    },
  },
);
const text = formatSlip(slip);

describe('a slip', () => {
  it('fits in a QR code, with long words, and is the same when it is read', () => {
    assert.ok(text.length <= MOST_IN_QR, `${text.length} characters`);
    assert.deepEqual(parseSlip(text), slip);
  });

  it('has name and birth date of the person if the patient chose so, in a code that is still read easily', () => {
    const person = { name: 'Ana Ferreira', born: '1961-02-03' };
    const named = formatSlip({ ...slip, person });
    assert.ok(named.length <= MOST_IN_QR, `${named.length} characters`);
    assert.deepEqual(parseSlip(named).person, person);
    assert.deepEqual(parseSlip(formatSlip({ ...slip, person: { name: 'Ana' } })).person, {
      name: 'Ana',
    });
    for (const other of [
      {},
      { name: '' },
      { name: 'x'.repeat(121) },
      { name: 'Ana\nFerreira' },
      { name: 'Ana', born: '3 Feb 1961' },
      { name: 'Ana', address: '1 Street' },
      'Ana',
    ]) {
      const wrong = JSON.stringify({ ...slip, person: other });
      assert.throws(() => parseSlip(wrong), failsWith('SLIP_INVALID'), wrong.slice(-60));
    }
  });

  it('is refused with a field too many or too few, of another format, or without its resource', () => {
    const { key: _key, ...keyless } = slip;
    for (const other of [
      { ...slip, more: 1 },
      keyless,
      { ...slip, format: 'medseal-slip/2' },
      { ...slip, key: '0x12' },
      { ...slip, request: { resourceType: 'Patient' } },
      { ...slip, prescription: { ...slip.prescription, amount: -1 } },
      [slip],
      null,
    ]) {
      assert.throws(() => parseSlip(JSON.stringify(other)), failsWith('SLIP_INVALID'));
    }
    assert.throws(() => parseSlip(text.padEnd(20_000)), failsWith('SLIP_INVALID'));
  });

  it('is parsed, or refused with one code, whatever is scanned', () => {
    const altered = fc
      .tuple(fc.nat(text.length), fc.nat(40), fc.string({ maxLength: 40 }))
      .map(([at, gone, put]) => text.slice(0, at) + put + text.slice(at + gone));
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), altered), (scanned) => {
        try {
          assert.equal(parseSlip(scanned).format, 'medseal-slip/1');
        } catch (error) {
          assert.ok(isMedsealError(error, 'SLIP_INVALID'), String(error));
        }
      }),
      { numRuns: 500 },
    );
  });
});
