/** Constraint on a value of a configuration: the few words of JSON Schema (2020-12) that settings need. */
export type Fragment =
  | { readonly type: 'integer'; readonly minimum: number; readonly maximum: number }
  | { readonly type: 'string'; readonly pattern: string }
  | { readonly enum: readonly string[] }
  | { readonly type: 'array'; readonly items: Fragment; readonly maxItems: number }
  | {
      readonly type: 'object';
      readonly propertyNames: { readonly pattern: string };
      readonly additionalProperties: Fragment;
    };

/**
 * Checks a value against its constraint.
 *
 * @param fragment - The constraint.
 * @param value - The value, decoded from JSON.
 * @param like - An example of such a text, for people.
 * @returns The reason, in words that begin with `it`; undefined if it fits.
 */
export function faultIn(fragment: Fragment, value: unknown, like = ''): string | undefined {
  if ('enum' in fragment) {
    const fits = typeof value === 'string' && fragment.enum.includes(value);
    return fits ? undefined : `it must be one of ${fragment.enum.join(', ')}`;
  }
  switch (fragment.type) {
    case 'integer': {
      const { minimum, maximum } = fragment;
      const number = typeof value === 'number' && Number.isInteger(value) ? value : Number.NaN;
      const fits = number >= minimum && number <= maximum;
      return fits ? undefined : `it must be a whole number from ${minimum} to ${maximum}`;
    }
    case 'string': {
      const fits = typeof value === 'string' && new RegExp(fragment.pattern, 'u').test(value);
      return fits ? undefined : `it must be a text such as ${like}`;
    }
    case 'array': {
      if (!Array.isArray(value)) return `it must be a list of texts such as ${like}`;
      if (value.length > fragment.maxItems)
        return `it must have at most ${fragment.maxItems} items`;
      return firstOf(value.map((item) => faultIn(fragment.items, item, like)));
    }
    case 'object': {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) {
        return `it must be an object of texts such as ${like}`;
      }
      const name = new RegExp(fragment.propertyNames.pattern, 'u');
      if (!Object.keys(value).every((key) => name.test(key))) {
        return 'it must have names of organisations as its keys';
      }
      const inner: readonly unknown[] = Object.values(value);
      return firstOf(inner.map((item) => faultIn(fragment.additionalProperties, item, like)));
    }
  }
}

/**
 * Parses a value from a text of the environment or the command line: lists with commas, objects as `name=value` with
 * commas. A text that does not fit is left for `faultIn` to refuse.
 *
 * @param fragment - The constraint.
 * @param text - The text.
 */
export function fromText(fragment: Fragment, text: string): unknown {
  if ('enum' in fragment || fragment.type === 'string') return text;
  if (fragment.type === 'integer') return /^-?\d{1,15}$/.test(text) ? Number(text) : text;
  const items = text === '' ? [] : text.split(',');
  if (fragment.type === 'array') return items.map((item) => fromText(fragment.items, item));
  const entries = items.map((item) => {
    const [name = '', ...value] = item.split('=');
    return [name, fromText(fragment.additionalProperties, value.join('='))] as const;
  });
  return Object.fromEntries(entries);
}

function firstOf(faults: readonly (string | undefined)[]): string | undefined {
  return faults.find((fault) => fault !== undefined);
}
