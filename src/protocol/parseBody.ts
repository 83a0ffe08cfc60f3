import { MedsealError } from '../errors/MedsealError.ts';
import type { Body } from './evidence.ts';
import { isCanonicalJson } from './isCanonicalJson.ts';
import { parseSigned } from './parseSigned.ts';

const FIELDS = ['format', 'flag', 'log', 'at', 'block', 'request', 'salt'];

/**
 * Takes a body from outside: exactly its fields, in canonical JSON.
 *
 * @param text - The body as it was hashed.
 * @throws MedsealError `REQUEST_MALFORMED`.
 */
export function parseBody(text: string): Body {
  const body = decode(text);
  const fields = body.flag === 'R' ? [...FIELDS, 'code'] : FIELDS;
  if (
    body.format !== 'medseal-body/1' ||
    (body.flag !== 'A' && body.flag !== 'R') ||
    typeof body.log !== 'string' ||
    !isMoment(body.at) ||
    !isMoment(body.block) ||
    !isText(body.salt, /^0x[0-9a-f]{32}$/) ||
    (body.flag === 'R' && !isText(body.code, /^[A-Z_]{3,40}$/)) ||
    Object.keys(body).length !== fields.length ||
    !fields.every((field) => Object.hasOwn(body, field)) ||
    !isCanonicalJson(text, body)
  ) {
    throw new MedsealError('REQUEST_MALFORMED', { what: 'body' });
  }
  parseSigned(body.request, ['Write', 'View']);
  return body;
}

function isText(value: unknown, form: RegExp): boolean {
  // A list of one text would be matched as that text.
  return typeof value === 'string' && form.test(value);
}

function isMoment(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function decode(text: string): Body {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value as Body;
  } catch (cause) {
    throw new MedsealError('REQUEST_MALFORMED', { what: 'body' }, { cause });
  }
  throw new MedsealError('REQUEST_MALFORMED', { what: 'body' });
}
