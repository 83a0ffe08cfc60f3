import type { Bundle } from '@medplum/fhirtypes';
import type { ReactNode } from 'react';
import { useWords } from '../../words/useWords.tsx';
import { codesSigned } from '../forms/codesSigned.ts';
import { ReportWords } from './ReportWords.tsx';

/** Properties of `ReportSigned`. */
export interface ReportSignedProps {
  /** The report and its results. */
  readonly bundle: Bundle;
}

/** The words that a laboratory signs with a report. */
export function ReportSigned({ bundle }: ReportSignedProps): ReactNode {
  const { say } = useWords();
  const [report, ...results] = (bundle.entry ?? []).map(({ resource }) => resource);
  const codes = codesSigned({ ...bundle, entry: bundle.entry?.slice(1) ?? [] });
  return (
    <>
      <ReportWords report={report} results={results} />
      {codes.length > 0 && (
        <p>
          {say('forms.code')}: <bdi>{codes.join(', ')}</bdi>
        </p>
      )}
    </>
  );
}
