import type { ReactNode } from 'react';
import type { Address } from '../../../../src/protocol/ids.ts';
import type { Session } from '../../session/Session.ts';
import { useNames } from '../../session/useNames.ts';
import { Notice } from '../../ui/Notice.tsx';
import { useWords } from '../../words/useWords.tsx';

/** Tells of letters that a former key of their sender signed: what they say is not shown. */
export function FormerKeys({
  session,
  senders,
}: {
  readonly session: Session;
  readonly senders: readonly Address[];
}): ReactNode {
  const { say } = useWords();
  const nameOf = useNames(session, senders);
  return [...new Set(senders)].map((sender) => (
    <Notice key={sender} kind="warn" title={say('home.former-key', { who: nameOf(sender) })} />
  ));
}
