import { CLAIM_REASONS } from '../care/claimReasons.ts';
import { malformed } from '../../errors/malformed.ts';
import { MAX_KEY_CHANGES } from '../rights/keyAfter.ts';
import { LASTING_TYPES } from './lastingTypes.ts';
import type { KeyProof, Messages, Signed, SignedKeyChange, SignedRecovery } from './requests.ts';
import { requestTypes } from './requestTypes.ts';
import type { Field, TypeTable } from './typedData.ts';
import { VITALS } from './vitalTypes.ts';
import { ACTIONS, CATEGORIES, PURPOSES } from '../vocabulary.ts';

const types: TypeTable = requestTypes;
/** Largest number of characters of a text. */
export const MAX_TEXT = 96;
/** Largest number of items of a list. */
export const MAX_ITEMS = 64;

/** Text fields that take a word of a closed list in each struct, so that nobody writes free text into a log. */
const LISTS_OF_FIELDS: Readonly<Record<string, readonly string[]>> = {
  purpose: PURPOSES,
  category: CATEGORIES,
  categories: CATEGORIES,
};
/** Those that take one in this struct alone. */
const LISTS: Readonly<Record<string, readonly string[]>> = {
  'Write.action': ACTIONS.filter((action) => action !== 'read'),
  'View.what': ['chart', 'record', 'audit', 'chain', 'takeover'],
  'KeptView.what': ['record'],
  'ClaimDecisionTerms.reason': CLAIM_REASONS,
  'Ask.what': ['request', 'grant', 'decline'],
  'ConfirmVital.what': VITALS,
  'UndoVital.what': VITALS,
  'ObjectToVital.what': VITALS,
};

/**
 * Returns the words that a text field takes.
 *
 * @param struct - The struct that has the field.
 * @param field - Its name.
 * @returns Undefined for a field that takes any text.
 */
export function closedListOf(struct: string, field: string): readonly string[] | undefined {
  return LISTS[`${struct}.${field}`] ?? LISTS_OF_FIELDS[field];
}

/**
 * Parses a signed message from outside: exactly the fields of its struct, each of its type, words from their lists.
 *
 * @param value - Value, decoded from JSON, not trusted.
 * @param allowed - The structs that may come this way.
 * @throws MedsealError `REQUEST_MALFORMED` naming the field.
 */
export function parseSigned<Type extends keyof Messages>(
  value: unknown,
  allowed: readonly Type[],
): Signed<Type> {
  const fields = ['type', 'party', 'message', 'signature'];
  const proof = holds(value, 'keyChanges') ? ['keyChanges'] : [];
  const { type, party, message, signature, keyChanges } = object(value, 'request', [
    ...fields,
    ...proof,
  ]);
  if (!(allowed as readonly unknown[]).includes(type)) throw malformed('type');
  check({ name: 'party', type: 'address' }, party, 'request');
  checkSignature('signature', signature);
  checkStruct(type as Type, message);
  const request = { type, party, message, signature } as Signed<Type>;
  if (proof.length === 0) return request;
  if (!LASTING_TYPES.includes(request.type)) throw malformed('keyChanges');
  return { ...request, keyChanges: parseKeyChanges(keyChanges) };
}

/**
 * Parses the changes of key that go along with a request or a card: one at least, as absent is the way to say none.
 *
 * @param value - Value, decoded from JSON, not trusted.
 * @throws MedsealError `REQUEST_MALFORMED` naming the field.
 */
export function parseKeyChanges(value: unknown): readonly KeyProof[] {
  if (!Array.isArray(value) || value.length === 0 || value.length > MAX_KEY_CHANGES) {
    throw malformed('keyChanges');
  }
  return value.map((each: unknown) => {
    if (holds(each, 'signatures')) return parseRecovery(each);
    const names = ['message', 'signature', 'newSignature'];
    const { message, signature, newSignature } = object(each, 'keyChanges', names);
    checkSignature('signature', signature);
    checkSignature('newSignature', newSignature);
    checkStruct('KeyChange', message);
    return { message, signature, newSignature } as SignedKeyChange;
  });
}

/**
 * Parses a recovery of a key with its signatures: the members' may be missing while they sign one after another.
 *
 * @param value - Value, decoded from JSON, not trusted.
 * @param least - Number of members' signatures at the least.
 * @throws MedsealError `REQUEST_MALFORMED` naming the field.
 */
export function parseRecovery(value: unknown, least = 1): SignedRecovery {
  const names = ['message', 'signatures', 'newSignature'];
  const { message, signatures, newSignature } = object(value, 'recovery', names);
  const isList = Array.isArray(signatures) && signatures.length >= least;
  if (!isList || signatures.length > MAX_ITEMS) throw malformed('signatures');
  for (const each of signatures) checkSignature('signatures', each);
  checkSignature('newSignature', newSignature);
  checkStruct('Recovery', message);
  return { message, signatures, newSignature } as unknown as SignedRecovery;
}

/**
 * Parses a message from outside: exactly the fields of its struct, each of its type, words from their lists.
 *
 * @param name - The struct.
 * @param value - Value, decoded from JSON, not trusted.
 * @throws MedsealError `REQUEST_MALFORMED` naming the field.
 */
export function parseMessage<Type extends keyof Messages>(
  name: Type,
  value: unknown,
): Messages[Type] {
  checkStruct(name, value);
  return value as Messages[Type];
}

function checkStruct(name: string, value: unknown): void {
  const fields = types[name] ?? [];
  const fieldNames = fields.map((field) => field.name);
  const known = object(value, name, fieldNames);
  for (const field of fields) check(field, known[field.name], name);
}

function check(field: Field, value: unknown, owner: string): void {
  const { name, type } = field;
  if (type.endsWith('[]')) {
    if (!Array.isArray(value) || value.length > MAX_ITEMS) throw malformed(name);
    for (const item of value) check({ name, type: type.slice(0, -2) }, item, owner);
  } else if (types[type] !== undefined) {
    checkStruct(type, value);
  } else if (type === 'string') {
    if (typeof value !== 'string' || isLong(value)) throw malformed(name);
    // Half a surrogate pair is encoded as another character, so two texts would have one digest.
    if (!value.isWellFormed()) throw malformed(name);
    const list = closedListOf(owner, name);
    if (list !== undefined && !list.includes(value)) throw malformed(name);
  } else if (type === 'bool') {
    if (typeof value !== 'boolean') throw malformed(name);
  } else if (type.startsWith('uint')) {
    if (!Number.isSafeInteger(value) || (value as number) < 0) throw malformed(name);
    if ((value as number) >= 2 ** Number(type.slice('uint'.length))) throw malformed(name);
  } else {
    const length = type === 'address' ? 20 : Number(type.slice('bytes'.length));
    if (typeof value !== 'string' || value.length !== 2 + 2 * length) throw malformed(name);
    if (!/^0x[0-9a-f]+$/.test(value)) throw malformed(name);
  }
}

function checkSignature(name: string, value: unknown): void {
  if (typeof value !== 'string' || !/^0x[0-9a-f]{130}$/.test(value)) throw malformed(name);
}

function holds(value: unknown, name: string): boolean {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name);
}

/** Characters beyond the first plane have two units. */
function isLong(text: string): boolean {
  return text.length > MAX_TEXT && Array.from(text).length > MAX_TEXT;
}

function object(
  value: unknown,
  what: string,
  names: readonly string[],
): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw malformed(what);
  const keys = Object.keys(value);
  if (keys.length !== names.length || !names.every((name) => Object.hasOwn(value, name))) {
    throw malformed(what);
  }
  return value as Readonly<Record<string, unknown>>;
}
