import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isOfShape } from '../wire/isOfShape.ts';
import { shapeOfType } from './shapeOfType.ts';

interface Place {
  readonly log: string;
  readonly index?: number;
}

describe('shapeOfType', () => {
  it('gives the shape of a type its name', () => {
    const shape = shapeOfType<Place>('Place')({ log: 'text', 'index?': 'count' });
    const value: unknown = { log: 'care/hospital' };
    assert.equal(shape.name, 'Place');
    assert.ok(isOfShape(shape, value) && value.log === 'care/hospital');
  });

  it('does not compile if the shape is not that of the type', () => {
    const of = shapeOfType<Place>('Place');
    // @ts-expect-error `index` may be absent.
    of({ log: 'text', index: 'count' });
    // @ts-expect-error `index` is missing.
    of({ log: 'text' });
    // @ts-expect-error `size` is not of the type.
    of({ log: 'text', 'index?': 'count', 'size?': 'count' });
    // @ts-expect-error `log` is another type.
    of({ log: 'count', 'index?': 'count' });
    assert.ok(true);
  });
});
