import type { ReactNode } from 'react';
import { extendRight, listGrants, type Mistake } from '../../../../src/client/index.ts';
import { afterReview } from '../../session/Reviewed.ts';
import type { Session } from '../../session/Session.ts';
import { useTask } from '../../session/useTask.ts';
import { Awaiting } from '../../ui/Awaiting.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { SignSheet } from '../../ui/SignSheet.tsx';
import { useWords } from '../../words/useWords.tsx';
import { useTermsInWords } from '../share/useTermsInWords.ts';

const extend = afterReview(extendRight);

/** Properties of `ExtendRight`. */
export interface ExtendRightProps {
  readonly session: Session;
  /** The wish. */
  readonly mistake: Mistake;
  /** Name of whoever asks. */
  readonly who: string;
  readonly onDone: () => void;
}

/** Lets somebody keep a right for longer, as they asked: its words once more, with the end that is wished. */
export function ExtendRight({ session, mistake, who, onDone }: ExtendRightProps): ReactNode {
  const { say, day } = useWords();
  const inWords = useTermsInWords();
  const { party } = session;
  const { id, by, about, until } = mistake;
  const found = useTask(async () => {
    return (await listGrants(party)).find(({ digest }) => digest === about.entry)?.grant;
  }, [party, about.entry]);
  if (found.state !== 'done') return <Awaiting on={found} what={say('share.reading')} />;
  const { value: grant } = found;
  if (grant === undefined || until === undefined) {
    return <Notice title={say('mistakes.right-over')} />;
  }
  return (
    <SignSheet
      session={session}
      wanted={[{ id, until }]}
      others={{ to: [by] }}
      opens={say('mistakes.extend', { until: day(until) })}
      opener="main"
      act={say('share.sign')}
      waits={say('share.sealing')}
      run={async (reviewed) => {
        await extend(party, reviewed);
        onDone();
      }}
    >
      <p>
        <strong>{who}</strong> {inWords({ ...grant.terms, until })}
      </p>
      <p>{say('share.cannot-undo')}</p>
    </SignSheet>
  );
}
