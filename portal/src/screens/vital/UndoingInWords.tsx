import type { ReactNode } from 'react';
import { visibleText } from '../../../../src/errors/visibleText.ts';
import type { UndoVital } from '../../../../src/protocol/care/vitalRecords.ts';
import { readPeople } from '../../session/people.ts';
import type { Session } from '../../session/Session.ts';
import { useNames } from '../../session/useNames.ts';
import { useTask } from '../../session/useTask.ts';
import { useWords } from '../../words/useWords.tsx';

/** Properties of `UndoingInWords`. */
export interface UndoingInWordsProps {
  readonly session: Session;
  /** The undoing that is signed. */
  readonly message: UndoVital;
}

/** Puts the undoing of a birth or a death into words, for both who sign it: all that it says. */
export function UndoingInWords({ session, message }: UndoingInWordsProps): ReactNode {
  const { say, moment } = useWords();
  const { what, handle, step, report, first, second, deadline, terms } = message;
  const nameOf = useNames(session, [first, second]);
  const people = useTask(async () => await readPeople(session.party), [session.party]);
  const known = people.state === 'done' ? people.value : [];
  const patient = known.find((each) => each.handle === handle)?.name ?? `${handle.slice(0, 10)}…`;
  return (
    <>
      <p>{say(`vital.agree-words-${what}`, { who: visibleText(patient), first: nameOf(first) })}</p>
      <p>{visibleText(terms.reason)}</p>
      <p>{say('vital.evidence-content', { content: terms.content })}</p>
      <p>{say('vital.undone-report', { report, step })}</p>
      <p>{say('vital.undone-with', { second: nameOf(second), until: moment(deadline) })}</p>
    </>
  );
}
