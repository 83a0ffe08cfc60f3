import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Address } from '../ids.ts';
import { structsOf } from './structsOf.ts';

interface Structs {
  Move: { readonly to: Place; readonly by: readonly Address[]; readonly why: 'work' | 'rest' };
  Place: { readonly street: string; readonly number: number; readonly known: boolean };
}

const PLACE = [
  { name: 'street', type: 'string' },
  { name: 'number', type: 'uint64' },
  { name: 'known', type: 'bool' },
] as const;
const TO = { name: 'to', type: 'Place' } as const;
const BY = { name: 'by', type: 'address[]' } as const;
const WHY = { name: 'why', type: 'string' } as const;

type Place = Structs['Place'];

describe('structsOf', () => {
  it('returns the table of the interfaces', () => {
    const table = structsOf<Structs>()({ Place: PLACE, Move: [TO, BY, WHY] });
    assert.equal(table.Move[1].type, 'address[]');
  });

  it('does not compile if a field is missing in one, or of another type', () => {
    const of = structsOf<Structs>();
    // @ts-expect-error `why` is missing in the table.
    of({ Place: PLACE, Move: [TO, BY] });
    // @ts-expect-error `at` is missing in the interface.
    of({ Place: PLACE, Move: [TO, BY, WHY, { name: 'at', type: 'uint64' }] });
    // @ts-expect-error `why` is a text.
    of({ Place: PLACE, Move: [TO, BY, { name: 'why', type: 'bool' }] });
    // @ts-expect-error `by` is a list.
    of({ Place: PLACE, Move: [TO, { name: 'by', type: 'address' }, WHY] });
    // @ts-expect-error `to` is a place.
    of({ Place: PLACE, Move: [{ name: 'to', type: 'Move' }, BY, WHY] });
    assert.ok(true);
  });

  it('does not compile if a struct is missing in one', () => {
    const of = structsOf<Structs>();
    // @ts-expect-error `Move` is missing in the table.
    of({ Place: PLACE });
    // @ts-expect-error `Stay` is missing in the interfaces.
    of({ Place: PLACE, Move: [TO, BY, WHY], Stay: PLACE });
    const ofOptional = structsOf<{ Place: Partial<Place> }>();
    // @ts-expect-error No field of a struct may be absent.
    ofOptional({ Place: PLACE });
    assert.ok(true);
  });
});
