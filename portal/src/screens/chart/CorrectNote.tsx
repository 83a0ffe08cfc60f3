import { useState, type ReactNode } from 'react';
import { addAmendment, type Chart, type ChartRecord } from '../../../../src/client/index.ts';
import type { Session } from '../../session/Session.ts';
import { useRecordDraft } from '../../session/useRecordDraft.ts';
import { useRun } from '../../session/useRun.ts';
import { Awaiting } from '../../ui/Awaiting.tsx';
import { Button } from '../../ui/Button.tsx';
import { KeptDraft } from '../../ui/KeptDraft.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { useWords } from '../../words/useWords.tsx';

/** Properties of `CorrectNote`. */
export interface CorrectNoteProps {
  readonly session: Session;
  readonly chart: Chart;
  /** The version that is corrected. */
  readonly record: ChartRecord;
  readonly text: string;
  readonly onCorrected: (content: Uint8Array) => void;
}

/** Corrects a note: the former version stays on the chart behind the new one. */
export function CorrectNote({
  session,
  chart,
  record,
  text,
  onCorrected,
}: CorrectNoteProps): ReactNode {
  const { say } = useWords();
  const { party } = session;
  const [version, setVersion] = useState(record.version);
  const draft = useRecordDraft(session, 'correct', { ...record, version }, { text });
  const [isOpen, setOpen] = useState(draft.kept !== undefined);
  const saving = useRun();
  const save = (corrected: string): void =>
    saving.start(async () => {
      const content = new TextEncoder().encode(corrected);
      const { handle, grant, purpose } = chart;
      const added = await addAmendment(party, {
        handle,
        purpose,
        ...(grant && { grant }),
        category: record.category,
        content,
        amends: { ...record, version },
      });
      setVersion(added.version);
      setOpen(false);
      await draft.drop();
      onCorrected(content);
      if (added.untold !== undefined) throw added.untold;
    });
  if (!isOpen) {
    return (
      <>
        {version > record.version && <Notice kind="good" title={say('chart.corrected')} />}
        <Button onClick={() => setOpen(true)}>{say('chart.correct')}</Button>
      </>
    );
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (draft.value.text.trim() !== '') save(draft.value.text);
      }}
    >
      <KeptDraft draft={draft} />
      <TextField
        label={say('chart.corrected-text')}
        hint={say('chart.correct-hint')}
        rows={6}
        value={draft.value.text}
        onChange={(corrected) => draft.change({ text: corrected })}
      />
      <Awaiting on={saving} />
      <p className="row">
        <Button kind="main" type="submit" busy={saving.busy}>
          {say('chart.save-correction')}
        </Button>
        <Button
          onClick={() => {
            setOpen(false);
            void draft.drop();
          }}
        >
          {say('common.cancel')}
        </Button>
      </p>
    </form>
  );
}
