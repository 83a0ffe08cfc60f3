import { bytesToUtf8 } from './bytes.ts';

/**
 * Deepest nesting of objects and lists: a call's are some ten deep, and code that walks deeper ones may run out of
 * stack.
 */
const DEEPEST = 64;
const [QUOTE, ESCAPE, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a];
const [LIST, OBJECT, LIST_END, OBJECT_END] = [0x5b, 0x7b, 0x5d, 0x7d];

/** Limits of JSON. Making many small things takes seconds, however few their bytes. */
export interface JsonLimits {
  readonly bytes: number;
  /** Values, all together; those within others count too. */
  readonly values: number;
  /** Names of fields that differ from each other; each costs many times as much as one that was there before. */
  readonly names: number;
}

/**
 * Reads JSON (RFC 8259) that came from elsewhere.
 *
 * @param bytes - UTF-8.
 * @param limits - Limits of the JSON, as its shape gives them (`jsonLimitsOf`).
 * @returns The value.
 * @throws SyntaxError if it is not JSON, if more than 64 objects and lists lie in each other, or if it is over a
 * limit.
 */
export function parseJsonBytes(bytes: Uint8Array, limits: JsonLimits): unknown {
  if (bytes.length > limits.bytes) throw tooMuch(limits.bytes, 'bytes');
  const names = new Set<string>();
  let [depth, values] = [0, 1];
  let text = bytes.subarray(0, 0);
  for (let at = 0; at < bytes.length; at++) {
    switch (bytes[at] ?? 0) {
      case QUOTE: {
        const end = endOfText(bytes, at + 1);
        text = bytes.subarray(at + 1, end);
        at = end;
        break;
      }
      case COLON:
        names.add(bytesToUtf8(text));
        if (names.size > limits.names) throw tooMuch(limits.names, 'names of fields');
        break;
      case LIST:
      case OBJECT:
        if (++depth > DEEPEST) throw new SyntaxError('JSON that is nested too deep');
        values += 1;
        break;
      case LIST_END:
      case OBJECT_END:
        depth -= 1;
        break;
      case COMMA:
        values += 1;
        break;
      default:
        break;
    }
    if (values > limits.values) throw tooMuch(limits.values, 'values');
  }
  return JSON.parse(bytesToUtf8(bytes));
}

/** The place of the quote that ends a text; beyond the end if none does. */
function endOfText(bytes: Uint8Array, from: number): number {
  const quote = bytes.indexOf(QUOTE, from);
  if (quote === -1) return bytes.length;
  if (bytes[quote - 1] !== ESCAPE) return quote;
  for (let at = from; at < bytes.length; at++) {
    if (bytes[at] === ESCAPE) at += 1;
    else if (bytes[at] === QUOTE) return at;
  }
  return bytes.length;
}

function tooMuch(most: number, what: string): SyntaxError {
  return new SyntaxError(`JSON of more than ${most} ${what}`);
}
