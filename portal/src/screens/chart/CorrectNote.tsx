import { useState, type ReactNode } from 'react';
import {
  addRecord,
  answerByAmending,
  type Chart,
  type ChartRecord,
  type Party,
} from '../../../../src/client/index.ts';
import { useRun } from '../../session/useRun.ts';
import { Button } from '../../ui/Button.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { useWords } from '../../words/useWords.tsx';

/** Properties of `CorrectNote`. */
export interface CorrectNoteProps {
  readonly party: Party;
  readonly chart: Chart;
  /** The version that is corrected. */
  readonly record: ChartRecord;
  readonly text: string;
  readonly onCorrected: (content: Uint8Array) => void;
}

/** Corrects a note: the former version stays on the chart behind the new one. */
export function CorrectNote({
  party,
  chart,
  record,
  text,
  onCorrected,
}: CorrectNoteProps): ReactNode {
  const { say } = useWords();
  const [draft, setDraft] = useState<string>();
  const [version, setVersion] = useState(record.version);
  const saving = useRun();
  const save = (corrected: string): void =>
    saving.start(async () => {
      const content = new TextEncoder().encode(corrected);
      const { handle, grant, purpose } = chart;
      const added = await addRecord(party, {
        handle,
        purpose,
        ...(grant && { grant }),
        category: record.category,
        content,
        amends: { ...record, version },
      });
      setVersion(added.version);
      setDraft(undefined);
      onCorrected(content);
      // A report of a mistake about it is answered by that.
      await answerByAmending(party, handle, added);
    });
  if (draft === undefined) {
    return (
      <>
        {version > record.version && <Notice kind="good" title={say('chart.corrected')} />}
        <Button onClick={() => setDraft(text)}>{say('chart.correct')}</Button>
      </>
    );
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (draft.trim() !== '') save(draft);
      }}
    >
      <TextField
        label={say('chart.corrected-text')}
        hint={say('chart.correct-hint')}
        rows={6}
        value={draft}
        onChange={setDraft}
      />
      {saving.error !== undefined && <Failure error={saving.error} />}
      <p className="row">
        <Button kind="main" type="submit" busy={saving.busy}>
          {say('chart.save-correction')}
        </Button>
        <Button onClick={() => setDraft(undefined)}>{say('common.cancel')}</Button>
      </p>
    </form>
  );
}
