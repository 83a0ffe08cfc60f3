import type { ReactNode } from 'react';
import { usePageHash } from '../../session/usePageHash.ts';
import { Failure } from '../../ui/Failure.tsx';
import { Pending } from '../../ui/Pending.tsx';
import { useWords } from '../../words/useWords.tsx';

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
      {hash.state === 'working' && <Pending what={say('common.loading')} />}
      {hash.state === 'failed' && <Failure error={hash.error} again={hash.again} />}
      {hash.state === 'done' && (
        <dl>
          <div>
            <dt>{say('operator.portal-hash')}</dt>
            <dd>
              <code className="long">{hash.value}</code>
            </dd>
          </div>
        </dl>
      )}
      <p>{say('operator.portal-lead')}</p>
      <p>
        <code className="long">{command}</code>
      </p>
    </section>
  );
}
