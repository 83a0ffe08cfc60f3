import type { DocumentReference } from '@medplum/fhirtypes';
import type { ReactNode } from 'react';
import { attachedTo, type ChartRecord, newestOfEach } from '../../../../src/client/index.ts';
import type { AttachmentShown } from '../../fhir/attachmentsOf.ts';
import { sayFhir } from '../../fhir/sayFhir.ts';
import { FirstOf } from '../../ui/FirstOf.tsx';
import { KeepWay } from './KeepWay.tsx';
import { useWords } from '../../words/useWords.tsx';
import { DocumentFile } from './DocumentFile.tsx';
import { ChartPart } from './ChartPart.tsx';
import { resourceKey } from './resourceKey.ts';
import type { TabProps } from './TabProps.ts';

/** The documents of a chart, each with its files, which are opened when somebody asks for them. */
export function Documents({
  session,
  state,
  covered,
  chart,
  onOpened,
  printing,
}: TabProps): ReactNode {
  const words = useWords();
  const { say } = words;
  const { documents } = state.arranged;
  const records = new Map(newestOfEach(chart.records).map((each) => [each.record, each]));
  return (
    <ChartPart
      title={say('chart.documents')}
      count={documents.length}
      covered={covered}
      state={state}
    >
      <FirstOf items={documents} all={printing}>
        {(shown) => (
          <ul className="items">
            {shown.map(({ resource, title, when, kindName, attachments }) => (
              <li key={resourceKey(resource)} className="document">
                <strong dir="auto">{sayFhir(title, words)}</strong>
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
                    file={fileOf(resource, attachment)}
                    title={sayFhir(title, words)}
                  />
                ))}
                {attachments.length === 0 && <span>{say('chart.no-file')}</span>}
                {keptWith(resource, attachments).length > 0 && (
                  <KeepWay
                    title={sayFhir(title, words)}
                    session={session}
                    chart={chart}
                    records={keptWith(resource, attachments)}
                  />
                )}
              </li>
            ))}
          </ul>
        )}
      </FirstOf>
    </ChartPart>
  );

  /** The document's record, and those of its files. */
  function keptWith(
    resource: unknown,
    attachments: readonly AttachmentShown[],
  ): readonly ChartRecord[] {
    const from = state.recordOf.get(resource);
    if (from === undefined) return [];
    return [from, ...attachments.flatMap((each) => fileOf(resource, each) ?? [])];
  }

  /** Anybody may tell of any file: it counts if both records are of one author and category. */
  function fileOf(resource: unknown, { record }: AttachmentShown): ChartRecord | undefined {
    const from = state.recordOf.get(resource);
    const file = record && records.get(record);
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
