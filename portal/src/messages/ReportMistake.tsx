import type { ReactNode } from 'react';
import {
  reportMistake,
  type Mistake,
  type PairInSet,
  type ReportTopic,
} from '../../../src/client/index.ts';
import type { Acknowledgement } from '../../../src/protocol/evidence/evidence.ts';
import type { Session } from '../session/Session.ts';
import { useDraft } from '../session/useDraft.ts';
import { useWords } from '../words/useWords.tsx';
import { MistakeThread } from './MistakeThread.tsx';

/** A report without a topic says that something is wrong. */
type Topic = Exclude<ReportTopic, 'extension' | 'correction'> | 'mistake';

/** The button that begins a report, and what it asks for. */
const SAYS = {
  mistake: ['mistakes.wrong', 'mistakes.what'],
  question: ['mistakes.ask', 'mistakes.ask-what'],
  renewal: ['mistakes.renew', 'mistakes.renew-what'],
} as const;

/** Properties of `ReportMistake`. */
export interface ReportMistakeProps {
  readonly session: Session;
  /** Entry that is wrong; its author is told. */
  readonly entry: Acknowledgement | (() => Promise<Acknowledgement>);
  /** The entry or record that is wrong, as a name of one draft. */
  readonly about: string;
  /** Proves the one record, if the entry is a view of several; that takes thousands of hashes, so it is called when the report is sent. */
  readonly provePair?: (() => PairInSet | undefined) | undefined;
  /** Name of that author. */
  readonly who: string;
  /** Reports about it that were made before. */
  readonly known: readonly Mistake[];
  readonly onTold: () => void;
  /** The reports that can be made here; that something is wrong if absent. */
  readonly topics?: readonly Topic[];
  /** True where each line of a list has one. */
  readonly quiet?: boolean;
}

/** Says in one step that a record or an entry is wrong, and shows what came of it. */
export function ReportMistake({
  session,
  entry,
  about,
  provePair,
  who,
  known,
  onTold,
  topics = ['mistake'],
  quiet = false,
}: ReportMistakeProps): ReactNode {
  const { say } = useWords();
  const { party } = session;
  const draft = useDraft<{ readonly words: string; readonly topic: Topic }>(
    session,
    `mistake/${about}`,
    { words: '', topic: 'mistake' },
  );
  const { topic } = draft.value;
  return (
    <MistakeThread
      session={session}
      known={known}
      who={who}
      draft={draft}
      label={say(SAYS[topic][1])}
      send={async (words) => {
        const told = typeof entry === 'function' ? await entry() : entry;
        const said = { words, topic: topic === 'mistake' ? undefined : topic };
        await reportMistake(party, { entry: told, pair: provePair?.(), ...said });
      }}
      onChanged={onTold}
      begins={topics.map((each) => say(SAYS[each][0]))}
      quiet={quiet}
      onBegin={(nth) => {
        const chosen = topics[nth];
        if (chosen !== undefined) draft.change({ topic: chosen });
      }}
    />
  );
}
