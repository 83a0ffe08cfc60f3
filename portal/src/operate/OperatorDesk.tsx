import { useCallback, useState, type ReactNode } from 'react';
import { Route, Switch, useLocation } from 'wouter';
import { httpOperator } from '../../../src/client/index.ts';
import { MedsealError } from '../../../src/errors/MedsealError.ts';
import { useIdleClock } from '../session/useIdleLock.ts';
import { useRun } from '../session/useRun.ts';
import { Button } from '../ui/Button.tsx';
import { PageFrame } from '../ui/PageFrame.tsx';
import { Page } from '../ui/Page.tsx';
import { TextField } from '../ui/TextField.tsx';
import { Awaiting } from '../ui/Awaiting.tsx';
import { useTitle } from '../ui/useTitle.ts';
import { useWords } from '../words/useWords.tsx';
import { Applications } from './Applications.tsx';
import type { OperateProps } from './OperateProps.ts';
import { Members } from './Members.tsx';
import { NodeHealth } from './NodeHealth.tsx';
import { StateSamples } from './StateSamples.ts';
import { Suspensions } from './Suspensions.tsx';

/** Minutes without the operator after which the page forgets the code. */
const IDLE = 10;
const TABS = [
  ['/', 'operate.health', 'heart-pulse', NodeHealth],
  ['/members', 'operate.members', 'network', Members],
  ['/applications', 'operate.applications', 'users-round', Applications],
  ['/suspensions', 'operate.suspensions', 'circle-alert', Suspensions],
] as const;

/** The page of a node's operator: the state of the node, its network, applications and suspensions. The code stays in memory. */
export function OperatorDesk(): ReactNode {
  const { say } = useWords();
  const [path] = useLocation();
  const [opened, setOpened] = useState<OperateProps>();
  useTitle('screen', say('operate.title'));
  const lock = useCallback((): void => setOpened(undefined), []);
  useIdleClock(opened, async () => await Promise.resolve(IDLE), lock);
  return (
    <PageFrame
      {...(opened !== undefined && { onLock: lock })}
      place={opened?.first.organisations.join(', ')}
      density="work"
      entries={
        opened === undefined
          ? []
          : TABS.map(([to, label, icon]) => ({
              to,
              icon,
              label: say(label),
              isHere: path === to,
            }))
      }
    >
      {opened === undefined ? (
        <EnterCode onOpen={setOpened} />
      ) : (
        <Switch>
          {TABS.map(([to, , , Screen]) => (
            <Route key={to} path={to}>
              <Screen {...opened} />
            </Route>
          ))}
        </Switch>
      )}
    </PageFrame>
  );
}

function EnterCode({ onOpen }: { readonly onOpen: (opened: OperateProps) => void }): ReactNode {
  const { say } = useWords();
  const [code, setCode] = useState('');
  const opening = useRun();
  const open = (): void =>
    opening.start(async () => {
      // Other characters do not fit into a header.
      if (!/^[\w-]+$/.test(code.trim())) throw new MedsealError('OPERATOR_UNKNOWN', {});
      const operator = httpOperator(location.origin, code.trim());
      onOpen({ operator, first: await operator.state(), samples: new StateSamples() });
    });
  return (
    <Page title={say('operate.title')} lead={say('operate.lead')}>
      <p>{say('operate.command')}</p>
      <p>
        <code>{'medseal node page --data <folder>'}</code>
      </p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          open();
        }}
      >
        <TextField
          label={say('operate.code')}
          type="password"
          autoComplete="off"
          value={code}
          onChange={setCode}
        />
        <Awaiting on={opening} what={say('operate.opening')} />
        <p className="row">
          <Button kind="main" type="submit" busy={opening.busy}>
            {say('operate.open')}
          </Button>
        </p>
      </form>
    </Page>
  );
}
