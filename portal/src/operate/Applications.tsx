import { useState, type ReactNode } from 'react';
import { portablePrimitives, applicationWords } from '../../../src/client/index.ts';
import type { ApplicationShown } from '../../../src/protocol/operator/OperatorPort.ts';
import { useRun } from '../session/useRun.ts';
import { useTask } from '../session/useTask.ts';
import { Button } from '../ui/Button.tsx';
import { Choices } from '../ui/Choices.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { Hash } from '../ui/Hash.tsx';
import { Notice } from '../ui/Notice.tsx';
import { Page } from '../ui/Page.tsx';
import { TextField } from '../ui/TextField.tsx';
import { Awaiting } from '../ui/Awaiting.tsx';
import { List } from '../ui/List.tsx';
import { useWords } from '../words/useWords.tsx';
import { DeclineApplication } from './DeclineApplication.tsx';
import type { OperateProps } from './OperateProps.ts';

/** Applications that a member of the authority has before it; each is approved as it is shown. */
export function Applications({ operator }: OperateProps): ReactNode {
  const { say } = useWords();
  const listed = useTask(async () => await operator.applications(), [operator]);
  const [heard, setHeard] = useState('');
  const [deciding, setDeciding] = useState<ApplicationShown>();
  const [compared, setCompared] = useState(false);
  const [declining, setDeclining] = useState<ApplicationShown>();
  const [done, setDone] = useState<string>();
  const approving = useRun();
  const all = listed.state === 'done' ? listed.value : [];
  const found = all.filter((each) => wordsOf(each).startsWith(heard.trim().toLowerCase()));
  const decide = (shown: ApplicationShown): void => {
    setDone(undefined);
    setCompared(false);
    setDeciding(shown);
  };
  const approve = ({ member, application }: ApplicationShown): void =>
    approving.start(async () => {
      await operator.approve({ member, application });
      setDone(say('operate.approved', { member }));
      setDeciding(undefined);
      listed.again();
    });
  const close = (): void => {
    if (!approving.busy) setDeciding(undefined);
  };
  return (
    <Page title={say('operate.applications')} lead={say('operate.applications-lead')}>
      {done !== undefined && <Notice kind="good" title={done} />}
      <Awaiting on={listed} what={say('operate.opening')} />
      {listed.state === 'done' && (
        <>
          {all.length > 1 && (
            <TextField
              label={say('operate.heard')}
              value={heard}
              autoCapitalize="none"
              autoComplete="off"
              spellCheck={false}
              onChange={setHeard}
            />
          )}
          <List
            items={found}
            none={say('operate.nobody-waits')}
            keyOf={(each) => `${each.member} ${wordsOf(each)}`}
          >
            {(each) => (
              <>
                <Application shown={each} />
                <p className="row">
                  {['waits', 'declined'].includes(ownStanding(each)) && (
                    <Button kind="main" onClick={() => decide(each)}>
                      {say('operate.approve', { member: each.member })}
                    </Button>
                  )}
                  {ownStanding(each) === 'waits' && (
                    <Button
                      onClick={() => {
                        setDone(undefined);
                        setDeclining(each);
                      }}
                    >
                      {say('operate.decline')}
                    </Button>
                  )}
                </p>
              </>
            )}
          </List>
          <Button onClick={listed.again}>{say('common.refresh')}</Button>
        </>
      )}
      {deciding !== undefined && (
        <Dialog title={say('operate.approve', { member: deciding.member })} onClose={close}>
          <Application shown={deciding} />
          <p>{say('operate.approve-means')}</p>
          <Choices
            legend={say('operate.words')}
            choices={[{ value: 'compared', label: say('operate.compared') }]}
            chosen={compared ? ['compared'] : []}
            onChange={(chosen) => setCompared(chosen.length > 0)}
          />
          <Awaiting on={approving} what={say('operate.signing')} />
          <p className="row">
            <Button
              kind="main"
              busy={approving.busy}
              disabled={!compared}
              onClick={() => approve(deciding)}
            >
              {say('operate.approve-now')}
            </Button>
            <Button onClick={close}>{say('common.cancel')}</Button>
          </p>
        </Dialog>
      )}
      {declining !== undefined && (
        <DeclineApplication
          operator={operator}
          shown={declining}
          onClose={() => setDeclining(undefined)}
          onDeclined={() => {
            setDone(say('operate.declined', { member: declining.member }));
            setDeclining(undefined);
            listed.again();
          }}
        >
          <Application shown={declining} />
        </DeclineApplication>
      )}
    </Page>
  );
}

function Application({ shown }: { readonly shown: ApplicationShown }): ReactNode {
  const { say } = useWords();
  const { application, members, threshold, reason } = shown;
  const { role, organisation, party } = application;
  const count = members.filter(({ stands }) => stands === 'approved' || stands === 'passed').length;
  return (
    <>
      <strong>{say('operate.applies', { role: say(`common.role-${role}`), organisation })}</strong>
      <Hash value={party} />
      <p translate="no">{wordsOf(shown)}</p>
      <p>{say('operate.progress', { count, threshold })}</p>
      <List look="text" items={members} keyOf={(member) => member.organisation}>
        {(member) => `${member.organisation}: ${say(`operate.stands-${member.stands}`)}`}
      </List>
      {reason !== undefined && <p>{say(`me.declined-${reason}`)}</p>}
    </>
  );
}

function wordsOf({ application }: ApplicationShown): string {
  return applicationWords(portablePrimitives, application).join(' ');
}

/** Standing of an application with the member that decides here. */
function ownStanding({ member, members }: ApplicationShown): string {
  return members.find(({ organisation }) => organisation === member)?.stands ?? '';
}
