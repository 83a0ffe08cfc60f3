import { useState, type ReactNode } from 'react';
import {
  answerObjection,
  disagreeWithAnswer,
  listCorrections,
  newestOfEach,
  rightFor,
  type Chart,
  type Correction,
} from '../../../src/client/index.ts';
import type { RecordId } from '../../../src/protocol/ids.ts';
import type { Session } from '../session/Session.ts';
import { useDraft } from '../session/useDraft.ts';
import { useRun } from '../session/useRun.ts';
import { useTask } from '../session/useTask.ts';
import { Awaiting } from '../ui/Awaiting.tsx';
import { Button } from '../ui/Button.tsx';
import { List } from '../ui/List.tsx';
import { useWords } from '../words/useWords.tsx';
import { MistakeWords } from './MistakeWords.tsx';
import cardLook from '../ui/Card.module.css';

/** Properties of `Corrections`. */
export interface CorrectionsProps {
  readonly session: Session;
  readonly chart: Chart;
  /** The record whose objections are shown to the patient; absent for those that wait for the reader, its author. */
  readonly record?: RecordId;
  /** Called once something was said. */
  readonly onChanged: () => void;
}

/** Objections with the date by which each is to be answered, and the form for the next word: the author's answer, or the patient's to that. */
export function Corrections({ session, chart, record, onChanged }: CorrectionsProps): ReactNode {
  const { party } = session;
  const found = useTask(async () => {
    const all = await listCorrections(party, chart);
    return all.filter(({ objection: { about }, state }) => {
      if (record !== undefined) return about === record && state !== 'withdrawn';
      const isOwn = chart.records.some((each) => {
        return each.record === about && each.begunBy === party.address;
      });
      return isOwn && (state === 'open' || state === 'overdue');
    });
  }, [party, chart, record]);
  if (found.state !== 'done') return <Awaiting on={found} />;
  return (
    <List items={found.value} keyOf={({ objection }) => objection.record} look="own">
      {(each) => (
        <OneCorrection {...{ session, chart, onChanged }} isOwn={record !== undefined} of={each} />
      )}
    </List>
  );
}

function OneCorrection({
  session,
  chart,
  of: { objection, state, due, statement },
  isOwn,
  onChanged,
}: Omit<CorrectionsProps, 'record'> & {
  readonly of: Correction;
  /** True for the patient who objects. */
  readonly isOwn: boolean;
}): ReactNode {
  const { say, moment } = useWords();
  const { party } = session;
  const draft = useDraft(session, `correction/${objection.record}`, { words: '' });
  const [open, setOpen] = useState(draft.kept !== undefined);
  const sending = useRun();
  const { about, category, at } = objection;
  const send = (words: string, version?: number): void =>
    sending.start(async () => {
      if (isOwn) await disagreeWithAnswer(party, chart, { objection, words });
      else {
        const { handle } = chart;
        const right = await rightFor(party, { handle, action: 'add', category, record: about });
        const by = right?.covers === true ? { ...chart, grant: right.grant } : chart;
        await answerObjection(party, by, { objection, words, version });
      }
      setOpen(false);
      await draft.drop();
      onChanged();
    });
  const newest = newestOfEach(chart.records).find((each) => each.record === about);
  const isAmended = newest !== undefined && newest.version > 1 && newest.at >= at;
  const waits = state === 'open' || state === 'overdue';
  const says = isOwn ? 'dispute' : 'refuse';
  return (
    <div className={cardLook['card']}>
      {waits && <strong>{say(`mistakes.${state}`, { when: moment(due) })}</strong>}
      {!waits && <span className="by">{say('mistakes.is-answered')}</span>}
      {!open && (
        <p className="row">
          {!isOwn && isAmended && (
            <Button busy={sending.busy} onClick={() => send('', newest.version)}>
              {say('mistakes.corrects', { version: newest.version })}
            </Button>
          )}
          {isOwn !== waits && statement === undefined && (
            <Button onClick={() => setOpen(true)}>{say(`mistakes.${says}`)}</Button>
          )}
        </p>
      )}
      {open && (
        <MistakeWords
          draft={draft}
          label={say(`mistakes.${says}-words`)}
          hint={say('records.object-hint')}
          send={say('records.object-send')}
          busy={sending.busy}
          onSend={send}
          onCancel={() => {
            setOpen(false);
            void draft.drop();
          }}
        />
      )}
      <Awaiting on={sending} />
    </div>
  );
}
