import type { Address, RecordId } from '../protocol/ids.ts';
import type { Action, Category, Purpose } from '../protocol/vocabulary.ts';

/** Conditions under which a provision of a FHIR Consent applies; all of them must be met, and an absent one always is. */
export interface Conditions {
  readonly actors?: readonly Address[];
  readonly categories?: readonly Category[];
  readonly actions?: readonly Action[];
  readonly purposes?: readonly Purpose[];
  readonly records?: readonly RecordId[];
  /** First moment, Unix seconds, with fractions; `-Infinity` if it always applied. */
  readonly from: number;
  /** First moment at which it no longer applies, Unix seconds, with fractions; `Infinity` if it has no end. */
  readonly until: number;
}

/** Conditions whose every list is there. */
export type FullConditions = Conditions & Required<Pick<Conditions, ListName>>;

type ListName = 'actors' | 'categories' | 'actions' | 'purposes';
const LISTS = ['actors', 'categories', 'actions', 'purposes', 'records'] as const;

/**
 * Returns the conditions that are met where both are.
 *
 * @param one - Some conditions.
 * @param other - Others.
 */
export function bothConditions<Some extends Conditions>(one: Some, other: Conditions): Some {
  const lists = LISTS.flatMap((name) => {
    const [left, right]: (readonly string[] | undefined)[] = [one[name], other[name]];
    if (left === undefined && right === undefined) return [];
    const met = left === undefined ? right : left.filter((each) => right?.includes(each) ?? true);
    return [[name, met]];
  });
  return {
    ...one,
    ...(Object.fromEntries(lists) as object),
    from: Math.max(one.from, other.from),
    until: Math.min(one.until, other.until),
  };
}

/**
 * Returns the conditions of a further permit in a permit: its own, and the outer one's where it says nothing. Its time lies
 * within the outer one's.
 *
 * @param inner - Conditions of the further permit.
 * @param outer - The conditions of the permit that it stands in.
 */
export function furtherConditions(inner: Conditions, outer: Conditions): Conditions {
  const { from, until } = bothConditions<Conditions>(inner, outer);
  return { ...outer, ...inner, from, until };
}

/**
 * Returns what is left of some conditions without those cases in which others are met: conditions that no case meets
 * twice.
 *
 * @param full - Conditions with lists.
 * @param denied - Conditions to leave out; they name no record.
 */
export function withoutConditions(full: FullConditions, denied: Conditions): FullConditions[] {
  const left: FullConditions[] = [];
  let rest = full;
  for (const name of ['actors', 'categories', 'actions', 'purposes'] as const) {
    const list: readonly string[] = rest[name];
    const out: readonly string[] | undefined = denied[name];
    if (out === undefined) continue;
    left.push({ ...rest, [name]: list.filter((each) => !out.includes(each)) });
    rest = { ...rest, [name]: list.filter((each) => out.includes(each)) };
  }
  left.push({ ...rest, until: Math.min(rest.until, denied.from) });
  left.push({ ...rest, from: Math.max(rest.from, denied.until) });
  return left.filter(canBeMet);
}

/**
 * Tells whether there is a case that meets conditions.
 *
 * @param conditions - The conditions.
 */
export function canBeMet(conditions: Conditions): boolean {
  return (
    conditions.from < conditions.until && LISTS.every((name) => conditions[name]?.length !== 0)
  );
}
