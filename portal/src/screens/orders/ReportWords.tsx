import type { ReactNode } from 'react';
import { fieldOf } from '../../../../src/fhir/fieldOf.ts';
import { codeWord } from '../../fhir/codeWords.ts';
import { describeResource } from '../../fhir/describeResource.ts';
import { sayFhir } from '../../fhir/sayFhir.ts';
import { shownText } from '../../fhir/shownText.ts';
import { useWords } from '../../words/useWords.tsx';
import { ResultTable } from '../../ui/ResultTable.tsx';

/** Properties of `ReportWords`. */
export interface ReportWordsProps {
  /** The DiagnosticReport; not trusted. */
  readonly report: unknown;
  /** Its Observations; not trusted. */
  readonly results: readonly unknown[];
  /** Number of its results that the reader cannot open. */
  readonly unseen?: number;
}

/** A report in words: its state, when the sample was taken, the values, what they mean, and what is not seen of it. */
export function ReportWords({ report, results, unseen = 0 }: ReportWordsProps): ReactNode {
  const words = useWords();
  const { say } = words;
  const { when } = describeResource(report);
  const conclusion = shownText(fieldOf(report, 'conclusion'));
  const status = codeWord('', String(fieldOf(report, 'status')));
  return (
    <>
      {status !== undefined && (
        <p>
          {say('fhir.status')}: {say(status)}
        </p>
      )}
      {when !== undefined && (
        <p>
          {say('forms.taken')}: {sayFhir(when, words)}
        </p>
      )}
      <ResultTable results={results} />
      {unseen > 0 && <p>{say('orders.unseen', { count: unseen })}</p>}
      {conclusion !== '' && (
        <p>
          <strong>{say('fhir.conclusion')}:</strong> <span dir="auto">{conclusion}</span>
        </p>
      )}
    </>
  );
}
