import { fieldOf } from '../../../src/fhir/fieldOf.ts';
import { withBudget } from '../../../src/fhir/budget.ts';
import { describeResource, type Described } from './describeResource.ts';
import { kindName } from './kindName.ts';
import type { Resolve } from '../../../src/fhir/Resolve.ts';
import { shownText } from './shownText.ts';
import { sizeOf } from './sizeOf.ts';

/**
 * Steps that a record has for each of its characters, and however small it is. Synthea's records take 0.4 for each. The most of one
 * resource suffices for a text as long as any that is shown.
 */
const [EACH, BASE, LARGEST] = [4, 20_000, 200_000];

/**
 * Describes the resources of one record for people, one at a time, with a budget that grows with the record's size: however it was
 * written, it does not hold up the page. A resource beyond the budget is told as too large, with its kind alone.
 *
 * @param resources - All resources of the record, each anything.
 * @param resolve - Finds what their references name; only what each contains unless given.
 */
export function* describeEach(
  resources: readonly unknown[],
  resolve?: Resolve,
): Generator<Described, undefined> {
  let left = BASE + EACH * sizeOf(resources);
  for (const resource of resources) {
    const read = (): Described => describeResource(resource, resolve);
    const { result, steps } = withBudget(Math.min(left, LARGEST), read);
    left -= steps;
    yield result ?? tooLarge(resource);
  }
}

function tooLarge(resource: unknown): Described {
  const type = fieldOf(resource, 'resourceType');
  return {
    kind: shownText(type, 100),
    kindName: kindName(type),
    title: { parts: [kindName(type), { word: 'fhir.tooLarge' }], joint: ': ' },
    facts: [],
    more: [],
    tooLarge: true,
  };
}
