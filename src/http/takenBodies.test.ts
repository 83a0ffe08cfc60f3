import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { isMedsealError } from '../errors/isMedsealError.ts';
import { EVIDENCE_TYPES } from '../protocol/struct/evidenceTypes.ts';
import { findShapeError, type Shape } from '../protocol/wire/findShapeError.ts';
import { parseSigned } from '../protocol/struct/parseSigned.ts';
import { parseSubmission } from '../protocol/wire/parseSubmission.ts';
import { requestTypes } from '../protocol/struct/requestTypes.ts';
import { CARE_TYPES, RULE_TYPES } from '../protocol/struct/ledgerRequests.ts';
import { SUBMISSION } from '../protocol/shapes/askedShapes.ts';
import { signedShape } from '../protocol/shapes/messageShape.ts';
import { alteredOf, arbitraryOf } from '../protocol/test/arbitraryShape.ts';
import { servedOperations } from './operations/operations.ts';
import { schemaFault } from './test/describedDoor.ts';
import { timesOf } from '../protocol/test/share.ts';

const STRUCTS = [...RULE_TYPES, ...EVIDENCE_TYPES, 'Keep', 'Upload', ...CARE_TYPES] as const;

/** Tells whether something is taken. */
function takes(take: () => unknown): boolean {
  try {
    take();
    return true;
  } catch (error) {
    assert.ok(isMedsealError(error, 'REQUEST_MALFORMED'), String(error));
    return false;
  }
}

/** Has a parser and the document agree about values of a shape, and about altered ones. */
function agree(pointer: readonly string[], shape: Shape, taken: (value: unknown) => boolean): void {
  fc.assert(
    fc.property(arbitraryOf(shape), (value) => {
      assert.equal(schemaFault(pointer, value), undefined);
      assert.ok(taken(value), JSON.stringify(value));
    }),
    { numRuns: timesOf(50) },
  );
  const seen = { taken: 0, refused: 0 };
  fc.assert(
    fc.property(alteredOf(shape), (value) => {
      const sound = schemaFault(pointer, value) === undefined;
      seen[sound ? 'taken' : 'refused'] += 1;
      assert.equal(taken(value), sound, JSON.stringify(value));
    }),
    { numRuns: timesOf(400) },
  );
  assert.ok(seen.refused > timesOf(50), JSON.stringify(seen));
}

describe('what the document says that a body must be', () => {
  for (const { id, method, path, takes: shape, checkedInside } of servedOperations) {
    if (shape === undefined || shape === 'bytes' || checkedInside === true) continue;
    it(`is what ${id} takes`, () => {
      const body = ['requestBody', 'content', 'application/json', 'schema'];
      const pointer = ['paths', path, method.toLowerCase(), ...body];
      agree(pointer, shape, (value) => findShapeError(shape, value, 'body') === undefined);
    });
  }

  for (const type of STRUCTS) {
    it(`is what is taken as a signed ${type}`, () => {
      const pointer = ['components', 'schemas', `Signed.${type}`];
      agree(pointer, signedShape(type), (value) => takes(() => parseSigned(value, [type])));
    });
  }

  it('is what is taken as a submission', () => {
    const allowed = [...RULE_TYPES, ...EVIDENCE_TYPES, ...CARE_TYPES];
    agree(['components', 'schemas', 'Submission'], SUBMISSION, (value) =>
      takes(() => parseSigned(parseSubmission(value).request, allowed)),
    );
  });

  it('has the fields of each struct that is signed, in their order', async () => {
    const { default: openApi } = await import('./openapi.json', { with: { type: 'json' } });
    for (const [name, schema] of Object.entries(openApi.components.schemas)) {
      const fields = (requestTypes as Readonly<Record<string, unknown>>)[name];
      if (fields !== undefined) assert.deepEqual(Reflect.get(schema, 'x-eip712'), fields, name);
    }
  });
});
