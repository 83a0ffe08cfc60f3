import type { Operation } from './Operation.ts';

/**
 * Returns path and query of a call, below the agent's address.
 *
 * @param operation - The operation.
 * @param values - Values of its parameters, in their form; one of the query may be absent.
 */
export function pathOf(
  { path, parameters }: Pick<Operation, 'path' | 'parameters'>,
  values: Readonly<Record<string, unknown>>,
): string {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(values[name]));
  const asked = Object.entries(parameters)
    .filter(([name, { in: place }]) => place === 'query' && values[name] !== undefined)
    .map(([name]) => `${name}=${encodeURIComponent(String(values[name]))}`);
  return asked.length === 0 ? filled : `${filled}?${asked.join('&')}`;
}
