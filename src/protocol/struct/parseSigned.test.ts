import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { bytesToHex } from '../../crypto/bytes.ts';
import { parseMessage, parseSigned } from './parseSigned.ts';
import type { Messages } from './requests.ts';
import { requestTypes } from './requestTypes.ts';
import { sign } from './signing.ts';
import { failsWith } from '../test/failsWith.ts';
import { doctor, sampleView, sampleWrite } from '../test/sampleEvidence.ts';
import { context, primitives } from '../test/sampleNetwork.ts';
import { sampleGrant } from '../test/sampleRules.ts';
import { typedDigest, type TypeTable } from './typedData.ts';
import { CATEGORIES, PURPOSES } from '../vocabulary.ts';

const types: TypeTable = requestTypes;
const signed = sign(context, doctor, 'Write', sampleWrite);

/** Values that some field might be confused by. */
const oddities: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(null, undefined, true, -1, 1.5, 2 ** 53, NaN, '', '0x', [], {}, '1'),
  fc.constantFrom('chart', 'record', 'add', 'amend', 'read', ...CATEGORIES, ...PURPOSES),
  fc.string({ unit: 'binary', maxLength: 120 }),
  fc.nat(300),
  fc
    .constantFrom(16, 20, 32, 33)
    .chain((length) => fc.uint8Array({ minLength: length, maxLength: length }))
    .map(bytesToHex),
  fc.array(fc.constantFrom(...CATEGORIES), { maxLength: 3 }),
);

const words: Readonly<Record<string, readonly string[]>> = {
  action: ['add', 'amend'],
  category: CATEGORIES,
  categories: CATEGORIES,
  purpose: PURPOSES,
  what: ['chart', 'record'],
};

/** Values that a field asks for, and sometimes other values. */
function valueOf(type: string, field = ''): fc.Arbitrary<unknown> {
  return fc.oneof(
    { weight: 40, arbitrary: rightOf(type, field) },
    { weight: 1, arbitrary: oddities },
  );
}

function rightOf(type: string, field: string): fc.Arbitrary<unknown> {
  const fields = types[type];
  if (fields !== undefined) {
    const values = fields.map(({ name, type: inner }) => [name, valueOf(inner, name)]);
    return fc.record(Object.fromEntries(values) as Record<string, fc.Arbitrary<unknown>>);
  }
  if (type.endsWith('[]')) return fc.array(valueOf(type.slice(0, -2), field), { maxLength: 3 });
  if (type === 'string') return fc.constantFrom(...(words[field] ?? ['care/hospital', 'ä€🩺']));
  if (type === 'bool') return fc.boolean();
  if (type.startsWith('uint')) return type === 'uint8' ? fc.nat(255) : fc.maxSafeNat();
  const length = type === 'address' ? 20 : Number(type.slice('bytes'.length));
  return fc.uint8Array({ minLength: length, maxLength: length }).map(bytesToHex);
}

describe('parseSigned', () => {
  it('takes what was signed, as it is', () => {
    assert.deepEqual(parseSigned(signed, ['Write', 'View']), signed);
  });

  const wrong: [string, unknown, string][] = [
    ['nothing', undefined, 'request'],
    ['null', null, 'request'],
    ['a list', [signed], 'request'],
    ['a field too many', { ...signed, note: 'mine' }, 'request'],
    ['an own field __proto__', JSON.parse(`{"__proto__":1,"type":"Write"}`), 'request'],
    ['no signature', { ...signed, signature: undefined }, 'signature'],
    [
      'a signature in capitals',
      { ...signed, signature: signed.signature.toUpperCase() },
      'signature',
    ],
    ['a short signature', { ...signed, signature: signed.signature.slice(0, -2) }, 'signature'],
    ['a signature in a list', { ...signed, signature: [signed.signature] }, 'signature'],
    ['a party of another form', { ...signed, party: 'doctor' }, 'party'],
    ['a party in capitals', { ...signed, party: `0x${'A'.repeat(40)}` }, 'party'],
    ['a type that may not come this way', { ...signed, type: 'Grant' }, 'type'],
    ['a statement of coordinators', { ...signed, type: 'Verdict' }, 'type'],
    ['a type of every object', { ...signed, type: 'toString' }, 'type'],
    ['a message of another struct', { ...signed, type: 'View' }, 'View'],
  ];
  for (const [name, value, what] of wrong) {
    it(`refuses ${name}`, () => {
      assert.throws(
        () => parseSigned(value, ['Write', 'View']),
        failsWith('REQUEST_MALFORMED', { what }),
      );
    });
  }
});

describe('parseMessage', () => {
  const terms = sampleGrant().terms;
  const wrong: [keyof Messages, object, string][] = [
    ['Write', { ...sampleWrite, size: -1 }, 'size'],
    ['Write', { ...sampleWrite, size: 1.5 }, 'size'],
    ['Write', { ...sampleWrite, size: 2 ** 53 }, 'size'],
    ['Write', { ...sampleWrite, size: '1000' }, 'size'],
    ['Write', { ...sampleWrite, size: 1000n }, 'size'],
    ['Write', { ...sampleWrite, action: 'read' }, 'action'],
    ['Write', { ...sampleWrite, action: 'erase' }, 'action'],
    ['Write', { ...sampleWrite, category: 'secrets' }, 'category'],
    ['Write', { ...sampleWrite, category: 'toString' }, 'category'],
    ['Write', { ...sampleWrite, purpose: 'treat' }, 'purpose'],
    ['Write', { ...sampleWrite, purpose: null }, 'purpose'],
    ['Write', { ...sampleWrite, log: 'x'.repeat(97) }, 'log'],
    ['Write', { ...sampleWrite, log: '\ud800' }, 'log'],
    ['Write', { ...sampleWrite, record: sampleWrite.record.slice(0, -2) }, 'record'],
    ['Write', { ...sampleWrite, record: sampleWrite.record.toUpperCase() }, 'record'],
    ['Write', { ...sampleWrite, record: [sampleWrite.record] }, 'record'],
    ['View', { ...sampleView, what: 'everything' }, 'what'],
    ['Grant', { ...sampleGrant(), terms: null }, 'Terms'],
    ['Grant', { ...sampleGrant(), terms: [terms] }, 'Terms'],
    ['Grant', { ...sampleGrant(), terms: { ...terms, note: 'mine' } }, 'Terms'],
    ['Grant', { ...sampleGrant(), terms: { ...terms, read: 1 } }, 'read'],
    ['Grant', { ...sampleGrant(), terms: { ...terms, categories: 'laboratory' } }, 'categories'],
    ['Grant', { ...sampleGrant(), terms: { ...terms, categories: ['secrets'] } }, 'categories'],
    ['Grant', { ...sampleGrant(), terms: { ...terms, categories: [['other']] } }, 'categories'],
    [
      'Grant',
      { ...sampleGrant(), terms: { ...terms, categories: Array(65).fill('other') } },
      'categories',
    ],
    ['Checkpoint', { log: `0x${'00'.repeat(32)}`, size: 1, root: '0x' }, 'root'],
  ];
  for (const [type, value, what] of wrong) {
    it(`refuses a ${type} with a wrong ${what}`, () => {
      assert.throws(() => parseMessage(type, value), failsWith('REQUEST_MALFORMED', { what }));
    });
  }

  it('refuses a number that its Solidity type cannot hold', () => {
    const enrolment = {
      party: doctor.address,
      role: 256,
      organisation: sampleWrite.record,
      recipient: sampleWrite.record,
      handle: sampleWrite.handle,
      deadline: 1,
    };
    assert.throws(() => parseMessage('Enrolment', enrolment), failsWith('REQUEST_MALFORMED'));
    assert.equal(parseMessage('Enrolment', { ...enrolment, role: 255 }).role, 255);
  });

  it('refuses each struct with a field less, and with a field more', () => {
    for (const name of Object.keys(types) as (keyof Messages)[]) {
      fc.assert(
        fc.property(valueOf(name), (value) => {
          assert.throws(() => parseMessage(name, { ...Object(value), more: 1 }));
          const [, ...fewer] = Object.entries(Object(value) as object);
          assert.throws(() => parseMessage(name, Object.fromEntries(fewer)));
        }),
        { numRuns: 5 },
      );
    }
  });

  it('takes nothing that cannot be hashed, and throws nothing but its own refusal', () => {
    let taken = 0;
    for (const name of Object.keys(types) as (keyof Messages)[]) {
      fc.assert(
        fc.property(valueOf(name), (value) => {
          try {
            parseMessage(name, value);
          } catch (error) {
            return failsWith('REQUEST_MALFORMED')(error);
          }
          taken += 1;
          return typedDigest(primitives, context.domain, types, name, Object(value)).length === 32;
        }),
        { numRuns: 100 },
      );
    }
    assert.ok(taken > 500, `only ${taken} messages were taken: the property proves little`);
  });
});
