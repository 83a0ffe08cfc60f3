import type { ServedOperation } from '../src/http/operations/operations.ts';
import { httpExamples } from '../src/http/test/httpExamples.ts';
import { pathOf } from '../src/protocol/operations/pathOf.ts';

/** Longest text that stays whole on the page. */
const LONGEST = 48;

/**
 * Returns an operation's example for the page: a call with `curl`, and the answer, both with long values cut.
 *
 * @param operation - The operation.
 * @returns Blocks in Markdown; undefined if no example is recorded.
 */
export function exampleBlocks(operation: ServedOperation): string | undefined {
  const example = httpExamples[operation.id];
  if (example === undefined) return undefined;
  const { parameters, authorization, body, answer } = example;
  const { method, takes } = operation;
  const words = [
    'curl',
    ...(method === 'GET' || (method === 'POST' && body !== undefined) ? [] : [`-X ${method}`]),
    `"$AGENT${pathOf(operation, parameters).replace(/^\/$/, '')}"`,
    ...(authorization === undefined ? [] : [`-H 'Authorization: ${cut(authorization)}'`]),
    ...(takes === 'bytes' ? ['--data-binary @sealed.age'] : []),
    ...(body === undefined
      ? []
      : ["-H 'content-type: application/json'", `-d '${JSON.stringify(cutAll(body))}'`]),
  ];
  const blocks = [fenced('sh', words.join(' '))];
  if (typeof answer === 'string') blocks.push(fenced('text', startOf(answer)));
  else if (answer !== undefined) blocks.push(fenced('json', JSON.stringify(cutAll(answer))));
  return blocks.join('\n\n');
}

function fenced(language: string, text: string): string {
  return `\`\`\`${language}\n${text}\n\`\`\``;
}

/** The first lines of a text. */
function startOf(text: string): string {
  const lines = text.trimEnd().split('\n');
  const first = lines
    .slice(0, 4)
    .map((line) => (line.length > 120 ? `${line.slice(0, 119)}…` : line));
  return [...first, ...(lines.length > 4 ? ['…'] : [])].join('\n');
}

/** A value with the first member of each list, and the beginning of each long text. */
function cutAll(value: unknown): unknown {
  if (typeof value === 'string') return cut(value);
  if (Array.isArray(value)) {
    return [...value.slice(0, 1).map(cutAll), ...(value.length > 1 ? ['…'] : [])];
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, of]) => [name, cutAll(of)]));
}

function cut(text: string): string {
  if (/^0x[0-9a-f]{32,}$/.test(text)) return `${text.slice(0, 10)}…`;
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
