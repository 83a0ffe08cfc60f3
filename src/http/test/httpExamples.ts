import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { OperationId } from '../../protocol/operations/operations.ts';

/** One call of an operation, as a scenario made it. */
export interface HttpExample {
  /** Parameters of path and query, by name. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly authorization?: string;
  /** The JSON body; absent if nothing is sent, or bytes. */
  readonly body?: unknown;
  readonly status: number;
  /** The JSON or the text that was answered; absent if it is bytes, or nothing. */
  readonly answer?: unknown;
}

/** File of the examples. */
export const EXAMPLES_FILE = fileURLToPath(new URL('../examples.json', import.meta.url));

/** The recorded examples, by operation; an operation that is new has none yet. */
export const httpExamples = JSON.parse(readFileSync(EXAMPLES_FILE, 'utf8')) as Readonly<
  Partial<Record<OperationId, HttpExample>>
>;
