import { useMemo, type ReactNode } from 'react';
import { faultsOf, untoldRecords, type Audit } from '../../../../src/client/index.ts';
import { visibleText } from '../../../../src/errors/visibleText.ts';
import { Button } from '../../ui/Button.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { List } from '../../ui/List.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { ProofMark, type ProofMarkProps } from '../../ui/ProofMark.tsx';
import { useWords } from '../../words/useWords.tsx';
import classes from './Evidence.module.css';

/** Properties of `AuditNotice`. */
export interface AuditNoticeProps {
  readonly audit: Pick<Audit, 'logs'>;
  /** Audits again. */
  readonly again: () => void;
  /** Whose it is and how far it is proven, if what is shown may be older than this moment. */
  readonly asOf?: Pick<ProofMarkProps, 'session' | 'proof'>;
}

/** Says if a list is complete and proven, and of how many records no node told that they were viewed. */
export function AuditNotice({ audit, again, asOf }: AuditNoticeProps): ReactNode {
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
        <>
          <Notice kind="bad" title={say('evidence.faults', { count: faults.length })}>
            <Sentences list={faults} />
          </Notice>
          {asOf && <ProofMark {...asOf} isComplete={false} />}
        </>
      ) : isComplete ? (
        <Complete logs={logs} asOf={asOf} />
      ) : (
        <>
          <Notice kind="warn" title={say('evidence.incomplete')} />
          {asOf && <ProofMark {...asOf} isComplete={false} />}
        </>
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

/** One mark that opens to what was checked. */
function Complete({
  logs,
  asOf,
}: Pick<Audit, 'logs'> & { readonly asOf: AuditNoticeProps['asOf'] | undefined }): ReactNode {
  const { say } = useWords();
  if (asOf !== undefined) {
    return (
      <ProofMark {...asOf} isComplete>
        <Checked logs={logs} />
      </ProofMark>
    );
  }
  return (
    <details className={classes['checked']}>
      <summary>
        <Icon name="shield-check" />
        {say('evidence.complete')}
        <Icon name="chevron-down" />
      </summary>
      <Checked logs={logs} />
    </details>
  );
}

function Checked({ logs }: Pick<Audit, 'logs'>): ReactNode {
  const { say } = useWords();
  const count = logs.reduce((sum, { events }) => sum + events.length, 0);
  return (
    <Sentences
      list={[
        say('evidence.checked', { count }),
        ...logs.map(({ log, checkpoint }) =>
          say('evidence.up-to', { log, size: checkpoint?.size ?? 0 }),
        ),
      ]}
    />
  );
}

function Sentences({ list }: { readonly list: readonly string[] }): ReactNode {
  return (
    <List look="text" items={list} keyOf={(each) => each}>
      {(each) => visibleText(each)}
    </List>
  );
}
