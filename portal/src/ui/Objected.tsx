import type { ReactNode } from 'react';
import {
  type Chart,
  type ChartRecord,
  type Objection,
  objectionsAmong,
  MOST_WORDS,
} from '../../../src/client/index.ts';
import { shownText } from '../fhir/shownText.ts';
import { useWords } from '../words/useWords.tsx';
import { Notice } from './Notice.tsx';

/** Says in a list that the patient objects to a record. */
export function Objected({
  chart,
  record,
}: {
  readonly chart: Pick<Chart, 'records'>;
  readonly record: ChartRecord;
}): ReactNode {
  const { say } = useWords();
  if (objectionsAmong(chart.records, record).length === 0) return null;
  return <span className="by">{say('fhir.objected')}</span>;
}

/** The words of what the patient says against a file, and of its author's answer; those of FHIR stand among its facts. */
export function ObjectionWords({ all }: { readonly all: readonly Objection[] }): ReactNode {
  const { say, moment } = useWords();
  return all.map(({ at, words, answer, version }, place) => (
    <Notice
      key={place}
      kind="warn"
      title={`${say(answer ? `fhir.answer_${answer}` : 'fhir.objection')} (${moment(at)}): ${
        words === undefined
          ? say('fhir.objectionUnread')
          : shownText(words, MOST_WORDS) || `v${version}`
      }`}
    />
  ));
}
