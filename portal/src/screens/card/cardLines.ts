import { visibleText } from '../../../../src/errors/visibleText.ts';
import { fieldOf } from '../../../../src/fhir/fieldOf.ts';
import type { ArrangedChart, ChartItem } from '../../fhir/ArrangedChart.ts';
import { isTakenBack } from '../../../../src/fhir/clinicalState.ts';
import { codeOf } from '../../../../src/fhir/codeOf.ts';
import { allergiesNow, doubtOf } from '../../fhir/allergiesNow.ts';
import type { FhirWord } from '../../fhir/Said.ts';
import { sayFhir, type FhirWords } from '../../fhir/sayFhir.ts';
import { withoutMarks } from '../../words/readingOrder.ts';
import { LONGEST_LINE, type CardGroup, type CardLine } from '../../session/EmergencyCard.ts';

/** Most lines of a group that are offered. */
const MOST_OFFERED = 40;
/** LOINC codes of a blood group: ABO, Rh, both. */
const BLOOD: ReadonlySet<string | undefined> = new Set(
  ['883-9', '10331-7', '882-1'].map((code) => `http://loinc.org|${code}`),
);

/** Facts that need no name. */
const PLAIN: ReadonlySet<FhirWord> = new Set(['fhir.dose', 'fhir.value']);

/**
 * Returns the lines that a chart offers for a card, such as `Peanut · Reactions: Hives`, each once. A medicine that is not simply
 * in force says so, and an allergy that is not confirmed.
 *
 * @param arranged - The chart.
 * @param words - The person's words.
 */
export function cardLines(arranged: ArrangedChart, words: FhirWords): readonly CardLine[] {
  const { problems, medicines, all } = arranged;
  const blood = all.filter(
    ({ resource }) => BLOOD.has(codeOf(fieldOf(resource, 'code'))) && !isTakenBack(resource),
  );
  const of = (
    group: CardGroup,
    items: readonly ChartItem[],
    told: readonly FhirWord[] | ((item: ChartItem) => readonly FhirWord[]),
  ): readonly CardLine[] => {
    const texts = items
      .slice(0, MOST_OFFERED)
      .map((item) => lineOf(item, typeof told === 'function' ? told(item) : told, words));
    return [...new Set(texts)].filter((text) => text !== '').map((text) => ({ group, text }));
  };
  return [
    ...of('allergies', allergiesNow(arranged), (item) => [
      ...doubtOf(item),
      'fhir.criticality',
      'fhir.reactions',
    ]),
    ...of('medicines', medicines.active, ['fhir.doNotPerform', 'fhir.status', 'fhir.dose']),
    ...of('problems', problems.active, []),
    ...of('blood', blood, ['fhir.value']),
  ];
}

function lineOf(
  { title, facts, resource }: ChartItem,
  told: readonly FhirWord[],
  words: FhirWords,
): string {
  const said = [...told, 'fhir.objection' as const].flatMap((word) =>
    facts
      .filter(({ label }) => typeof label === 'object' && 'word' in label && label.word === word)
      .filter(() => word !== 'fhir.status' || fieldOf(resource, 'status') !== 'active')
      .map(({ label, values }) => {
        const text = values.map((value) => sayFhir(value, words)).join(', ');
        return PLAIN.has(word) ? text : `${sayFhir(label, words)}: ${text}`;
      }),
  );
  const text = [sayFhir(title, words), ...said].join(' · ');
  return visibleText(withoutMarks(text).replaceAll(/\s+/g, ' ').trim(), LONGEST_LINE);
}
