import { catalogue } from '../../errors/catalogue.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Body, EntryBody, Summary } from './evidence.ts';
import { EVIDENCE_TYPES } from '../struct/evidenceTypes.ts';
import { isCanonicalJson } from '../wire/isCanonicalJson.ts';
import { CountBelow, findShapeError, ListOf } from '../wire/findShapeError.ts';
import { jsonLimitsOf } from '../wire/jsonLimitsOf.ts';
import { parseSigned } from '../struct/parseSigned.ts';
import { SIGNED_READINGS } from '../sensors/ReadingsHeader.ts';
import { signedShapes } from '../shapes/messageShape.ts';
import type { ViewSet } from '../struct/requests.ts';
import { MOST_PAIRS } from './viewSet.ts';

const FIELDS = ['format', 'flag', 'log', 'at', 'block', 'request', 'salt'];
const SUMMARY_FIELDS = ['format', 'log', 'at', 'counts', 'salt'];
const SALT = /^0x[0-9a-f]{32}$/;
const CODE = /^[A-Z_]{3,40}$/;
/** One record version at least is left of a set, or it is refused. */
const LEFT = new ListOf(new CountBelow(MOST_PAIRS), MOST_PAIRS - 1, 1);
/** The most characters of a body: a short text for each field, and a request with its changes of key. */
const MOST = jsonLimitsOf(
  {
    ...Object.fromEntries(FIELDS.map((field) => [field, /^.{0,256}$/])),
    code: CODE,
    request: signedShapes(EVIDENCE_TYPES),
    readings: SIGNED_READINGS,
    left: LEFT,
  },
  2 ** 20,
).bytes;

/**
 * Parses the body of a request's entry from outside: exactly its fields, in canonical JSON.
 *
 * @param text - The body as it was hashed.
 * @throws MedsealError `REQUEST_MALFORMED`, for a summary too.
 */
export function parseBody(text: string): Body {
  const body = parseEntryBody(text);
  if (body.format !== 'medseal-body/1') throw malformed();
  return body;
}

/**
 * Parses a body of either kind from outside: of a request, or a summary.
 *
 * @param text - The body as it was hashed.
 * @throws MedsealError `REQUEST_MALFORMED`.
 */
export function parseEntryBody(text: string): EntryBody {
  const body = decode(text);
  return body.format === 'medseal-summary/1' ? checkSummary(body, text) : checkBody(body, text);
}

function checkBody(body: Body, text: string): Body {
  const fields = [
    ...FIELDS,
    ...(body.flag === 'R' ? ['code'] : []),
    ...(Object.hasOwn(body, 'readings') ? ['readings'] : []),
    ...(Object.hasOwn(body, 'left') ? ['left'] : []),
  ];
  if (
    body.format !== 'medseal-body/1' ||
    (body.flag !== 'A' && body.flag !== 'R') ||
    typeof body.log !== 'string' ||
    !isMoment(body.at) ||
    !isMoment(body.block) ||
    !isText(body.salt, SALT) ||
    (body.flag === 'R' && !isText(body.code, CODE)) ||
    !hasExactly(body, fields) ||
    !isCanonicalJson(text, body)
  ) {
    throw malformed();
  }
  const { type, message } = parseSigned(body.request, EVIDENCE_TYPES);
  if (Object.hasOwn(body, 'readings')) {
    const misfit = findShapeError(SIGNED_READINGS, body.readings, 'readings');
    if (type !== 'Write' || misfit !== undefined) throw malformed();
  }
  if (Object.hasOwn(body, 'left')) {
    if (type !== 'ViewSet' || body.flag !== 'A') throw malformed();
    requireLeft(body.left, message as ViewSet);
  }
  return body;
}

function requireLeft(left: Body['left'], { count }: ViewSet): void {
  if (findShapeError(LEFT, left, 'left') !== undefined) throw malformed();
  const places = left ?? [];
  const isAscending = places.every((place, i) => i === 0 || (places[i - 1] ?? 0) < place);
  if (!isAscending || places.length >= count || (places.at(-1) ?? 0) >= count) throw malformed();
}

function checkSummary(summary: Summary, text: string): Summary {
  const counts: unknown = summary.counts;
  if (
    typeof summary.log !== 'string' ||
    !isMoment(summary.at) ||
    !isText(summary.salt, SALT) ||
    typeof counts !== 'object' ||
    counts === null ||
    Object.keys(counts).length === 0 ||
    !Object.entries(counts).every(([code, count]) => isCount(code, count)) ||
    !hasExactly(summary, SUMMARY_FIELDS) ||
    !isCanonicalJson(text, summary)
  ) {
    throw malformed();
  }
  return summary;
}

/** Tells whether a count has a code of the catalogue, so that nobody writes free text into a log. */
function isCount(code: string, count: unknown): boolean {
  return Object.hasOwn(catalogue, code) && isMoment(count) && count !== 0;
}

function isText(value: unknown, form: RegExp): boolean {
  // A list of one text would be matched as that text.
  return typeof value === 'string' && form.test(value);
}

function isMoment(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function hasExactly(value: object, fields: readonly string[]): boolean {
  return (
    Object.keys(value).length === fields.length &&
    fields.every((field) => Object.hasOwn(value, field))
  );
}

function decode(text: string): EntryBody {
  if (text.length > MOST) throw malformed();
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value as EntryBody;
  } catch (cause) {
    throw malformed(cause);
  }
  throw malformed();
}

function malformed(cause?: unknown): MedsealError {
  return new MedsealError('REQUEST_MALFORMED', { what: 'body' }, { cause });
}
