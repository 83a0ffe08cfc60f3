import type { OperationId } from '../../protocol/operations/operations.ts';
import { servedOperations, type ServedOperation } from '../operations/operations.ts';
import type { HttpExample } from './httpExamples.ts';

/** Length of text up to which it stays whole; what is sealed, and recipients, are longer. */
const WHOLE = 1500;
/** Number of characters that are left of longer text. */
const LEFT = 64;

/** Number of members that are left of a longer list in an answer. */
const MEMBERS = 6;

/** A call, as the platform's `fetch` takes it. */
interface Call {
  readonly method: string;
  /** Below the agent's address, with its query. */
  readonly path: string;
  readonly authorization?: string;
  readonly body?: unknown;
}

/** Notes one call of each operation with its answer, for the API's description: the shortest that shows something. */
export class ExampleRecorder {
  readonly #recorded = new Map<OperationId, HttpExample>();

  /** Notes a call, if it is the best example of its operation so far. */
  async note({ method, path, authorization, body }: Call, answer: Response): Promise<void> {
    const { pathname, searchParams } = new URL(path === '' ? '/' : path, 'http://agent');
    for (const operation of servedOperations) {
      const match = formOf(operation).exec(pathname);
      if (match === null || operation.method !== method) continue;
      if (`${answer.status}` !== Object.keys(operation.gives)[0]) return;
      const answered = await contentOf(operation, answer);
      const example: HttpExample = {
        parameters: { ...match.groups, ...Object.fromEntries(searchParams) },
        ...(authorization !== undefined && { authorization }),
        ...(typeof body === 'string' && { body: shortened(JSON.parse(body)) }),
        status: answer.status,
        ...(answered !== undefined && { answer: shortened(answered) }),
      };
      const known = this.#recorded.get(operation.id);
      if (known === undefined || rankOf(operation.id, example) < rankOf(operation.id, known)) {
        this.#recorded.set(operation.id, example);
      }
      return;
    }
  }

  /** All examples, in the order of the table of operations. */
  examples(): Readonly<Record<string, HttpExample>> {
    const found = servedOperations.map(({ id }) => [id, this.#recorded.get(id)] as const);
    return Object.fromEntries(
      found.flatMap(([id, example]) => (example === undefined ? [] : [[id, example]])),
    );
  }
}

function formOf({ path, parameters }: ServedOperation): RegExp {
  const form = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    return `(?<${name}>${parameters[name]?.hasSlashes === true ? '.+' : '[^/]+'})`;
  });
  return new RegExp(`^${form}$`);
}

async function contentOf({ id }: ServedOperation, answer: Response): Promise<unknown> {
  const media = answer.headers.get('content-type') ?? '';
  if (media.startsWith('text/')) return await answer.text();
  if (media !== 'application/json') return undefined;
  const value: unknown = await answer.json();
  if (id !== 'getOpenApi') return value;
  // The document would hold itself.
  const { openapi, info, servers } = value as Record<string, Record<string, unknown>>;
  const { title, version } = info ?? {};
  return { openapi, info: { title, version }, servers, paths: {} };
}

/** Text of an answer that shows more than a shorter one, by operation. */
const TELLING: Readonly<Partial<Record<OperationId, RegExp>>> = {
  submit: /"release"/,
  listBlocks: /"events":\[\{/,
};

/** Of examples that show something, the shortest ranks lowest, and is best. */
function rankOf(id: OperationId, { answer, ...asked }: HttpExample): number {
  const text = JSON.stringify(answer ?? '');
  const showsSomething = text !== '[]' && (TELLING[id]?.test(text) ?? true);
  return JSON.stringify(asked).length + text.length + (showsSomething ? 0 : 1e9);
}

/** A value with its first member, if it is a list, and with the beginning of each long text. */
function shortened(value: unknown): unknown {
  return cut(Array.isArray(value) ? value.slice(0, 1) : value);
}

function cut(value: unknown): unknown {
  if (typeof value === 'string') return value.length <= WHOLE ? value : value.slice(0, LEFT);
  if (Array.isArray(value)) return value.slice(0, MEMBERS).map(cut);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, of]) => [name, cut(of)]));
}
