import { fieldOf, listOf } from '../../../src/fhir/fieldOf.ts';
import { spend } from '../../../src/fhir/budget.ts';

/** A value of a resource, and the name of the element that it stands in. */
export interface Found {
  readonly element: string;
  readonly value: unknown;
}

/** Most values that one path gives. */
const MOST = 200;

/**
 * The values that lie at a path of a resource, wherever there are several on the way.
 *
 * @param resource - Anything.
 * @param path - Names with points between them; `value[x]` is any of `valueQuantity`, `valueString` and so on.
 */
export function valuesAt(resource: unknown, path: string): readonly Found[] {
  let found: readonly Found[] = [{ element: '', value: resource }];
  for (const step of path.split('.')) {
    found = found.flatMap(({ value }) => stepInto(value, step)).slice(0, MOST);
  }
  return found;
}

function stepInto(value: unknown, step: string): readonly Found[] {
  return namesFor(value, step).flatMap((element) => {
    const values = listOf(fieldOf(value, element)).slice(0, MOST);
    spend(1 + values.length);
    return values.filter((each) => each !== null).map((each) => ({ element, value: each }));
  });
}

function namesFor(value: unknown, step: string): readonly string[] {
  if (!step.endsWith('[x]')) return [step];
  if (typeof value !== 'object' || value === null) return [];
  const stem = step.slice(0, -3);
  return namesIn(value).filter(
    (name) => name.startsWith(stem) && /^[A-Z]/.test(name.slice(stem.length)),
  );
}

/**
 * The names of an object's fields.
 *
 * @param value - An object that others wrote.
 */
export function namesIn(value: object): readonly string[] {
  const names = Object.keys(value);
  spend(names.length);
  return names;
}
