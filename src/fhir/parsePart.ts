import { MedsealError } from '../errors/MedsealError.ts';
import { CATEGORIES, type Category } from '../protocol/vocabulary.ts';
import { MOST_PARTS, type Beside, type PartContent, type Whole } from './Part.ts';

/**
 * Parses the content of a part from outside: exactly its fields, all well-formed. The entries' resources are not
 * validated; `Validator` does that.
 *
 * @param value - A value decoded from JSON.
 * @throws MedsealError `PARTS_UNFIT` for anything else.
 */
export function parsePart(value: unknown): PartContent {
  if (!isObject(value)) throw unfit();
  const { format, set, part, category, whole, edition, security, ...others } = value;
  const { beside, entries, provenance, ...rest } = others;
  if (
    format !== 'medseal-part/1' ||
    !isMark(set) ||
    !isNumber(part) ||
    !CATEGORIES.includes(category as Category) ||
    (part === 0) !== isWhole(whole) ||
    (part !== 0 && whole !== undefined) ||
    (edition !== undefined && !isMark(edition)) ||
    (security !== undefined && !(Array.isArray(security) && security.every(isObject))) ||
    (beside !== undefined && !(part === 0 && category === 'sensitive' && isBeside(beside))) ||
    !Array.isArray(entries) ||
    !entries.every(isEntry) ||
    (provenance !== undefined && !isProvenance(provenance)) ||
    Object.keys(rest).length > 0
  ) {
    throw unfit();
  }
  return value as unknown as PartContent;
}

function isWhole(value: unknown): value is Whole {
  if (!isObject(value)) return false;
  const { bundle, by, order, editions, records, ...rest } = value;
  return (
    isObject(bundle) &&
    !Object.hasOwn(bundle, 'entry') &&
    (by === 'category' || by === 'encounter') &&
    Array.isArray(order) &&
    order.every(isNumber) &&
    (editions === undefined ||
      (Array.isArray(editions) &&
        editions.length <= MOST_PARTS &&
        editions.every((each) => each === null || isMark(each)))) &&
    (records === undefined || isRecords(records)) &&
    Object.keys(rest).length === 0 &&
    isDense(order, (editions ?? []) as Whole['editions'])
  );
}

function isBeside(value: unknown): value is Beside {
  if (!isObject(value)) return false;
  const { set, bundle, order, ...rest } = value;
  return (
    isMark(set) &&
    isObject(bundle) &&
    Array.isArray(order) &&
    order.every((each) => each === 0 || each === 1) &&
    Object.keys(rest).length === 0
  );
}

/** A bundle has every number up to its last: an entry lies in that part, or an amendment of the whole has emptied it. */
function isDense(order: readonly number[], editions: Whole['editions'] = []): boolean {
  const used = new Set(order);
  const count = order.reduce((most, part) => Math.max(most, part + 1), editions.length);
  if (count > used.size + editions.length + 1) return false;
  return Array.from({ length: count }, (_, part) => part).every(
    (part) => part === 0 || used.has(part) || typeof editions[part] === 'string',
  );
}

/** Of each part its record: no two parts are one record. */
function isRecords(value: unknown): boolean {
  if (!Array.isArray(value) || value.length > MOST_PARTS) return false;
  const named = value.filter((each) => each !== null);
  return (
    named.every((each) => typeof each === 'string' && /^0x[0-9a-f]{64}$/.test(each)) &&
    new Set(named).size === named.length
  );
}

/** 16 bytes. */
function isMark(value: unknown): boolean {
  return typeof value === 'string' && /^0x[0-9a-f]{32}$/.test(value);
}

/** The content of a resource is for its readers to check; here only that it is one. */
function isEntry(value: unknown): boolean {
  return isObject(value) && (value['resource'] === undefined || isObject(value['resource']));
}

function isProvenance(value: unknown): boolean {
  return isObject(value) && value['resourceType'] === 'Provenance';
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Of a part. Whoever amends the whole makes a list with a place for each. */
function isNumber(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) < MOST_PARTS;
}

function unfit(): MedsealError {
  return new MedsealError('PARTS_UNFIT', { reason: 'one of them is malformed' });
}
