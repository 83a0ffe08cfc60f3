/**
 * Finds the first difference of two JSON values, whatever the order of their fields.
 *
 * @param expected - A value.
 * @param found - Another.
 * @param path - Their path in a larger value.
 * @returns A path such as `channels[0].faulty`; undefined if they are alike.
 */
export function findDifference(expected: unknown, found: unknown, path = ''): string | undefined {
  if (Object.is(expected, found)) return undefined;
  if (!isObject(expected) || !isObject(found)) return path;
  if (Array.isArray(expected) !== Array.isArray(found)) return path;
  for (const name of new Set([...Object.keys(expected), ...Object.keys(found)])) {
    const named = path === '' ? name : `${path}.${name}`;
    const at = Array.isArray(expected) ? `${path}[${name}]` : named;
    if (!Object.hasOwn(expected, name) || !Object.hasOwn(found, name)) return at;
    const difference = findDifference(expected[name], found[name], at);
    if (difference !== undefined) return difference;
  }
  return undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
