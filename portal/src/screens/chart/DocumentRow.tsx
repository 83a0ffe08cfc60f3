import type { DocumentReference } from '@medplum/fhirtypes';
import type { ReactNode } from 'react';
import {
  attachedTo,
  newestOfEach,
  type Chart,
  type ChartRecord,
} from '../../../../src/client/index.ts';
import type { RecordId } from '../../../../src/protocol/ids.ts';
import type { ChartDocument } from '../../fhir/ArrangedChart.ts';
import type { AttachmentShown } from '../../fhir/attachmentsOf.ts';
import { sayFhir } from '../../fhir/sayFhir.ts';
import { useWords } from '../../words/useWords.tsx';
import { DocumentFile } from './DocumentFile.tsx';
import { KeepWay } from './KeepWay.tsx';
import type { TabProps } from './TabProps.ts';

/** Properties of `DocumentRow`. */
export interface DocumentRowProps extends Pick<
  TabProps,
  'session' | 'state' | 'chart' | 'onOpened'
> {
  readonly document: ChartDocument;
  /** The newest version of each record of the chart. */
  readonly newest: ReadonlyMap<RecordId, ChartRecord>;
}

/** A document or a note of a chart, with its files, which are opened when somebody asks for them. */
export function DocumentRow({
  session,
  state,
  chart,
  onOpened,
  newest,
  document: { resource, title, when, kindName, attachments },
}: DocumentRowProps): ReactNode {
  const words = useWords();
  const { say } = words;
  const said = sayFhir(title, words);
  const kept = keptWith();
  return (
    <>
      <strong dir="auto">{said}</strong>
      <span className="by">
        {sayFhir(kindName, words)}
        {when !== undefined && ` · ${sayFhir(when, words)}`}
      </span>
      {attachments.map((attachment, at) => (
        <DocumentFile
          key={at}
          session={session}
          chart={chart}
          onOpened={onOpened}
          attachment={attachment}
          file={fileOf(attachment)}
          title={said}
        />
      ))}
      {attachments.length === 0 && <span>{say('chart.no-file')}</span>}
      {kept.length > 0 && <KeepWay title={said} session={session} chart={chart} records={kept} />}
    </>
  );

  /** The document's record, and those of its files. */
  function keptWith(): readonly ChartRecord[] {
    const from = state.recordOf.get(resource);
    if (from === undefined) return [];
    return [from, ...attachments.flatMap((each) => fileOf(each) ?? [])];
  }

  /** Anybody may tell of any file: it counts if both records are of one author and category. */
  function fileOf({ record }: AttachmentShown): ChartRecord | undefined {
    const from = state.recordOf.get(resource);
    const file = record && newest.get(record);
    if (from === undefined || file === undefined) return undefined;
    const attachment = { url: `Binary/${file.record.slice(2)}` };
    const told: DocumentReference = {
      resourceType: 'DocumentReference',
      status: 'current',
      content: [{ attachment }],
    };
    return attachedTo(chart, { entries: [{ resource: told }] }, from);
  }
}

/** Returns the newest version of each record of a chart, which its documents name as their files. */
export function newestIn({ records }: Pick<Chart, 'records'>): ReadonlyMap<RecordId, ChartRecord> {
  return new Map(newestOfEach(records).map((each) => [each.record, each]));
}
