import { isDeepStrictEqual } from 'node:util';
import { catalogue, type ErrorCode } from '../src/errors/catalogue.ts';
import type { Gives } from '../src/protocol/operations/Operation.ts';
import {
  refusedByAll,
  servedOperations,
  type ServedOperation,
} from '../src/http/operations/operations.ts';
import type { Parameter } from '../src/protocol/operations/parameters.ts';
import type { Named } from '../src/protocol/wire/findShapeError.ts';
import { requestTypes } from '../src/protocol/struct/requestTypes.ts';
import { SIGNED_UPLOAD } from '../src/protocol/shapes/askedShapes.ts';
import { HTTP_PROBLEM } from '../src/protocol/shapes/answerShapes.ts';
import { ROLES } from '../src/protocol/vocabulary.ts';
import { ABOUT_HTTP } from './aboutHttp.ts';
import { schemaOf, type Schema } from './schemaOf.ts';
import { httpExamples } from '../src/http/test/httpExamples.ts';
import type { TypeDoc } from './typeDocs.ts';

const TAGS = {
  Network: 'The network and its parties, and how to enrol.',
  Requests: 'Signed requests of parties.',
  Files: 'Sealed files, on their way in and out.',
  Evidence: 'Proofs of what happened.',
  Explorer: 'Logs and ledger, readable by anyone.',
} as const;

/** Fields that take one of the roles, and their schemas in place of wider ones. */
const ROLE_FIELDS: Readonly<Record<string, (schema: Schema) => Schema>> = {
  // Another text is well formed: the authority refuses it.
  'Application.role': (text) => ({ anyOf: [{ enum: ROLES }, text] }),
  'Enrolment.role': () => ({
    type: 'integer',
    enum: ROLES.map((_, place) => place + 1),
    'x-enum-varnames': ROLES,
  }),
};

/**
 * Makes the OpenAPI 3.1 document of an agent: operations from their table, schemas from the shapes with which the agent
 * parses bodies, descriptions from the docstrings of the types.
 *
 * @param docs - The docstrings, by type.
 */
export function openApiDocument(docs: ReadonlyMap<string, TypeDoc>): Schema {
  const components = new Components(docs);
  components.define(SIGNED_UPLOAD);
  const paths: Record<string, Record<string, unknown>> = {};
  for (const operation of servedOperations) {
    const path = (paths[operation.path] ??= {});
    path[operation.method.toLowerCase()] = describe(operation, components);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Medseal agent',
      version: '1',
      summary: 'The endpoint for parties of an organisation’s node in a Medseal network.',
      description: ABOUT_HTTP,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    paths,
    components: {
      securitySchemes: {
        Bearer: { type: 'http', scheme: 'bearer', description: 'The ticket of a release.' },
        Upload: {
          type: 'http',
          scheme: 'Upload',
          description: 'A `Signed.Upload`, as JSON in base64url without padding.',
        },
      },
      schemas: components.schemas(),
    },
  };
}

/** The named shapes that the document refers to, as they are met. */
class Components {
  readonly #docs: ReadonlyMap<string, TypeDoc>;
  readonly #schemas = new Map<string, Schema>();

  constructor(docs: ReadonlyMap<string, TypeDoc>) {
    this.#docs = docs;
  }

  readonly define = (named: Named): void => {
    const { name } = named;
    const known = this.#schemas.get(name);
    if (known === undefined) this.#schemas.set(name, {});
    if (known !== undefined && Object.keys(known).length === 0) return;
    const schema = this.#described(named);
    if (known !== undefined && !isDeepStrictEqual(known, schema)) {
      throw new Error(`two shapes have the name ${name}`);
    }
    this.#schemas.set(name, schema);
  };

  schemas(): Schema {
    return Object.fromEntries([...this.#schemas].toSorted(([a], [b]) => (a < b ? -1 : 1)));
  }

  #described({ name, shape }: Named): Schema {
    const schema = schemaOf(shape, this.define);
    const known = this.#docs.get(name);
    const struct = (requestTypes as Readonly<Record<string, unknown>>)[name];
    const properties = Object.entries((schema['properties'] ?? {}) as Record<string, Schema>).map(
      ([field, of]) => {
        const doc = known?.members.get(field)?.doc ?? '';
        const typed = ROLE_FIELDS[`${name}.${field}`]?.(of) ?? of;
        return [field, { ...typed, ...(doc !== '' && { description: oneLine(doc) }) }] as const;
      },
    );
    const doc = known?.doc ?? '';
    const [, signed] = /^Signed\.(\w+)$/.exec(name) ?? [];
    const described = doc !== '' ? oneLine(doc) : signed && `A \`${signed}\`, signed by its party.`;
    return {
      ...(described !== undefined && { description: described }),
      ...schema,
      ...(properties.length > 0 && { properties: Object.fromEntries(properties) }),
      ...(struct !== undefined && { 'x-eip712': struct }),
    };
  }
}

function describe(operation: ServedOperation, components: Components): Schema {
  const { id, tag, summary, description, parameters, callers, takes } = operation;
  const { authorization, gives, headers = {} } = operation;
  const example = httpExamples[id];
  const named = [
    ...Object.entries(parameters).map(([name, of]) =>
      parameterOf(name, of, example?.parameters[name]),
    ),
    ...Object.entries(headers).map(([name, does]) => ({
      name,
      in: 'header',
      required: false,
      description: does,
      schema: { type: 'string' },
    })),
  ];
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(description !== undefined && { description }),
    ...(named.length > 0 && { parameters: named }),
    ...(takes !== undefined && {
      requestBody: {
        required: true,
        content:
          takes === 'bytes'
            ? { 'application/octet-stream': {} }
            : {
                'application/json': {
                  schema: schemaOf(takes, components.define),
                  ...(example !== undefined && { example: example.body }),
                },
              },
      },
    }),
    'x-callers': callers,
    ...(authorization !== undefined && { security: [{ [authorization]: [] }] }),
    responses: {
      ...Object.fromEntries(
        Object.entries(gives).map(([status, given]) => [
          status,
          answerOf(
            status,
            given,
            components,
            `${example?.status}` === status ? example?.answer : undefined,
          ),
        ]),
      ),
      ...(isKept(operation) && { 304: { description: 'Your copy is up to date.' } }),
      ...refusalsOf(operation, components),
    },
  };
}

/** Tells whether an operation's answers have an entity tag. */
function isKept({ method, authorization }: ServedOperation): boolean {
  return method === 'GET' && authorization === undefined;
}

function parameterOf(name: string, parameter: Parameter, example: string | undefined): Schema {
  const { description, form, isNumber, hasSlashes } = parameter;
  const optional = 'otherwise' in parameter;
  const schema = isNumber
    ? { type: 'integer', minimum: 0, maximum: 999_999_999_999_999 }
    : { type: 'string', pattern: form.source };
  return {
    name,
    in: parameter.in,
    required: !optional,
    description,
    schema: { ...schema, ...(optional && { default: parameter.otherwise }) },
    ...(example !== undefined && { example: isNumber ? Number(example) : example }),
    ...(hasSlashes === true && { 'x-has-slashes': true }),
  };
}

const DESCRIPTIONS: Readonly<Record<string, string>> = {
  200: 'The answer.',
  201: 'Created.',
  202: 'It is not there yet: ask again after `Retry-After`.',
  204: 'Done.',
  206: 'The part that was asked for.',
};

function answerOf(status: string, given: Gives, components: Components, example: unknown): Schema {
  const description = DESCRIPTIONS[status] ?? '';
  if ('nothing' in given) return { description };
  const shown = example === undefined ? {} : { example };
  const content =
    'media' in given
      ? { [given.media]: shown }
      : { 'application/json': { schema: schemaOf(given.json, components.define), ...shown } };
  return { description, content };
}

/** The problems that an operation may answer with, by status. */
function refusalsOf(
  { refuses, takes, parameters }: ServedOperation,
  components: Components,
): Schema {
  const takesForm = takes !== undefined || Object.keys(parameters).length > 0;
  const codes = [
    ...refuses,
    ...refusedByAll.always,
    ...(takesForm ? refusedByAll.withForm : []),
    ...(takes !== undefined ? refusedByAll.withBody : []),
  ];
  const byStatus = Map.groupBy(new Set(codes), (code: ErrorCode) => catalogue[code].status);
  return Object.fromEntries(
    [...byStatus].map(([status, of]) => [
      status,
      {
        description: of
          .toSorted()
          .map((code) => `\`${code}\``)
          .join(', '),
        content: {
          'application/problem+json': { schema: schemaOf(HTTP_PROBLEM, components.define) },
        },
      },
    ]),
  );
}

function oneLine(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, ' ');
}
