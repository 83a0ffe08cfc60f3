import type { ReactNode } from 'react';
import { rowsOfResults } from '../../../src/fhir/orders/rowsOfResults.ts';
import { describeEach } from '../fhir/describeEach.ts';
import type { Described } from '../fhir/describeResource.ts';
import type { FhirWord } from '../fhir/Said.ts';
import { measurementsOf } from '../fhir/measurementsOf.ts';
import { sayFhir } from '../fhir/sayFhir.ts';
import { FlagText } from './FlagText.tsx';
import { Table } from './Table.tsx';
import { useWords } from '../words/useWords.tsx';

/** Facts of a result that have a column. */
const COLUMNS: readonly FhirWord[] = ['fhir.value', 'fhir.range', 'fhir.interpretation'];

/** Properties of `ResultTable`. */
export interface ResultTableProps {
  /** Observations; not trusted. */
  readonly results: readonly unknown[];
}

/**
 * Results as a table: test, value with its unit, range, and how the two compare, with a mark if the value is outside. Numbers are
 * never turned round.
 */
export function ResultTable({ results }: ResultTableProps): ReactNode {
  const words = useWords();
  const { say } = words;
  if (results.length === 0) return null;
  const lines = rowsOfResults(results);
  const described = [...describeEach(lines.map(({ observation }) => observation))];
  const notShown = lines.reduce((sum, { more = 0 }) => sum + more, 0);
  const saidOf = ({ facts }: Described, word: FhirWord): string =>
    facts
      .filter(({ label }) => typeof label === 'object' && 'word' in label && label.word === word)
      .flatMap(({ values }) => values.map((value) => sayFhir(value, words)))
      .join(', ');
  // Of a value that is missing, the reason stands in its place.
  const factOf = (each: Described, word: FhirWord): string =>
    saidOf(each, word) || (word === 'fhir.value' ? saidOf(each, 'fhir.absent') : '');
  const table = (
    <Table
      caption={say('orders.results')}
      columns={[say('forms.test'), ...COLUMNS.map((word) => say(word))]}
      rows={described.map((each, place) => ({
        key: place,
        cells: [
          <span key="title" dir="auto">
            {lines[place]?.isComponent === true && '– '}
            {sayFhir(each.title, words)}
          </span>,
          ...COLUMNS.map((word) =>
            word === 'fhir.interpretation' ? (
              <Compared key={word} result={lines[place]?.observation} said={factOf(each, word)} />
            ) : (
              <bdi key={word} dir="ltr">
                {factOf(each, word)}
              </bdi>
            ),
          ),
        ],
      }))}
    />
  );
  return (
    <>
      {table}
      {notShown > 0 && <p>{say('orders.more-components', { count: notShown })}</p>}
    </>
  );
}

/** Says how a value compares with its range; the author's words of one that is not a number. */
function Compared({
  result,
  said,
}: {
  readonly result: unknown;
  readonly said: string;
}): ReactNode {
  const { say } = useWords();
  const flags = measurementsOf([result]).flatMap(({ points }) => points.map(({ flag }) => flag));
  const [flag] = flags;
  // Several words of the author, such as normal and critical, all stand there.
  const isOne = flags.length === 1 && (said === '' || said === (flag && say(flag.word)));
  return isOne ? <FlagText flag={flag} /> : said;
}
