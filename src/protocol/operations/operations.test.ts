import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Either, ListOf, Named, type Shape } from '../wire/findShapeError.ts';
import type { Callers, Operation } from './Operation.ts';
import { operations } from './operations.ts';

const rows: readonly (readonly [string, Operation])[] = Object.entries(operations);

describe('the table of operations', () => {
  for (const [id, operation] of rows) {
    it(`names the parameters in the path of ${id}`, () => {
      const named = [...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const inPath = Object.entries(operation.parameters).filter(([, of]) => of.in === 'path');
      assert.deepEqual(
        named,
        inPath.map(([name]) => name),
      );
    });

    it(`says that ${id} may be called by those whose signature or ticket it takes`, () => {
      assert.equal(operation.callers, callersIn(operation));
    });
  }
});

/** The callers that the form of a call lets in: it has a ticket, or a signature, or neither. */
function callersIn({ authorization, takes }: Operation): Callers {
  if (authorization !== undefined) return authorization === 'Bearer' ? 'ticket' : 'signer';
  const fields = takes === undefined || takes === 'bytes' ? new Set() : fieldsIn(takes);
  if (fields.has('ticket')) return 'ticket';
  return fields.has('signature') || fields.has('signatures') ? 'signer' : 'anyone';
}

/** Names of all required fields of a shape, at any depth. */
function fieldsIn(shape: Shape): ReadonlySet<string> {
  if (shape instanceof Named || shape instanceof ListOf) return fieldsIn(shape.shape);
  if (shape instanceof Either) return new Set(shape.shapes.flatMap((each) => [...fieldsIn(each)]));
  if (typeof shape === 'string' || shape.constructor !== Object) return new Set();
  const fields = Object.entries(shape as Readonly<Record<string, Shape>>);
  const required = fields.filter(([name]) => !name.endsWith('?'));
  return new Set(required.flatMap(([name, inner]) => [name, ...fieldsIn(inner)]));
}
