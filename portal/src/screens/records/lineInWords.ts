import { isTakenBack } from '../../../../src/fhir/clinicalState.ts';
import type { ChartItem } from '../../fhir/ArrangedChart.ts';
import type { FhirWord } from '../../fhir/Said.ts';
import { sayFhir } from '../../fhir/sayFhir.ts';
import { withoutMarks } from '../../words/readingOrder.ts';
import type { Words } from '../../words/useWords.tsx';
import { factsOf } from '../patient/personShown.ts';
import { measuredInWords, type MeasuredInWords } from './measuredInWords.ts';
import type { RecordLine } from './recordLines.ts';

/** Most titles of resources that make up the title of a record. */
const MOST = 3;
/** Facts of which a line tells one: the first that its resource says. */
const TOLD: readonly FhirWord[] = [
  'fhir.value',
  'fhir.dose',
  'fhir.conclusion',
  'fhir.total',
  'fhir.reactions',
  'fhir.protects',
  'fhir.activities',
  'fhir.severity',
  'fhir.outcome',
  'fhir.reason',
];

/** People, places and substances that other resources name: they give a record its title only if it holds nothing else. */
const NAMED: ReadonlySet<string> = new Set([
  'Practitioner',
  'PractitionerRole',
  'Organization',
  'Location',
  'Medication',
]);

/** The words of a line. */
export interface LineWords extends MeasuredInWords {
  readonly title: string;
  /** Titles of all that it holds, to be remembered; undefined unless it is open. */
  readonly names?: string;
  /** Another important fact; empty if it says none. */
  readonly fact: string;
  /** All by which it is found. */
  readonly searched: string;
}

/**
 * Puts a line of the list of records into words.
 *
 * @param line - The line.
 * @param words - The person's words.
 */
export function lineInWords(line: RecordLine, words: Words): LineWords {
  const { results, record, when } = line;
  const matters = line.items.filter((item) => !NAMED.has(item.kind));
  const items = matters.length > 0 ? matters : line.items;
  const { say } = words;
  const kind = say(`common.category-${record.category}`);
  const all = [...items, ...results.flatMap((each) => each.items)];
  const titles = unique(items.map(({ title }) => sayFhir(title, words)));
  const names = line.state === 'open' ? namesOf(titles, words) : undefined;
  const measured = measuredInWords(all, words);
  const isPanel = measured.count > 1 && items.every((item) => item.kind === 'Observation');
  const title = isPanel ? kind : (names ?? untitled(line, kind, say('records.erased')));
  return {
    title,
    ...(names !== undefined && { names: withoutMarks(names) }),
    ...measured,
    fact: factIn(items, measured.count > 0, words),
    searched: withoutMarks(
      [
        title,
        kind,
        ...titles,
        ...unique(results.flatMap((each) => each.items).map((item) => sayFhir(item.title, words))),
        when.date,
        sayFhir(
          { ...when, precision: when.precision === 'moment' ? 'day' : when.precision },
          words,
        ),
      ].join('\n'),
    ),
  };
}

function untitled({ state, known }: RecordLine, kind: string, erased: string): string {
  if (state === 'erased') return erased;
  return known === undefined || known === '' ? kind : known;
}

/** The first titles of what a record holds; a file has none. */
function namesOf(titles: readonly string[], { say }: Words): string {
  if (titles.length === 0) return say('records.file');
  const text = titles.slice(0, MOST).join(', ');
  const rest = titles.length - MOST;
  return rest > 0 ? say('records.and-more', { text, count: rest }) : text;
}

function factIn(items: readonly ChartItem[], isMeasured: boolean, words: Words): string {
  const back = items.filter(({ resource }) => isTakenBack(resource));
  if (back.length > 0) return factsOf(back, 'fhir.status', words).join(', ');
  if (items.length !== 1 || isMeasured) return '';
  const facts = TOLD.map((word) => factsOf(items, word, words).join(', '));
  return facts.find((fact) => fact !== '') ?? '';
}

function unique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts.filter((text) => text !== ''))];
}
