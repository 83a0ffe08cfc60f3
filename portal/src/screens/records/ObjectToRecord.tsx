import { useState, type ReactNode } from 'react';
import { objectToRecord, type Chart, type ChartRecord } from '../../../../src/client/index.ts';
import { ownChart } from '../../session/charts.ts';
import type { Session } from '../../session/Session.ts';
import { useRecordDraft } from '../../session/useRecordDraft.ts';
import { useRun } from '../../session/useRun.ts';
import { Awaiting } from '../../ui/Awaiting.tsx';
import { Button } from '../../ui/Button.tsx';
import { useWords } from '../../words/useWords.tsx';
import { Corrections } from '../../messages/Corrections.tsx';
import { MistakeWords } from '../../messages/MistakeWords.tsx';

/** Properties of `ObjectToRecord`. */
export interface ObjectToRecordProps {
  readonly session: Session;
  /** A record that the patient did not begin. */
  readonly record: ChartRecord;
  readonly chart: Chart;
  readonly onAdded: () => void;
}

/** Puts what the patient says against a record beside it, and shows what became of it. */
export function ObjectToRecord({
  session,
  chart,
  record,
  onAdded,
}: ObjectToRecordProps): ReactNode {
  const { say } = useWords();
  const draft = useRecordDraft(session, 'object', record, { words: '' });
  const [open, setOpen] = useState(draft.kept !== undefined);
  const adding = useRun();
  const add = (words: string): void =>
    adding.start(async () => {
      await objectToRecord(session.party, { record, words });
      await ownChart(session, true);
      setOpen(false);
      await draft.drop();
      onAdded();
    });
  return (
    <>
      <Corrections
        {...{ session, chart }}
        record={record.record}
        onChanged={() => {
          void ownChart(session, true).then(onAdded);
        }}
      />
      {!open && <Button onClick={() => setOpen(true)}>{say('records.object')}</Button>}
      {open && (
        <MistakeWords
          draft={draft}
          label={say('records.object-words')}
          hint={say('records.object-hint')}
          send={say('records.object-send')}
          busy={adding.busy}
          onSend={add}
          onCancel={() => {
            setOpen(false);
            void draft.drop();
          }}
        />
      )}
      <Awaiting on={adding} />
    </>
  );
}
