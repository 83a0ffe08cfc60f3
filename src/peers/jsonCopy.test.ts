import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { jsonCopy } from './jsonCopy.ts';

describe('a copy as JSON makes it', () => {
  it('is what JSON makes of any value', () => {
    const anything = fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withNullPrototype: true,
      withTypedArray: true,
      withSparseArray: true,
      withBoxedValues: true,
      withObjectString: true,
      maxDepth: 6,
    });
    fc.assert(
      fc.property(anything, (value) => {
        const expected = outcome(() => JSON.parse(JSON.stringify(value) ?? 'none'));
        if (value !== undefined)
          assert.deepEqual(
            outcome(() => jsonCopy(value)),
            expected,
          );
      }),
      { numRuns: 2000 },
    );
  });

  it('is what JSON makes of values that have an own way, or no way, through it', () => {
    const odd = {
      zero: -0,
      none: [undefined, () => 1, Symbol('a'), Number.NaN, -Infinity],
      gone: () => 1,
      date: new Date(0),
      own: { toJSON: () => 'own' },
      bytes: Uint8Array.of(1, 2),
      lone: '\ud800',
      ['constructor']: { prototype: 1 },
    };
    assert.deepEqual(jsonCopy(odd), JSON.parse(JSON.stringify(odd)));
    const named = JSON.parse('{"__proto__":{"admin":true},"a":1}') as object;
    const copy = jsonCopy({ named }) as { readonly named: object };
    assert.deepEqual(Object.keys(copy.named), ['__proto__', 'a']);
    assert.equal('admin' in copy.named, false);
  });

  it('shares nothing that can change', () => {
    const inner = { list: [{ deep: 1 }] };
    const copy = jsonCopy(inner) as typeof inner;
    inner.list.push({ deep: 2 });
    assert.deepEqual(copy, { list: [{ deep: 1 }] });
    assert.notEqual(copy.list[0], inner.list[0]);
  });

  it('goes as deep as JSON does, and fails where a value holds itself', () => {
    let deep: unknown = 'end';
    for (let level = 0; level < 200; level++) deep = level % 2 === 0 ? [deep] : { deep };
    assert.deepEqual(jsonCopy(deep), deep);
    const cycle: Record<string, unknown> = {};
    cycle['self'] = [cycle];
    assert.throws(() => jsonCopy(cycle), TypeError);
    assert.equal(jsonCopy(undefined), undefined);
  });
});

/** Returns the value of the work, or says that it failed. */
function outcome(work: () => unknown): unknown {
  try {
    return { value: work() };
  } catch {
    return 'it fails';
  }
}
