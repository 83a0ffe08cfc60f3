import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { describe, it } from 'node:test';
import { operations, type OperationId } from '../protocol/operations/operations.ts';
import { servedOperations } from './operations/operations.ts';
import { paths, schemaFault } from './test/describedDoor.ts';
import { EXAMPLES_FILE, httpExamples } from './test/httpExamples.ts';

/** Largest size of all examples, bytes: they are part of the document that is served. */
const BUDGET = 72 * 1024;

/** The part of the document about an operation that examples stand in. */
interface Described {
  readonly parameters?: readonly { readonly name: string; readonly example?: unknown }[];
  readonly requestBody?: { readonly content: Media };
  readonly responses: Readonly<Record<string, { readonly content?: Media }>>;
}
type Media = Readonly<Record<string, { readonly schema?: object; readonly example?: unknown }>>;

/** Renewed by `node --test --test-update-snapshots src/http/openApi.test.ts`. */
describe('the example of an operation', () => {
  it('is there for each operation, and all are small', () => {
    assert.deepEqual(Object.keys(httpExamples), Object.keys(operations));
    assert.ok(statSync(EXAMPLES_FILE).size <= BUDGET, `${statSync(EXAMPLES_FILE).size} bytes`);
  });

  for (const { id, method, path, parameters, takes, gives, authorization } of servedOperations) {
    const of = method.toLowerCase();
    const example = exampleOf(id);
    const described = paths[path]?.[of] as unknown as Described;

    it(`fills each parameter of ${id}, in its form, and says how it is authorized`, () => {
      assert.deepEqual(Object.keys(example.parameters), Object.keys(parameters));
      for (const [index, { name, example: value }] of (described.parameters ?? []).entries()) {
        const parameter = parameters[name];
        if (parameter === undefined) continue;
        const text = example.parameters[name] ?? '';
        assert.match(text, parameter.form, name);
        assert.equal(value, parameter.isNumber ? Number(text) : text, name);
        const pointer = ['paths', path, of, 'parameters', `${index}`, 'schema'];
        assert.equal(schemaFault(pointer, value), undefined, name);
      }
      assert.equal(example.authorization?.split(' ')[0], authorization);
    });

    it(`is in the document of ${id}, and fits its schemas`, () => {
      assert.ok(Object.hasOwn(gives, example.status));
      const where = ['paths', path, of];
      const asked = described.requestBody?.content;
      requireFits([...where, 'requestBody', 'content'], asked, example.body);
      assert.equal(takes === undefined || takes === 'bytes', example.body === undefined);
      const given = described.responses[example.status]?.content;
      requireFits([...where, 'responses', `${example.status}`, 'content'], given, example.answer);
    });
  }
});

function exampleOf(id: OperationId): NonNullable<(typeof httpExamples)[OperationId]> {
  return httpExamples[id] ?? { parameters: {}, status: 0 };
}

/** Requires that a content has this example, and that the example is of its schema. */
function requireFits(pointer: readonly string[], content: Media | undefined, value: unknown): void {
  const [media, of] = Object.entries(content ?? {})[0] ?? [];
  assert.deepEqual(of?.example, value);
  if (media === undefined || of?.schema === undefined) return;
  assert.notEqual(value, undefined);
  assert.equal(schemaFault([...pointer, media, 'schema'], value), undefined);
}
