import { MedsealError } from '../errors/MedsealError.ts';
import { type Holder, numberTextOf } from './numberTexts.ts';

/** Layout of JSON. */
export interface WriteOptions {
  /** Names in the order of RFC 8785, so that equal content becomes equal text; in the order that they have unless set. */
  readonly sorted?: boolean;
  /** Blanks for each level; everything on one line unless given. */
  readonly indent?: number;
}

/**
 * Writes FHIR as JSON, each number as it was written if `parseFhirJson` read it.
 *
 * @param value - A value that JSON can carry; fields that are undefined are left out.
 * @param options - Layout of the JSON.
 * @throws MedsealError `REQUEST_MALFORMED` for what JSON cannot carry (a cycle, NaN, a function).
 */
export function writeFhirJson(
  value: unknown,
  { sorted = false, indent = 0 }: WriteOptions = {},
): string {
  function write(holder: Holder, name: string, line: string): string {
    const value = holder[name];
    if (typeof value === 'number') return numberTextOf(holder, name) ?? refuse();
    if (typeof value === 'string' || typeof value === 'boolean' || value === null) {
      return JSON.stringify(value);
    }
    if (typeof value !== 'object') return refuse();
    const inner = indent === 0 ? '' : `${line}${' '.repeat(indent)}`;
    const [begin, end, items] = Array.isArray(value)
      ? ['[', ']', value.map((_, place) => write(value as unknown as Holder, `${place}`, inner))]
      : ['{', '}', fieldsOf(value as Holder, inner)];
    if (items.length === 0) return begin + end;
    return `${begin}${inner}${items.join(`,${inner}`)}${indent === 0 ? '' : line}${end}`;
  }

  function fieldsOf(holder: Holder, line: string): readonly string[] {
    const names = Object.keys(holder).filter((name) => holder[name] !== undefined);
    const colon = indent === 0 ? ':' : ': ';
    return (sorted ? names.toSorted() : names).map(
      (name) => `${JSON.stringify(name)}${colon}${write(holder, name, line)}`,
    );
  }

  try {
    return write({ value }, 'value', '\n');
  } catch (cause) {
    if (cause instanceof MedsealError) throw cause;
    throw new MedsealError('REQUEST_MALFORMED', { what: 'JSON' }, { cause });
  }
}

function refuse(): never {
  throw new MedsealError('REQUEST_MALFORMED', { what: 'JSON' });
}
