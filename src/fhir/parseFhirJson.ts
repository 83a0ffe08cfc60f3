import { bytesToUtf8 } from '../crypto/bytes.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import { keepNumberText, type Holder } from './numberTexts.ts';

/** Deepest nesting of objects and lists; code that walks deeper ones may run out of stack. */
const DEEPEST = 256;
const [QUOTE, ESCAPE, COMMA, COLON, MINUS] = [0x22, 0x5c, 0x2c, 0x3a, 0x2d];
const [LIST, OBJECT, LIST_END, OBJECT_END] = [0x5b, 0x7b, 0x5d, 0x7d];

/** Of a byte order mark, which RFC 8259 lets readers ignore. */
const MARK = '\ufeff';

/** An object or list that the walk is in. */
interface Open {
  readonly holder: Holder;
  /** Names that were met; undefined in a list. */
  readonly names: Set<string> | undefined;
  /** Name or place of the value that the walk is at. */
  name: string;
  /** True if the next text is a name. */
  named: boolean;
}

/**
 * Reads FHIR in JSON from elsewhere, so that `encodePart` and `writeFhirJson` write every number as it was written:
 * FHIR's decimals say how precise they are by their digits, and `JSON.parse` makes 1 of `1.00`. Numbers are ordinary
 * numbers all the same.
 *
 * @param bytes - JSON in UTF-8, with a byte order mark or without.
 * @returns The value; not validated.
 * @throws MedsealError `FHIR_INVALID` if it is not JSON, has a name twice in one object, or more than 256 objects and
 * lists in each other.
 */
export function parseFhirJson(bytes: Uint8Array): unknown {
  const text = textOf(bytes);
  const value = valueOf(text);
  if (typeof value === 'object' && value !== null) walk(text, value as Holder);
  return value;
}

/** Goes through the text and, beside it, through what was made of it. */
function walk(text: string, root: Holder): void {
  const open: Open[] = [];
  let inner: Open | undefined;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    switch (code) {
      case LIST:
      case OBJECT: {
        const holder = inner === undefined ? root : (inner.holder[inner.name] as Holder);
        const isList = code === LIST;
        inner = { holder, names: isList ? undefined : new Set(), name: '0', named: !isList };
        if (open.push(inner) > DEEPEST) throw invalid(open.slice(0, -1), 'is nested too deeply');
        break;
      }
      case LIST_END:
      case OBJECT_END:
        open.pop();
        inner = open.at(-1);
        break;
      case COMMA:
        if (inner?.names === undefined) next(inner);
        else inner.named = true;
        break;
      case COLON:
        if (inner !== undefined) inner.named = false;
        break;
      case QUOTE: {
        const end = endOfText(text, at + 1);
        if (inner?.names !== undefined && inner.named) {
          inner.name = nameOf(text, at, end);
          if (inner.names.has(inner.name)) throw invalid(open, 'appears twice');
          inner.names.add(inner.name);
        }
        at = end;
        break;
      }
      default:
        if (code === MINUS || isDigit(code)) {
          const from = at;
          while (isOfNumber(text.charCodeAt(at + 1))) at += 1;
          if (inner !== undefined)
            keepNumberText(inner.holder, inner.name, text.slice(from, at + 1));
        }
    }
  }
}

function next(list: Open | undefined): void {
  if (list !== undefined) list.name = String(Number(list.name) + 1);
}

/** The place of the quote that ends a text. */
function endOfText(text: string, from: number): number {
  let end = text.indexOf('"', from);
  if (text.charCodeAt(end - 1) !== ESCAPE) return end;
  for (end = from; text.charCodeAt(end) !== QUOTE; end++) {
    if (text.charCodeAt(end) === ESCAPE) end += 1;
  }
  return end;
}

function nameOf(text: string, from: number, end: number): string {
  const name = text.slice(from + 1, end);
  return name.includes('\\') ? (JSON.parse(`"${name}"`) as string) : name;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

/** Digits, `+`, `-`, `.`, `E`, `e`. */
function isOfNumber(code: number): boolean {
  return isDigit(code) || [0x2b, MINUS, 0x2e, 0x45, 0x65].includes(code);
}

function textOf(bytes: Uint8Array): string {
  try {
    const text = bytesToUtf8(bytes);
    return text.startsWith(MARK) ? text.slice(1) : text;
  } catch {
    throw new MedsealError('FHIR_INVALID', { reason: 'the file is not in UTF-8' });
  }
}

function valueOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    // The rest of the platform's message quotes the text.
    const [, place] = /(line \d+ column \d+)/.exec(String(cause)) ?? [];
    const where = place === undefined ? '' : `: look at ${place}`;
    throw new MedsealError('FHIR_INVALID', { reason: `the file is not well-formed JSON${where}` });
  }
}

function invalid(open: readonly Open[], what: string): MedsealError {
  const root = safe(open[0]?.holder['resourceType'] ?? 'JSON');
  const steps = open.map(({ names, name }) =>
    names === undefined ? `[${name}]` : `.${safe(name)}`,
  );
  return new MedsealError('FHIR_INVALID', { reason: `${root}${steps.join('')}: ${what}` });
}

/** A name as FHIR forms names; any other may be somebody's words. */
function safe(name: unknown): string {
  return typeof name === 'string' && /^_?[A-Za-z][A-Za-z0-9]{0,63}$/.test(name) ? name : '?';
}
