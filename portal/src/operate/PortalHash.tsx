import type { ReactNode } from 'react';
import { usePageHash } from '../session/usePageHash.ts';
import { Awaiting } from '../ui/Awaiting.tsx';
import { useWords } from '../words/useWords.tsx';
import { FactList } from '../ui/FactList.tsx';

/** Properties of `PortalHash`. */
export interface PortalHashProps {
  /** The command with which somebody else compares it. */
  readonly command: string;
}

/** The hash that pins the portal, of the page as this browser gets it. */
export function PortalHash({ command }: PortalHashProps): ReactNode {
  const { say } = useWords();
  const hash = usePageHash();
  return (
    <section>
      <h2>{say('operator.portal')}</h2>
      <Awaiting on={hash} what={say('common.loading')} />
      {hash.state === 'done' && (
        <FactList facts={[[say('operator.portal-hash'), <code key="hash">{hash.value}</code>]]} />
      )}
      <p>{say('operator.portal-lead')}</p>
      <p>
        <code>{command}</code>
      </p>
    </section>
  );
}
