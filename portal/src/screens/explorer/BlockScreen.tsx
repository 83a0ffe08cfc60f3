import type { ReactNode } from 'react';
import { useParams } from 'wouter';
import { MedsealError } from '../../../../src/errors/MedsealError.ts';
import { useTask } from '../../session/useTask.ts';
import { FactList } from '../../ui/FactList.tsx';
import { Hash } from '../../ui/Hash.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Page } from '../../ui/Page.tsx';
import { Table } from '../../ui/Table.tsx';
import { Awaiting } from '../../ui/Awaiting.tsx';
import { useWords } from '../../words/useWords.tsx';
import type { PublicScreenProps } from '../ScreenProps.ts';
import { EventTable } from './EventTable.tsx';
import { openLedger } from './openLedger.ts';
import { readSeenBlock } from './readLedger.ts';
import { ButtonLink } from '../../ui/ButtonLink.tsx';

/** A block of the ledger: its header, its transactions decoded, and the contracts' events. */
export function BlockScreen({ place }: PublicScreenProps): ReactNode {
  const { say, moment, number } = useWords();
  const { block } = useParams<{ block: string }>();
  const task = useTask(async () => {
    const ledger = await openLedger(place);
    if (ledger === undefined) return undefined;
    const wanted = /^\d{1,12}$/.test(block) ? Number(block) : block;
    const found = await readSeenBlock(ledger, place.network, wanted);
    if (found === undefined) throw new MedsealError('NOT_FOUND', { what: 'block' });
    return found;
  }, [place, block]);
  if (task.state !== 'done') return <Awaiting on={task} what={say('explorer.reading-ledger')} />;
  const seen = task.value;
  if (seen === undefined) {
    return (
      <Page title={say('explorer.block')}>
        <Notice title={say('explorer.closed')} />
      </Page>
    );
  }
  return (
    <Page title={`${say('explorer.block')} ${number(seen.number)}`}>
      <FactList
        facts={[
          [say('explorer.time'), moment(seen.timestamp)],
          [say('explorer.hash'), <Hash key="hash" value={seen.hash} />],
          [
            say('explorer.previous'),
            <Hash
              key="previous"
              value={seen.parent}
              {...(seen.number > 0 && { to: `/explorer/block/${seen.number - 1}` })}
            />,
          ],
          [say('explorer.state-root'), <Hash key="state" value={seen.stateRoot} />],
        ]}
      />
      {seen.transactions.length === 0 ? (
        <p>{say('explorer.no-transactions')}</p>
      ) : (
        <Table
          caption={say('explorer.transactions')}
          columns={[say('explorer.transaction'), say('explorer.call'), say('explorer.from')]}
          rows={seen.transactions.map(({ hash, call, to, from, size }) => ({
            key: hash,
            cells: [
              <Hash key="hash" value={hash} to={`/explorer/tx/${hash}`} />,
              call === undefined
                ? say(to === undefined ? 'explorer.creates' : 'explorer.other-call', { size })
                : `${call.contract}.${call.name}`,
              <Hash key="from" value={from} to={`/explorer/find/${from}`} />,
            ],
          }))}
        />
      )}
      <EventTable events={seen.events} />
      <p className="row">
        {seen.number > 0 && (
          <ButtonLink href={`/explorer/block/${seen.number - 1}`}>
            {say('explorer.block-before')}
          </ButtonLink>
        )}
        <ButtonLink href={`/explorer/block/${seen.number + 1}`}>
          {say('explorer.block-after')}
        </ButtonLink>
        <ButtonLink href="/explorer">{say('explorer.title')}</ButtonLink>
      </p>
    </Page>
  );
}
