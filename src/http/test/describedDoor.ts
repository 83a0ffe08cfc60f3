import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import openApi from '../openapi.json' with { type: 'json' };

/** An operation of the document. */
interface DescribedOperation {
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly schema: object;
  }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, unknown>> };
  readonly responses: Readonly<
    Record<string, { readonly description: string; readonly content?: object }>
  >;
}

/** The operations of the document, by path and method in lower case. */
export const paths = openApi.paths as unknown as Readonly<
  Record<string, Readonly<Record<string, DescribedOperation>>>
>;

const ajv = new Ajv2020({ strict: false });
ajv.addSchema(openApi, 'door');
const compiled = new Map<string, ValidateFunction>();

/**
 * Tells whether a value is of a schema of the document.
 *
 * @param pointer - Place of the schema, such as `['components', 'schemas', 'Write']`.
 * @param value - A JSON value.
 * @returns The first fault; undefined if there is no fault.
 */
export function schemaFault(pointer: readonly string[], value: unknown): string | undefined {
  const at = pointer.map((part) => part.replaceAll('~', '~0').replaceAll('/', '~1')).join('/');
  const validate = compiled.get(at) ?? ajv.compile({ $ref: `door#/${encodeURI(at)}` });
  compiled.set(at, validate);
  return validate(value) ? undefined : ajv.errorsText(validate.errors);
}

/**
 * Tells whether an answer is one that the document describes.
 *
 * @param method - The request's.
 * @param path - The request's, below the agent's address, without a query.
 * @param answer - The answer.
 * @returns The first fault; undefined if there is no fault.
 */
export async function answerFault(
  method: string,
  path: string,
  answer: Response,
): Promise<string | undefined> {
  const template = templateOf(path);
  const of = method === 'HEAD' ? 'get' : method.toLowerCase();
  const described = template === undefined ? undefined : paths[template]?.[of];
  if (template === undefined || described === undefined)
    return `${method} ${path} is not described`;
  const what = `${method} ${template} ${answer.status}`;
  const response = described.responses[answer.status];
  if (response === undefined) return `${what} is not described`;
  const media = answer.headers.get('content-type');
  if (media === null) return 'content' in response ? `${what} has no content` : undefined;
  if (!Object.hasOwn(response.content ?? {}, media)) return `${what} is not described as ${media}`;
  if (!media.endsWith('json') || template.endsWith('.json')) return undefined;
  const value: unknown = await answer.json();
  const pointer = [
    'paths',
    template,
    of,
    'responses',
    `${answer.status}`,
    'content',
    media,
    'schema',
  ];
  const fault = schemaFault(pointer, value);
  if (fault !== undefined) return `${what}: ${fault}`;
  if (media !== 'application/problem+json') return undefined;
  const { code } = value as { code: string };
  return response.description.includes(`\`${code}\``) ? undefined : `${what} does not name ${code}`;
}

/** The path of the document that a request's path is one of. */
export function templateOf(path: string): string | undefined {
  return Object.keys(paths).find((template) => {
    const form = template.replaceAll(/\{(\w+)\}/g, (_, name) => (name === 'tile' ? '.+' : '[^/]+'));
    return new RegExp(`^${form}$`).test(path === '' ? '/' : path);
  });
}
