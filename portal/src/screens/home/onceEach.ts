import type { ChartItem } from '../../fhir/ArrangedChart.ts';
import type { FhirWord } from '../../fhir/Said.ts';
import { sayFhir, type FhirWords } from '../../fhir/sayFhir.ts';
import { factsOf } from '../patient/personShown.ts';

/**
 * Leaves one of those that say the same, such as the orders of one medicine year after year; the first stays.
 *
 * @param items - The items.
 * @param told - Facts in which no two of them may differ.
 * @param words - The person's words.
 */
export function onceEach(
  items: readonly ChartItem[],
  told: readonly FhirWord[],
  words: FhirWords,
): readonly ChartItem[] {
  const seen = new Set<string>();
  return items.filter((item) => {
    const said = told.map((word) => factsOf([item], word, words));
    const name = JSON.stringify([sayFhir(item.title, words), ...said]);
    return !seen.has(name) && seen.add(name);
  });
}
