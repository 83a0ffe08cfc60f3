import type { ReactNode } from 'react';
import { portablePrimitives } from '../../../../src/client/index.ts';
import { bytesToHex } from '../../../../src/crypto/bytes.ts';
import { useTask } from '../../session/useTask.ts';
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
  const hash = useTask(async () => {
    const page = await fetch(location.href.replace(/[?#].*$/s, ''));
    const content = new Uint8Array(await page.arrayBuffer());
    return bytesToHex(portablePrimitives.sha256(content)).slice(2);
  }, []);
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
