import type { Bundle, CodeableConcept, Resource } from '@medplum/fhirtypes';
import { splitBundle } from '../../src/fhir/splitBundle.ts';

/** The categories whose facts are looked for in others, by the type whose codes are such facts. */
const FACTS = {
  conditions: 'Condition',
  procedures: 'Procedure',
  medications: 'MedicationRequest',
} as const;

/** For each category: how many facts of others it tells, such as `{ conditions: '12 of 41' }`. */
export type Told = Readonly<Record<string, Readonly<Record<string, string>>>>;

/**
 * Looks through what each category of some charts holds for the facts of other categories: diagnoses, procedures and
 * medicines, each counted once for a chart. A fact is told where its code stands, or its name.
 *
 * @param charts - Bundles, one for each patient.
 * @returns Only what tells something.
 */
export function measureTold(charts: readonly Bundle[]): Told {
  const told: Record<string, Record<string, number>> = {};
  const all: Record<string, number> = {};
  for (const chart of charts) {
    const parts = splitBundle(chart, { set: `0x${'00'.repeat(16)}` });
    const texts = new Map(parts.map((part) => [part.category, textsIn(part.content.entries)]));
    for (const [category, type] of Object.entries(FACTS)) {
      const facts = factsOf(chart, type);
      all[category] = (all[category] ?? 0) + facts.length;
      for (const [other, found] of texts) {
        if (other === category) continue;
        const count = facts.filter((fact) => fact.some((text) => found.has(text))).length;
        const counts = (told[other] ??= {});
        counts[category] = (counts[category] ?? 0) + count;
      }
    }
  }
  return Object.fromEntries(
    Object.entries(told).flatMap(([category, counts]) => {
      const some = Object.entries(counts).filter(([, count]) => count > 0);
      if (some.length === 0) return [];
      return [[category, Object.fromEntries(some.map(([of, n]) => [of, `${n} of ${all[of]}`]))]];
    }),
  );
}

/** The ways to name each fact of a type that a chart holds, each fact once. */
function factsOf(chart: Bundle, type: string): readonly (readonly string[])[] {
  const facts = (chart.entry ?? []).flatMap(({ resource }) =>
    resource?.resourceType === type ? [namesOf(resource)] : [],
  );
  const distinct = new Map(facts.map((names) => [names[0] ?? '', names]));
  distinct.delete('');
  return [...distinct.values()];
}

function namesOf(resource: Resource): readonly string[] {
  const { code, medicationCodeableConcept } = resource as {
    code?: CodeableConcept;
    medicationCodeableConcept?: CodeableConcept;
  };
  const { coding = [], text } = code ?? medicationCodeableConcept ?? {};
  const names = coding.flatMap((each) => [`${each.system}|${each.code}`, each.display]);
  return [...names, text].filter((name) => name !== undefined);
}

/** Every text that stands in a value, and every code with its system. */
function textsIn(value: unknown, found = new Set<string>()): ReadonlySet<string> {
  if (typeof value === 'string') found.add(value);
  if (typeof value !== 'object' || value === null) return found;
  const { system, code } = value as { readonly system?: unknown; readonly code?: unknown };
  if (typeof system === 'string' && typeof code === 'string') found.add(`${system}|${code}`);
  for (const inner of Object.values(value)) textsIn(inner, found);
  return found;
}
