import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import canonicalize from 'canonicalize';
import * as fc from 'fast-check';
import { bytesToHex, utf8ToBytes } from '../../crypto/bytes.ts';
import { canonicalJson } from './canonicalJson.ts';

/** RFC 8785, appendix B: IEEE 754 bits in hexadecimal and the number's one spelling. */
const NUMBERS = [
  ['0000000000000000', '0'],
  ['8000000000000000', '0'],
  ['0000000000000001', '5e-324'],
  ['8000000000000001', '-5e-324'],
  ['7fefffffffffffff', '1.7976931348623157e+308'],
  ['ffefffffffffffff', '-1.7976931348623157e+308'],
  ['4340000000000000', '9007199254740992'],
  ['c340000000000000', '-9007199254740992'],
  ['4430000000000000', '295147905179352830000'],
  ['44b52d02c7e14af5', '9.999999999999997e+22'],
  ['44b52d02c7e14af6', '1e+23'],
  ['44b52d02c7e14af7', '1.0000000000000001e+23'],
  ['444b1ae4d6e2ef4e', '999999999999999700000'],
  ['444b1ae4d6e2ef4f', '999999999999999900000'],
  ['444b1ae4d6e2ef50', '1e+21'],
  ['3eb0c6f7a0b5ed8c', '9.999999999999997e-7'],
  ['3eb0c6f7a0b5ed8d', '0.000001'],
  ['41b3de4355555553', '333333333.3333332'],
  ['41b3de4355555554', '333333333.33333325'],
  ['41b3de4355555555', '333333333.3333333'],
  ['41b3de4355555556', '333333333.3333334'],
  ['41b3de4355555557', '333333333.33333343'],
  ['becbf647612f3696', '-0.0000033333333333333333'],
  ['43143ff3c1cb0959', '1424953923781206.2'],
] as const;

describe('canonical JSON', () => {
  it('spells numbers as RFC 8785, appendix B', () => {
    for (const [bits, text] of NUMBERS) {
      const number = Buffer.from(bits, 'hex').readDoubleBE();
      assert.equal(canonicalJson(number), text);
    }
  });

  it('is, for the example of RFC 8785 §3.2.2, the text of §3.2.3, and the bytes of §3.2.4', () => {
    const example: unknown = JSON.parse(String.raw`{
      "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
      "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
      "literals": [null, true, false]
    }`);
    const text = canonicalJson(example);
    assert.equal(
      text,
      String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`,
    );
    assert.ok(
      bytesToHex(utf8ToBytes(text)).endsWith(
        '22e282ac245c75303030665c6e4127425c225c5c5c5c5c222f227d',
      ),
    );
  });

  it('sorts names by their UTF-16 units, as the example of RFC 8785 §3.2.3', () => {
    const text = canonicalJson({
      '\u20ac': 'Euro Sign',
      '\r': 'Carriage Return',
      '\ufb33': 'Hebrew Letter Dalet With Dagesh',
      '1': 'One',
      '\ud83d\ude00': 'Emoji: Grinning Face',
      '\u0080': 'Control',
      '\u00f6': 'Latin Small Letter O With Diaeresis',
    });
    const order = [...text.matchAll(/:"([^"]+)"/g)].map(([, value]) => value);
    assert.deepEqual(order, [
      'Carriage Return',
      'One',
      'Control',
      'Latin Small Letter O With Diaeresis',
      'Euro Sign',
      'Emoji: Grinning Face',
      'Hebrew Letter Dalet With Dagesh',
    ]);
  });

  it('keeps every value, does not depend on the order of names, and is itself canonical', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
        const text = canonicalJson(value);
        assert.equal(canonicalJson(JSON.parse(text)), text);
        assert.equal(canonicalJson(reversed(value)), text);
        assert.deepEqual(JSON.parse(text), JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  const circle: { self?: unknown } = {};
  circle.self = circle;
  const refused: Record<string, unknown> = {
    NaN: [Number.NaN],
    infinity: { a: Number.POSITIVE_INFINITY },
    'a circle': circle,
    'a lone surrogate': ['\ud800'],
    'a lone surrogate as a name': { '\udc00': 1 },
    nothing: undefined,
    'a function': () => 1,
    'a symbol': Symbol('s'),
    'a bigint': 1n,
  };
  for (const [what, value] of Object.entries(refused)) {
    it(`does not exist for ${what}`, () => {
      assert.throws(() => canonicalJson(value), { code: 'REQUEST_MALFORMED' });
    });
  }

  it('is what the library makes of any value, or refuses what the library refuses', () => {
    const anything = fc.anything({
      key: fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.constantFrom('__proto__', '10', '9', 'toJSON'),
      ),
      values: [
        fc.string({ unit: 'binary' }),
        fc.constantFrom('\ud800', 'a\udc00'),
        fc.double(),
        fc.boolean(),
        fc.constant(null),
        fc.constant(undefined),
      ],
      withNullPrototype: true,
      withDate: true,
    });
    fc.assert(
      fc.property(anything, (value) => {
        let expected: string | undefined;
        try {
          expected = canonicalize(value);
        } catch {
          expected = undefined;
        }
        if (expected !== undefined) assert.equal(canonicalJson(value), expected);
        else assert.throws(() => canonicalJson(value), { code: 'REQUEST_MALFORMED' });
      }),
      { numRuns: 500 },
    );
  });
});

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([name, each]) => [name, reversed(each)]),
  );
}
