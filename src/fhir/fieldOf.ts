/**
 * A field of something that may be anything.
 *
 * @param value - Whatever was decoded from JSON.
 * @param name - The field.
 */
export function fieldOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Record<string, unknown>)[name];
}

/**
 * The values of an element that is there once, several times or not at all.
 *
 * @param value - Whatever stands there.
 */
export function listOf(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}
