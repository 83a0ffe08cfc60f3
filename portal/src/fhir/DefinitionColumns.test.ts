import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { CompactDefinitions } from '../../../src/fhir/definitions/expandDefinitions.ts';
import definitions from '../../../src/fhir/definitions/r4.json' with { type: 'json' };
import { fromColumns, toColumns } from './DefinitionColumns.ts';

const whole = definitions as unknown as CompactDefinitions;

describe('the definitions of FHIR in columns', () => {
  it('are the same definitions again', () => {
    assert.deepEqual(fromColumns(toColumns(whole)), whole);
  });

  it('are so for elements of one path after another, and for a structure without any', () => {
    const [structure] = whole.structures;
    assert.ok(structure !== undefined);
    const elements = ['a', 'a.b', 'a.b', 'a.b.c', 'b', 'b.b.c'].map((path) => {
      return [path, '0..1', 'string', ''] as const;
    });
    const structures = [
      { ...structure, elements },
      { ...structure, elements: [] },
      { ...structure, elements },
    ];
    assert.deepEqual(fromColumns(toColumns({ ...whole, structures })), { ...whole, structures });
  });
});
