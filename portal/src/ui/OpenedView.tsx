import { useMemo, type ReactNode } from 'react';
import { attachmentsOf } from '../fhir/attachmentsOf.ts';
import { describeEach } from '../fhir/describeEach.ts';
import type { Described } from '../fhir/describeResource.ts';
import { tableOfResults } from '../fhir/tableOfResults.ts';
import { sayFhir } from '../fhir/sayFhir.ts';
import type { OpenedRecord } from '../session/openRecord.ts';
import { useWords } from '../words/useWords.tsx';
import { FileView } from './FileView.tsx';
import { FirstOf } from './FirstOf.tsx';
import { ObjectionWords } from './Objected.tsx';
import { ReleasedBy } from './ReleasedBy.tsx';
import { ResourceCard } from './ResourceCard.tsx';
import { ResultTable } from './ResultTable.tsx';

const NONE: readonly unknown[] = [];
/** Shown for health data that is too large to show. */
const FHIR = { contentType: 'application/json', title: '' };

/** Properties of `OpenedView`. */
export interface OpenedViewProps {
  readonly opened: OpenedRecord;
  /** The file that it tells of, if that was opened too. */
  readonly file: OpenedRecord | undefined;
}

/** An opened record in plain words, the results of a report as one table, with its file, which has the type and title that the record names. */
export function OpenedView({ opened, file }: OpenedViewProps): ReactNode {
  const words = useWords();
  const { resources = NONE, content } = opened;
  const { provenance } = opened;
  const described = useMemo(() => [...describeEach(resources)], [resources]);
  const [correction] = provenance === undefined ? [] : describeEach([provenance]);
  const isTooLarge = [...described, correction].some((each) => each?.tooLarge === true);
  const [attachment] = file === undefined && isTooLarge ? [FHIR] : attachmentsOf(resources[0]);
  const isFile = opened.resources === undefined || isTooLarge;
  const { results, when } = tableOfResults(resources, described);
  const inTable = new Set(results);
  const [single, each] = [false, true].map((isInTable) =>
    described.filter((_, place) => inTable.has(resources[place]) === isInTable),
  );
  const shown = file?.content ?? (isFile ? content : undefined);
  return (
    <>
      <ReleasedBy by={opened.released} />
      <Cards all={single ?? []} />
      {results.length > 0 && (
        <>
          {when && <p className="when">{sayFhir(when, words)}</p>}
          <FirstOf items={results}>{(first) => <ResultTable results={first} />}</FirstOf>
          <details>
            <summary>{words.say('records.each-value')}</summary>
            <Cards all={each ?? []} />
          </details>
        </>
      )}
      {correction !== undefined && <ResourceCard described={correction} />}
      <ObjectionWords all={[...(opened.objections ?? []), ...(file?.objections ?? [])]} />
      {shown !== undefined && (
        <FileView
          file={{
            content: shown,
            type: attachment?.contentType || 'application/octet-stream',
            title: attachment?.title || 'record',
          }}
        />
      )}
    </>
  );
}

function Cards({ all }: { readonly all: readonly Described[] }): ReactNode {
  return (
    <FirstOf items={all}>
      {(first) => first.map((each, place) => <ResourceCard key={place} described={each} />)}
    </FirstOf>
  );
}
