import { fieldOf, listOf } from '../fieldOf.ts';

/** Most components of a result that are shown. */
const MOST_COMPONENTS = 100;

/** A line of a table of results. */
export interface ResultRow {
  /** An Observation, or a component of one in its form. */
  readonly observation: unknown;
  /** True for a component of the result above it. */
  readonly isComponent: boolean;
  /** Number of further components of a result that are not shown; on its last line. */
  readonly more?: number;
}

/**
 * Returns results as lines of a table: each Observation, and behind it its components in the form of Observations, such as the two of a
 * blood pressure.
 *
 * @param results - Observations; not trusted.
 */
export function rowsOfResults(results: readonly unknown[]): readonly ResultRow[] {
  return results.flatMap((observation): readonly ResultRow[] => {
    const all = listOf(fieldOf(observation, 'component'));
    const components = all.slice(0, MOST_COMPONENTS);
    const rows: ResultRow[] = [{ observation: withoutComponents(observation), isComponent: false }];
    for (const each of components) {
      const given = typeof each === 'object' ? each : {};
      rows.push({ observation: { ...given, resourceType: 'Observation' }, isComponent: true });
    }
    const last = rows.pop();
    const more = all.length - components.length;
    return last === undefined ? rows : [...rows, { ...last, ...(more > 0 && { more }) }];
  });
}

function withoutComponents(observation: unknown): unknown {
  if (fieldOf(observation, 'component') === undefined) return observation;
  const { component: _component, ...rest } = observation as { readonly component: unknown };
  return rest;
}
