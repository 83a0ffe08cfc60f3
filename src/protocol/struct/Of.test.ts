import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ADDRESS, Either, ListOf, MapOf, Named, OneOf } from '../wire/findShapeError.ts';
import { isOfShape } from '../wire/isOfShape.ts';
import type { Address } from '../ids.ts';
import type { Of, Same } from './Of.ts';

const SHAPE = new Named('Sample', {
  party: ADDRESS,
  name: /^[a-z]+$/,
  'note?': 'text',
  size: 'count',
  open: 'boolean',
  ended: new OneOf(false),
  seconds: 'number',
  rest: 'any',
  kind: new OneOf('add', 'amend', null),
  places: [{ index: 'count' }],
  few: new ListOf('text', 2),
  byName: new MapOf(/^[a-z]$/, 'count'),
  one: new Either('text', { 'at?': 'count' }),
});

/** The type of its values, written out. */
interface Sample {
  readonly party: Address;
  readonly name: string;
  readonly note?: string;
  readonly size: number;
  readonly open: boolean;
  readonly ended: false;
  readonly seconds: number;
  readonly rest: unknown;
  readonly kind: 'add' | 'amend' | null;
  readonly places: readonly { readonly index: number }[];
  readonly few: readonly string[];
  readonly byName: Readonly<Record<string, number>>;
  readonly one: string | { readonly at?: number };
}

describe('Of', () => {
  it('is the type of the values that a shape admits', () => {
    const same: Same<Of<typeof SHAPE>, Sample> = true;
    const sample: Sample = {
      party: `0x${'ab'.repeat(20)}`,
      name: 'anna',
      size: 1,
      open: true,
      ended: false,
      seconds: 0.5,
      rest: {},
      kind: null,
      places: [{ index: 0 }],
      few: [],
      byName: { a: 1 },
      one: {},
    };
    assert.ok(same && isOfShape(SHAPE, sample));
  });

  it('tells an optional field, a field more and another word apart', () => {
    const optional: Same<Of<{ readonly a: 'text' }>, { readonly a?: string }> = false;
    const more: Same<
      Of<{ readonly a: 'text' }>,
      { readonly a: string; readonly b?: string }
    > = false;
    const word: Same<Of<OneOf<'a'>>, 'a' | 'b'> = false;
    assert.deepEqual([optional, more, word], [false, false, false]);
  });
});
