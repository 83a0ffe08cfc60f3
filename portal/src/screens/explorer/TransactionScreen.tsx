import type { ReactNode } from 'react';
import { useParams } from 'wouter';
import type { CallValue } from '../../../../src/bindings/readCall.ts';
import { MedsealError } from '../../../../src/errors/MedsealError.ts';
import { visibleText } from '../../../../src/errors/visibleText.ts';
import { useTask } from '../../session/useTask.ts';
import { FactList } from '../../ui/FactList.tsx';
import { Hash } from '../../ui/Hash.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Page } from '../../ui/Page.tsx';
import { Awaiting } from '../../ui/Awaiting.tsx';
import { useWords } from '../../words/useWords.tsx';
import type { PublicScreenProps } from '../ScreenProps.ts';
import { EventTable } from './EventTable.tsx';
import { openLedger } from './openLedger.ts';
import { readSeenTransaction } from './readLedger.ts';
import { NamedValues } from './NamedValues.tsx';
import { ButtonLink } from '../../ui/ButtonLink.tsx';

/** A transaction of the ledger: the call, decoded by the contract's ABI, and its events. */
export function TransactionScreen({ place }: PublicScreenProps): ReactNode {
  const { say, number } = useWords();
  const { hash } = useParams<{ hash: string }>();
  const task = useTask(async () => {
    const ledger = await openLedger(place);
    if (ledger === undefined) return undefined;
    const found = await readSeenTransaction(ledger, hash);
    if (found === undefined) throw new MedsealError('NOT_FOUND', { what: 'transaction' });
    return found;
  }, [place, hash]);
  if (task.state !== 'done') return <Awaiting on={task} what={say('explorer.reading-ledger')} />;
  if (task.value === undefined) {
    return (
      <Page title={say('explorer.transaction')}>
        <Notice title={say('explorer.closed')} />
      </Page>
    );
  }
  const { transaction, succeeded, gasUsed, events } = task.value;
  const { call, block, from, to, size } = transaction;
  return (
    <Page title={say('explorer.transaction')}>
      <Notice
        kind={succeeded ? 'good' : 'bad'}
        title={say(succeeded ? 'explorer.succeeded' : 'explorer.reverted')}
      />
      <FactList
        facts={[
          [say('explorer.hash'), <Hash key="hash" value={transaction.hash} />],
          [
            say('explorer.block'),
            <a key="block" href={`#/explorer/block/${block}`}>
              {number(block)}
            </a>,
          ],
          [say('explorer.from'), <Hash key="from" value={from} to={`/explorer/find/${from}`} />],
          [say('explorer.to'), to === undefined ? '–' : <Hash key="to" value={to} />],
          [say('explorer.gas'), number(gasUsed)],
        ]}
      />
      <h2>{say('explorer.call')}</h2>
      {call === undefined ? (
        <p>{say(to === undefined ? 'explorer.creates' : 'explorer.other-call', { size })}</p>
      ) : (
        <>
          <p>
            <code>
              {call.contract}.{call.name}
            </code>
          </p>
          <NamedValues
            values={call.values.map(({ name, value }) => [
              name,
              <CalledWith key={name} value={value} />,
            ])}
          />
        </>
      )}
      <EventTable events={events} />
      <p className="row">
        <ButtonLink href="/explorer">{say('explorer.title')}</ButtonLink>
      </p>
    </Page>
  );
}

function CalledWith({ value }: { readonly value: CallValue }): ReactNode {
  if (typeof value !== 'object') return <Hash value={visibleText(String(value))} />;
  const fields = Object.entries(value);
  return (
    <NamedValues
      values={fields.map(([name, each]) => [name, <CalledWith key={name} value={each} />])}
    />
  );
}
