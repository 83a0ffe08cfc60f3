import type { ReactNode } from 'react';
import type { RuleEvent } from '../../../../src/bindings/RuleEvent.ts';
import { organisationName } from '../../../../src/protocol/network/networkLookups.ts';
import { Hash } from '../../ui/Hash.tsx';
import { Table } from '../../ui/Table.tsx';
import { useWords } from '../../words/useWords.tsx';
import { NamedValues } from './NamedValues.tsx';

/** Fields of an event that say where it is, not what. */
const PLACE = new Set(['kind', 'contract', 'block', 'transaction', 'logIndex']);

/** Properties of `EventTable`. */
export interface EventTableProps {
  readonly events: readonly RuleEvent[];
}

/** Events that are shown at once. */
export const MOST_EVENTS = 200;

/** Events of the network's contracts, with their fields: the first ones, if there are many. */
export function EventTable({ events }: EventTableProps): ReactNode {
  const { say, number } = useWords();
  if (events.length === 0) return <p>{say('explorer.no-events')}</p>;
  const table = (
    <Table
      caption={say('explorer.events')}
      columns={[
        say('explorer.event'),
        say('explorer.fields'),
        say('explorer.block'),
        say('explorer.transaction'),
      ]}
      rows={events.slice(0, MOST_EVENTS).map((event) => ({
        key: `${event.block}.${event.logIndex}`,
        cells: [
          event.kind,
          <Fields key="fields" event={event} />,
          <a key="block" href={`#/explorer/block/${event.block}`}>
            {number(event.block)}
          </a>,
          <Hash
            key="transaction"
            value={event.transaction}
            to={`/explorer/tx/${event.transaction}`}
          />,
        ],
      }))}
    />
  );
  return (
    <>
      {table}
      {events.length > MOST_EVENTS && <p>{say('explorer.most', { count: MOST_EVENTS })}</p>}
    </>
  );
}

function Fields({ event }: { readonly event: RuleEvent }): ReactNode {
  const fields = Object.entries(event).filter(([name]) => !PLACE.has(name));
  return (
    <NamedValues
      values={fields.map(([name, value]) => [
        name,
        name === 'organisation' ? (
          organisationName(value as `0x${string}`)
        ) : (
          <Hash key={name} value={String(value)} />
        ),
      ])}
    />
  );
}
