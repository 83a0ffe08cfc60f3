import {
  evalFhirPathTyped,
  getDataType,
  isResourceType,
  LRUCache,
  toTypedValue,
  UCUM,
  type Constraint,
  type InternalTypeSchema,
  type TypedValue,
} from '@medplum/core';
import type { OperationOutcomeIssue, Resource } from '@medplum/fhirtypes';
import { isJudged } from './definitions/isJudged.ts';
import { narrativeFault } from './narrativeFault.ts';
import { typedName } from './typedName.ts';
import { withoutExtended } from './withoutExtended.ts';

/**
 * Finds where a resource breaks what R4 asks and the library does not: the invariants of data types and of all
 * resources but the outermost; one type for each choice of types; nothing empty; an id that can stand in an address;
 * narratives that only format text. Of a bundle, the entries' resources are left out: each is checked by itself,
 * because references to contained resources are resolved within it.
 *
 * @param resource - Its elements are known to be those of its type.
 * @returns The first breach, or what else was thrown; undefined if there is no breach.
 */
export function findBreach(resource: Resource): OperationOutcomeIssue | Error | undefined {
  try {
    const { plain, extended } = withoutExtended(resource);
    const root = toTypedValue(plain);
    const place = { path: resource.resourceType, resource: root, root };
    for (const value of extended) {
      const breach = breachIn({ type: 'Element', value }, place);
      if (breach !== undefined) return breach;
    }
    return breachIn(root, place);
  } catch (cause) {
    return cause as Error;
  }
}

interface Place {
  readonly path: string;
  /** The resource that the value is an element of. */
  readonly resource: TypedValue;
  /** The one that contains it, or the same. */
  readonly root: TypedValue;
}

function breachIn(typed: TypedValue, place: Place): OperationOutcomeIssue | undefined {
  const { path } = place;
  const rules = rulesOf(getDataType(typed.type));
  const value = typed.value as Readonly<Record<string, unknown>>;
  if (rules.choices.some((names) => names.filter((name) => isThere(value, name)).length > 1)) {
    return issue(path, 'Conflicting choice of type properties');
  }
  const broken =
    typed.type === 'Narrative'
      ? narrativeFault(String(value['div']))
      : rules.constraints.find((constraint) => !holds(constraint, typed, place))?.key;
  if (broken !== undefined) return issue(path, `Constraint ${broken} not met: `, 'invariant');
  for (const [name, field] of Object.entries(value)) {
    const type = name.startsWith('_') ? 'Element' : rules.types.get(name);
    // The check of the elements reported this value already.
    if (type === undefined) continue;
    const at = `${path}.${name}`;
    if (isEmpty(field)) return issue(at, 'Invalid empty value');
    if (rules.isResource && name === 'id' && !/^[A-Za-z0-9\-.]{1,64}$/.test(String(field))) {
      return issue(at, 'Invalid id format');
    }
    const values: readonly unknown[] = Array.isArray(field) ? field : [field];
    for (const [index, each] of values.entries()) {
      if (typeof each !== 'object' || each === null) continue;
      const path = Array.isArray(field) ? `${at}[${index}]` : at;
      const inner = innerOf(type, each, { ...place, path });
      const breach = inner && breachIn(...inner);
      if (breach !== undefined) return breach;
    }
  }
  return undefined;
}

/** A value that is looked at as part of another; undefined for the resource of an entry. */
function innerOf(type: string, value: object, place: Place): [TypedValue, Place] | undefined {
  if (type !== 'Resource') return [{ type, value }, place];
  const resource = toTypedValue(value);
  if (!isResourceType(resource.type)) return undefined;
  const { path, root } = place;
  if (/\.contained\[\d+\]$/.test(path)) return [resource, { path, resource, root }];
  // Of a bundle and of parameters each is one by itself; those of the outermost bundle are for the caller to check.
  return /^Bundle\.entry\[\d+\]\.resource$/.test(path)
    ? undefined
    : [resource, { path, resource, root: resource }];
}

function isEmpty(field: unknown): boolean {
  if (Array.isArray(field)) return field.length === 0;
  return typeof field === 'object' && field !== null
    ? Object.keys(field).length === 0
    : field === '';
}

/** Tells whether a field is there, or what extends its value. */
function isThere(value: object, name: string): boolean {
  return Object.hasOwn(value, name) || Object.hasOwn(value, `_${name}`);
}

/** Rules for each value of a type. */
interface Rules {
  readonly isResource: boolean;
  /** The type of each field. */
  readonly types: ReadonlyMap<string, string>;
  /** For each element that may be of one of several types, the fields that it may stand in. */
  readonly choices: readonly (readonly string[])[];
  readonly constraints: readonly Constraint[];
}

const known = new WeakMap<InternalTypeSchema, Rules>();

function rulesOf(schema: InternalTypeSchema): Rules {
  const rules = known.get(schema) ?? makeRules(schema);
  known.set(schema, rules);
  return rules;
}

function makeRules({ kind, elements, constraints = [] }: InternalTypeSchema): Rules {
  const fields = Object.entries(elements).map(([name, { type }]) =>
    type.map(({ code }) => [typedName(name, code), code] as const),
  );
  return {
    isResource: kind === 'resource',
    types: new Map(fields.flat()),
    choices: fields.filter((types) => types.length > 1).map((types) => types.map(([name]) => name)),
    // Types that have no name of their own are elements of another, whose invariants the library evaluates.
    constraints: kind === undefined ? [] : constraints.filter(isJudged),
  };
}

const parsed = new LRUCache<never>(1000);

/** Tells whether an invariant holds; one that says nothing of the value, such as of a reference without an address, does. */
function holds({ expression }: Constraint, value: TypedValue, { resource, root }: Place): boolean {
  const variables = {
    '%context': value,
    '%resource': resource,
    '%rootResource': root,
    '%ucum': toTypedValue(UCUM),
  };
  const results = evalFhirPathTyped(expression, [value], variables, parsed);
  return results.every((result) => result.value === true);
}

function issue(
  path: string,
  text: string,
  code: OperationOutcomeIssue['code'] = 'structure',
): OperationOutcomeIssue {
  return { severity: 'error', code, details: { text }, expression: [path] };
}
