import type { ReactNode } from 'react';
import { attachmentsOf } from '../fhir/attachmentsOf.ts';
import type { OpenedRecord } from '../session/openRecord.ts';
import { FileView } from './FileView.tsx';
import { ReleasedBy } from './ReleasedBy.tsx';
import { ResourceCard } from './ResourceCard.tsx';

/** Properties of `OpenedView`. */
export interface OpenedViewProps {
  readonly opened: OpenedRecord;
  /** The file that it tells of, if that was opened too. */
  readonly file: OpenedRecord | undefined;
}

/** An opened record in plain words, with its file, which has the type and title that the record names. */
export function OpenedView({ opened, file }: OpenedViewProps): ReactNode {
  const { resources = [], content } = opened;
  const [attachment] = attachmentsOf(resources[0]);
  const shown = file?.content ?? (opened.resources === undefined ? content : undefined);
  return (
    <>
      <ReleasedBy by={opened.released} />
      {resources.map((resource, place) => (
        <ResourceCard key={place} resource={resource} />
      ))}
      {opened.provenance !== undefined && <ResourceCard resource={opened.provenance} />}
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
