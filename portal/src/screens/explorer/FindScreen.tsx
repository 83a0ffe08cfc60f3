import { useState, type ReactNode } from 'react';
import { useParams } from 'wouter';
import type { RuleEvent } from '../../../../src/bindings/RuleEvent.ts';
import { useTask } from '../../session/useTask.ts';
import { Notice } from '../../ui/Notice.tsx';
import { Page } from '../../ui/Page.tsx';
import { Awaiting } from '../../ui/Awaiting.tsx';
import { useWords } from '../../words/useWords.tsx';
import type { PublicScreenProps } from '../ScreenProps.ts';
import { EventTable, MOST_EVENTS } from './EventTable.tsx';
import { openLedger } from './openLedger.ts';
import { findEvents, readSeenBlock, readSeenTransaction } from './readLedger.ts';
import { SearchLedger } from './SearchLedger.tsx';
import { ButtonLink } from '../../ui/ButtonLink.tsx';

interface Found {
  /** Path of the block or transaction that has this hash. */
  readonly path?: string;
  readonly events: readonly RuleEvent[];
}

/** Everything on the ledger that names an address, a handle, a digest or another hash. */
export function FindScreen({ place }: PublicScreenProps): ReactNode {
  const { say } = useWords();
  const { hex } = useParams<{ hex: string }>();
  const [part, setPart] = useState(0);
  const task = useTask(async (): Promise<Found | undefined> => {
    setPart(0);
    const ledger = await openLedger(place);
    if (ledger === undefined) return undefined;
    if (hex.length === 66) {
      const block = await readSeenBlock(ledger, place.network, hex);
      if (block !== undefined) {
        return { path: `/explorer/block/${block.number}`, events: block.events };
      }
      const outcome = await readSeenTransaction(ledger, hex);
      if (outcome !== undefined) return { path: `/explorer/tx/${hex}`, events: outcome.events };
    }
    const events = await findEvents(ledger, place.network, hex, {
      most: MOST_EVENTS,
      onPart: setPart,
    });
    return { events };
  }, [place, hex]);
  if (task.state !== 'done')
    return <Awaiting on={task} what={say('explorer.searching')} done={part} />;
  const found = task.value;
  return (
    <Page title={say('explorer.found')} lead={<code>{hex}</code>}>
      {found === undefined ? (
        <Notice title={say('explorer.closed')} />
      ) : (
        <>
          {found.path !== undefined && (
            <p>
              <ButtonLink kind="main" href={found.path}>
                {say(found.path.includes('/tx/') ? 'explorer.is-transaction' : 'explorer.is-block')}
              </ButtonLink>
            </p>
          )}
          {found.events.length === 0 && found.path === undefined ? (
            <Notice title={say('explorer.nothing')} />
          ) : (
            <EventTable events={found.events} />
          )}
          {found.events.length === MOST_EVENTS && (
            <p>{say('explorer.most', { count: MOST_EVENTS })}</p>
          )}
        </>
      )}
      <SearchLedger />
    </Page>
  );
}
