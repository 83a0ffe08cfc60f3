import { useMemo, type ReactNode } from 'react';
import { faultsOf, untoldRecords, type Audit } from '../../../../src/client/index.ts';
import { visibleText } from '../../../../src/errors/visibleText.ts';
import { Button } from '../../ui/Button.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { useWords } from '../../words/useWords.tsx';

/** Properties of `AuditNotice`. */
export interface AuditNoticeProps {
  readonly audit: Pick<Audit, 'logs'>;
  /** Audits again. */
  readonly again: () => void;
}

/** Says if a list is complete and proven, and of how many records no node told that they were viewed. */
export function AuditNotice({ audit, again }: AuditNoticeProps): ReactNode {
  const { say } = useWords();
  const { logs } = audit;
  const faults = faultsOf(audit);
  const isComplete = logs.every((log) => log.complete);
  const untold = useMemo(
    () => logs.flatMap((log) => log.events).reduce((sum, event) => sum + untoldRecords(event), 0),
    [logs],
  );
  const unchecked = logs.flatMap((log) =>
    log.complete ? [] : log.unchecked.map((what) => `${log.log}: ${what}`),
  );
  return (
    <>
      {faults.length > 0 ? (
        <Notice kind="bad" title={say('evidence.faults', { count: faults.length })}>
          <Sentences list={faults} />
        </Notice>
      ) : (
        <Notice
          kind={isComplete ? 'good' : 'warn'}
          title={say(isComplete ? 'evidence.complete' : 'evidence.incomplete')}
        />
      )}
      {untold > 0 && (
        <Notice kind="warn" title={say('evidence.untold-in-all', { count: untold })}>
          <details>
            <summary>{say('common.details')}</summary>
            <Sentences list={unchecked} />
          </details>
          <Button onClick={again}>{say('common.again')}</Button>
        </Notice>
      )}
    </>
  );
}

function Sentences({ list }: { readonly list: readonly string[] }): ReactNode {
  return (
    <ul>
      {list.map((each) => (
        <li key={each}>{visibleText(each)}</li>
      ))}
    </ul>
  );
}
