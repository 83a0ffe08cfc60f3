import type { ReactNode } from 'react';
import { readBlockNumber } from '../../../../src/bindings/readLogs.ts';
import { isMedsealError, portablePrimitives } from '../../../../src/client/index.ts';
import { readCheckpoint } from '../../session/readCheckpoint.ts';
import { useTask } from '../../session/useTask.ts';
import { Hash } from '../../ui/Hash.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Page } from '../../ui/Page.tsx';
import { Table } from '../../ui/Table.tsx';
import { Awaiting } from '../../ui/Awaiting.tsx';
import { useWords } from '../../words/useWords.tsx';
import type { PublicScreenProps } from '../ScreenProps.ts';
import { openLedger } from './openLedger.ts';
import { SearchLedger } from './SearchLedger.tsx';

/** Blocks that are shown at first. */
const NEWEST = 10;

/** Logs and ledger of the network, for anyone: what is on them, and where to look further. */
export function ExplorerScreen({ place }: PublicScreenProps): ReactNode {
  const { say } = useWords();
  return (
    <Page title={say('explorer.title')} lead={say('explorer.lead')}>
      <SearchLedger />
      <h2>{say('explorer.logs')}</h2>
      <Logs place={place} />
      <h2>{say('explorer.ledger')}</h2>
      <Blocks place={place} />
    </Page>
  );
}

function Logs({ place }: PublicScreenProps): ReactNode {
  const { say, number } = useWords();
  const task = useTask(
    async () =>
      await Promise.all(
        place.network.channels
          .flatMap(({ logs }) => logs)
          .map(async ({ name }) => ({
            name,
            read: await readCheckpoint(portablePrimitives, place, name).catch((error: unknown) => {
              if (isMedsealError(error, 'NOT_YET')) return undefined;
              throw error;
            }),
          })),
      ),
    [place],
  );
  if (task.state !== 'done') return <Awaiting on={task} what={say('explorer.reading-logs')} />;
  return (
    <Table
      caption={say('explorer.logs-caption')}
      columns={[
        say('explorer.log'),
        say('explorer.entries'),
        say('explorer.root'),
        say('explorer.signers'),
      ]}
      rows={task.value.map(({ name, read }) => ({
        key: name,
        cells: [
          <a key="log" href={`#/explorer/log/${name}`}>
            {name}
          </a>,
          number(read?.checkpoint.size ?? 0),
          read === undefined ? '–' : <Hash key="root" value={read.checkpoint.root} />,
          number(read?.signers.length ?? 0),
        ],
      }))}
    />
  );
}

function Blocks({ place }: PublicScreenProps): ReactNode {
  const { say, moment, number } = useWords();
  const task = useTask(async () => {
    const ledger = await openLedger(place);
    if (ledger === undefined) return undefined;
    const head = await readBlockNumber(ledger);
    const found = await place.agent.blocks({ from: Math.max(0, head - NEWEST + 1) });
    return found.toReversed();
  }, [place]);
  if (task.state !== 'done') return <Awaiting on={task} what={say('explorer.reading-ledger')} />;
  if (task.value === undefined) return <Notice title={say('explorer.closed')} />;
  return (
    <Table
      caption={say('explorer.newest-blocks')}
      columns={[
        say('explorer.block'),
        say('explorer.time'),
        say('explorer.hash'),
        say('explorer.transactions'),
        say('explorer.events'),
      ]}
      rows={task.value.map(({ number: at, hash, timestamp, transactions, events }) => ({
        key: at,
        cells: [
          <a key="block" href={`#/explorer/block/${at}`}>
            {number(at)}
          </a>,
          moment(timestamp),
          <Hash key="hash" value={hash} />,
          number(transactions.length),
          [...new Set(events.map(({ kind }) => kind))].join(', ') || '–',
        ],
      }))}
    />
  );
}
