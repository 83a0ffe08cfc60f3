import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { inspect } from 'node:util';
import * as fc from 'fast-check';
import {
  domainSeparator as viemDomainSeparator,
  hashStruct as viemHashStruct,
  hashTypedData,
} from 'viem';
import { bytesToHex } from '../../crypto/bytes.ts';
import { portablePrimitives as primitives } from '../../crypto/portablePrimitives.ts';
import { createNativePrimitives } from '../../native/nativePrimitives.ts';
import type { Hex } from '../ids.ts';
import { requestTypes } from './requestTypes.ts';
import {
  domainSeparator,
  encodeType,
  hashStruct,
  typedDigest,
  typedDigestHex,
  type Domain,
  type TypeTable,
} from './typedData.ts';

const domain: Domain = {
  name: 'Medseal',
  version: '1',
  chainId: 31_337,
  salt: `0x${'5a'.repeat(32)}`,
};
const types: TypeTable = requestTypes;
const native = await createNativePrimitives();

const bytesOf = (length: number): fc.Arbitrary<Hex> =>
  fc.uint8Array({ minLength: length, maxLength: length }).map(bytesToHex);

/** Any value of a Solidity type or struct. */
function valueOf(type: string): fc.Arbitrary<unknown> {
  const fields = types[type];
  if (fields !== undefined) {
    return fc.record(Object.fromEntries(fields.map((field) => [field.name, valueOf(field.type)])));
  }
  if (type.endsWith('[]')) return fc.array(valueOf(type.slice(0, -2)), { maxLength: 4 });
  if (type === 'string') return fc.string({ unit: 'binary' });
  if (type === 'bool') return fc.boolean();
  if (type === 'address') return bytesOf(20);
  if (type.startsWith('bytes')) return bytesOf(Number(type.slice(5)));
  const bits = Number(type.slice(4));
  return bits < 53 ? fc.integer({ min: 0, max: 2 ** bits - 1 }) : fc.maxSafeNat();
}

/** The example of EIP-712. */
const MAIL: TypeTable = {
  Person: [
    { name: 'name', type: 'string' },
    { name: 'wallet', type: 'address' },
  ],
  Mail: [
    { name: 'from', type: 'Person' },
    { name: 'to', type: 'Person' },
    { name: 'contents', type: 'string' },
  ],
};
const mail = {
  from: { name: 'Cow', wallet: '0xcd2a3d9f938e13cd947ec05abc7fe734df8dd826' },
  to: { name: 'Bob', wallet: '0xbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb' },
  contents: 'Hello, Bob!',
};

describe('typed data', () => {
  it('has the type string and the struct hash of the example of EIP-712', () => {
    assert.equal(
      encodeType(MAIL, 'Mail'),
      'Mail(Person from,Person to,string contents)Person(string name,address wallet)',
    );
    assert.equal(
      bytesToHex(hashStruct(primitives, MAIL, 'Mail', mail)),
      '0xc52c0ee5d84264471806290a3f2c4cecfc5490626bf912d01f240d7a274b371e',
    );
  });

  it('has the domain separator that viem computes', () => {
    assert.equal(bytesToHex(domainSeparator(primitives, domain)), viemDomainSeparator({ domain }));
  });

  for (const name of Object.keys(requestTypes)) {
    it(`hashes every ${name} as viem does, with either primitives`, () => {
      fc.assert(
        fc.property(valueOf(name), (value) => {
          const message = value as Record<string, unknown>;
          const expected = hashTypedData({ domain, types, primaryType: name, message });
          assert.equal(typedDigestHex(primitives, domain, types, name, message), expected);
          assert.equal(bytesToHex(typedDigest(native, domain, types, name, message)), expected);
          const data = { data: message, primaryType: name, types };
          assert.equal(
            bytesToHex(hashStruct(native, types, name, message)),
            viemHashStruct(data as Parameters<typeof viemHashStruct>[0]),
          );
        }),
        { numRuns: 25 },
      );
    });
  }

  it('gives another digest in every other network', () => {
    const digests = [
      domain,
      { ...domain, name: 'Medsea1' },
      { ...domain, version: '2' },
      { ...domain, chainId: 1 },
      { ...domain, salt: `0x${'5b'.repeat(32)}` as const },
    ].map((each) => typedDigestHex(primitives, each, MAIL, 'Mail', mail));
    assert.equal(new Set(digests).size, digests.length);
  });

  const wrong: [type: string, value: unknown][] = [
    ['string', undefined],
    ['string', 1],
    ['bool', 1],
    ['bool', 'true'],
    ['uint8', 256],
    ['uint8', -1],
    ['uint8', 0.5],
    ['uint8', '1'],
    ['uint8', 1n],
    ['uint64', 2 ** 53],
    ['uint64', Number.NaN],
    ['address', `0x${'11'.repeat(19)}`],
    ['address', `0x${'11'.repeat(21)}`],
    ['address', `0x${'AB'.repeat(20)}`],
    ['bytes32', `0x${'11'.repeat(31)}`],
    ['bytes32', '11'.repeat(33)],
    ['bytes32', `0x${'1g'.repeat(32)}`],
    ['bytes32', null],
    ['bytes16', `0x${'11'.repeat(32)}`],
    ['string[]', 'text'],
    ['string[]', [1]],
    ['bytes32[]', [undefined]],
    ['Person', null],
    ['Person', {}],
    ['Person', { name: 'Cow' }],
    ['int8', 1],
    ['float', 1],
  ];
  for (const [type, value] of wrong) {
    it(`refuses ${inspect(value)} as ${type}, naming the field`, () => {
      const table = { ...MAIL, Struct: [{ name: 'field', type }] };
      assert.throws(
        () => hashStruct(primitives, table, 'Struct', { field: value }),
        (error: Error & { code?: string }) => {
          assert.equal(error.code, 'REQUEST_MALFORMED');
          assert.match(error.message, /field|name|wallet|unknown type/);
          return true;
        },
      );
    });
  }

  it('refuses a struct that is not in the table', () => {
    assert.throws(() => encodeType(MAIL, 'Letter'), { code: 'REQUEST_MALFORMED' });
    assert.throws(() => hashStruct(primitives, MAIL, 'toString', {}), {
      code: 'REQUEST_MALFORMED',
    });
  });
});
