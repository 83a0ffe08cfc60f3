import { useState, type ReactNode } from 'react';
import {
  readObjections,
  readRecord,
  type ChartRecord,
  type Objection,
} from '../../../../src/client/index.ts';
import { MedsealError } from '../../../../src/errors/MedsealError.ts';
import type { Organisation } from '../../../../src/protocol/ids.ts';
import type { AttachmentShown } from '../../fhir/attachmentsOf.ts';
import { titleKey } from '../../session/titleKey.ts';
import { useRun } from '../../session/useRun.ts';
import { Awaiting } from '../../ui/Awaiting.tsx';
import { Button } from '../../ui/Button.tsx';
import { FileView, isNote } from '../../ui/FileView.tsx';
import { ObjectionWords } from '../../ui/Objected.tsx';
import { Opening } from '../../ui/Opening.tsx';
import { ReleasedBy } from '../../ui/ReleasedBy.tsx';
import { useWords } from '../../words/useWords.tsx';
import { CorrectNote } from './CorrectNote.tsx';
import type { TabProps } from './TabProps.ts';
import classes from './DocumentFile.module.css';

/** Properties of `DocumentFile`. */
export interface DocumentFileProps extends Pick<TabProps, 'session' | 'chart' | 'onOpened'> {
  readonly attachment: AttachmentShown;
  readonly title: string;
  /** The record that holds it, if the chart lists it. */
  readonly file: ChartRecord | undefined;
}

interface Opened {
  readonly content: Uint8Array;
  /** The record version that it is from, if it is from one. */
  readonly record: string | undefined;
  /** The base64 that the document holds itself, if it does. */
  readonly data: string | undefined;
  /** Organisations that released it, if it needed that. */
  readonly released?: readonly Organisation[] | undefined;
  /** Objections to it. */
  readonly objections?: readonly Objection[] | undefined;
}

/** A file of a document: its type and size, and when it is opened, what it shows. */
export function DocumentFile({
  session,
  chart,
  onOpened,
  attachment,
  title,
  file,
}: DocumentFileProps): ReactNode {
  const { say, number } = useWords();
  const { party } = session;
  const [opened, setOpened] = useState<Opened>();
  const opening = useRun();
  const { contentType, size, data } = attachment;
  const record = file && titleKey(file);
  // The content of one file is never shown, or corrected, as another.
  const isOpened = opened?.record === record && opened?.data === data;
  const content = isOpened ? opened?.content : undefined;
  const keep = (
    from: Uint8Array,
    released?: readonly Organisation[],
    objections?: readonly Objection[],
  ): void => setOpened({ content: from, record, data, released, objections });
  const open = (): void =>
    opening.start(async () => {
      if (data !== undefined) keep(decoded(data));
      else if (file === undefined) throw new MedsealError('NOT_FOUND', { what: 'file' });
      else {
        const { content: read, released } = await readRecord(party, chart, file);
        keep(read, released?.by, await readObjections(party, chart, file));
        await onOpened(file, read);
      }
    });
  const told = [
    contentType || say('chart.unknown-type'),
    ...(size === undefined
      ? []
      : [say('records.size', { kilobytes: number(Math.ceil(size / 1024)) })]),
  ];
  return (
    <div className={classes['attachment']}>
      {content === undefined && (
        <p className="row">
          <span>{told.join(' · ')}</span>
          <Button busy={opening.busy} onClick={open} aria-label={say('chart.open-file', { title })}>
            {say('chart.open')}
          </Button>
        </p>
      )}
      <Awaiting on={opening} what={<Opening party={party} chart={chart} />} again={open} />
      {content !== undefined && <ReleasedBy by={opened?.released} />}
      {content !== undefined && <ObjectionWords all={opened?.objections ?? []} />}
      {content !== undefined && (
        <FileView isSheet file={{ content, type: contentType, title: attachment.title || title }} />
      )}
      {content !== undefined &&
        isNote(contentType) &&
        file !== undefined &&
        data === undefined &&
        chart.grant?.terms.amend === true && (
          <CorrectNote
            key={titleKey(file)}
            session={session}
            chart={chart}
            record={file}
            text={new TextDecoder().decode(content)}
            onCorrected={keep}
          />
        )}
    </div>
  );
}

function decoded(data: string): Uint8Array {
  try {
    return Uint8Array.from(atob(data), (character) => character.charCodeAt(0));
  } catch (cause) {
    throw new MedsealError('FHIR_INVALID', { reason: 'the file is not in base64' }, { cause });
  }
}
