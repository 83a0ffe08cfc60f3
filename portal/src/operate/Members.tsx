import type { ReactNode } from 'react';
import type { OperatorMember, OperatorState } from '../../../src/protocol/operator/OperatorPort.ts';
import { useTask } from '../session/useTask.ts';
import { Awaiting } from '../ui/Awaiting.tsx';
import { Button } from '../ui/Button.tsx';
import { List } from '../ui/List.tsx';
import { Page } from '../ui/Page.tsx';
import { Table } from '../ui/Table.tsx';
import { useWords } from '../words/useWords.tsx';
import { AddedContracts } from './AddedContracts.tsx';
import { ChangedEngine } from './ChangedEngine.tsx';
import { ChangeRound } from './ChangeRound.tsx';
import type { OperateProps } from './OperateProps.ts';

/** The organisations of the network, and the changes of it that are to come or wait for signatures. */
export function Members({ operator, first }: OperateProps): ReactNode {
  const { say, moment, number } = useWords();
  const found = useTask(async () => await operator.state(), [operator]);
  const state = found.state === 'done' ? found.value : first;
  const seats = state.authority?.members ?? [];
  return (
    <Page title={say('operate.members')} lead={say('operate.members-lead')}>
      <Awaiting on={found} what={say('operate.opening')} />
      <Table
        caption={say('operate.members')}
        isTitled
        columns={[
          say('operate.organisation'),
          say('operate.member-since'),
          say('operate.state'),
          say('operate.seat'),
        ]}
        rows={state.members.map((member) => ({
          key: member.organisation,
          cells: [
            member.organisation,
            member.since === undefined ? say('operate.unknown') : moment(member.since),
            <Standing key="state" state={state} member={member} />,
            say(seats.includes(member.organisation) ? 'operate.seat-yes' : 'operate.seat-no'),
          ],
        }))}
      />
      <h2>{say('operate.changes')}</h2>
      <List
        items={state.changes}
        keyOf={(change) => change.number}
        none={say('operate.no-changes')}
      >
        {(change) => (
          <>
            <strong>{say('operate.change', { number: number(change.number) })}</strong>
            <span>{say(`operate.change-${change.stands}`, { from: moment(change.from) })}</span>
            <AddedContracts adds={change.adds ?? []} />
            <ChangedEngine engine={change.engine} />
          </>
        )}
      </List>
      <Button onClick={found.again}>{say('common.refresh')}</Button>
      <ChangeRound operator={operator} />
    </Page>
  );
}

/** Tells whether an organisation is there, is to come or to go, and answers. */
function Standing({
  state: { peers, organisations, changes },
  member: { organisation, since, until },
}: {
  readonly state: OperatorState;
  readonly member: OperatorMember;
}): ReactNode {
  const { say, moment } = useWords();
  const answers = peers[organisation];
  const isComing = changes.some(({ stands, from }) => stands === 'comes' && from === since);
  const lines = [
    ...(isComing ? [say('operate.member-comes')] : []),
    ...(organisations.includes(organisation) ? [say('operate.member-here')] : []),
    ...(answers === undefined ? [] : [say(answers ? 'operate.answers' : 'operate.no-answer')]),
    ...(until === undefined ? [] : [say('operate.member-leaves', { until: moment(until) })]),
  ];
  return lines.length === 0 ? say('operate.unknown') : lines.join(' · ');
}
