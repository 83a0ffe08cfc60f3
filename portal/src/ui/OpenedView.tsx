import { useMemo, type ReactNode } from 'react';
import { attachmentsOf } from '../fhir/attachmentsOf.ts';
import { describeEach } from '../fhir/describeEach.ts';
import type { OpenedRecord } from '../session/openRecord.ts';
import { FileView } from './FileView.tsx';
import { FirstOf } from './FirstOf.tsx';
import { ObjectionWords } from './Objected.tsx';
import { ReleasedBy } from './ReleasedBy.tsx';
import { ResourceCard } from './ResourceCard.tsx';

const NONE: readonly unknown[] = [];
/** Shown for health data that is too large to show. */
const FHIR = { contentType: 'application/json', title: '' };

/** Properties of `OpenedView`. */
export interface OpenedViewProps {
  readonly opened: OpenedRecord;
  /** The file that it tells of, if that was opened too. */
  readonly file: OpenedRecord | undefined;
}

/** An opened record in plain words, with its file, which has the type and title that the record names. */
export function OpenedView({ opened, file }: OpenedViewProps): ReactNode {
  const { resources = NONE, content } = opened;
  const { provenance } = opened;
  const described = useMemo(() => [...describeEach(resources)], [resources]);
  const [correction] = provenance === undefined ? [] : describeEach([provenance]);
  const isTooLarge = [...described, correction].some((each) => each?.tooLarge === true);
  const [attachment] = file === undefined && isTooLarge ? [FHIR] : attachmentsOf(resources[0]);
  const isFile = opened.resources === undefined || isTooLarge;
  const shown = file?.content ?? (isFile ? content : undefined);
  return (
    <>
      <ReleasedBy by={opened.released} />
      <FirstOf items={described}>
        {(first) => first.map((each, place) => <ResourceCard key={place} described={each} />)}
      </FirstOf>
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
