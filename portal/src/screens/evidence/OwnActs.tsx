import { useState, type ReactNode } from 'react';
import {
  chainBlocks,
  examineActs,
  keepChain,
  type Audit,
  type AuditEvent,
  type ChainBlock,
} from '../../../../src/client/index.ts';
import { visibleText } from '../../../../src/errors/visibleText.ts';
import { formatEvidenceFile } from '../../../../src/protocol/evidence/parseEvidenceFile.ts';
import { readPeople } from '../../session/people.ts';
import type { Session } from '../../session/Session.ts';
import { useTask } from '../../session/useTask.ts';
import { Button } from '../../ui/Button.tsx';
import { FactList } from '../../ui/FactList.tsx';
import { Hash } from '../../ui/Hash.tsx';
import { Page } from '../../ui/Page.tsx';
import { saveFile } from '../../ui/saveFile.ts';
import { Awaiting } from '../../ui/Awaiting.tsx';
import { useWords } from '../../words/useWords.tsx';
import type { ScreenProps } from '../ScreenProps.ts';
import { AuditNotice } from './AuditNotice.tsx';
import { EventLine } from './EventLine.tsx';
import { EventList } from './EventList.tsx';
import { useEventInWords } from './useEventInWords.ts';

/** Blocks that are shown at first; more come by a button. */
const SHOWN = 5;

/** The person's own chain: all that the person signed, block by block, each safe or not. */
export function OwnActs({ session }: ScreenProps): ReactNode {
  const { say } = useWords();
  const [count, setCount] = useState(SHOWN);
  const found = useTask(async () => await findActs(session), [session]);
  if (found.state !== 'done') return <Awaiting on={found} what={say('evidence.reading')} />;
  const { acts, blocks, names } = found.value;
  const save = (): void => {
    const chain = keepChain(session.party, acts, blocks);
    saveFile('chain.json', formatEvidenceFile(chain), 'application/json');
  };
  const newest = blocks.toReversed();
  return (
    <Page title={say('acts.title')} lead={say('acts.lead')}>
      <AuditNotice audit={acts} again={found.again} />
      <div className="row">
        <Button onClick={found.again}>{say('common.refresh')}</Button>
        <Button onClick={save}>{say('acts.save')}</Button>
      </div>
      {newest.slice(0, count).map((block) => (
        <Block key={block.header.number} block={block} names={names} />
      ))}
      {newest.length > count && (
        <Button onClick={() => setCount(count + SHOWN)}>
          {say('chart.show-more', { count: newest.length - count })}
        </Button>
      )}
    </Page>
  );
}

interface BlockProps {
  readonly block: ChainBlock;
  /** Names of the patients whom the person knows, by handle. */
  readonly names: ReadonlyMap<string, string>;
}

function Block({ block: { header, events, faults }, names }: BlockProps): ReactNode {
  const { say, moment } = useWords();
  const inWords = useEventInWords();
  const isSafe = faults.length === 0;
  const told = ({ body }: AuditEvent): string => {
    if (body === undefined) return say('evidence.not-proven');
    const text = inWords(say('common.you'), body);
    const name = names.get(body.request.message.handle);
    return name === undefined ? text : say('acts.on', { text, name: visibleText(name) });
  };
  return (
    <section>
      <h2>
        {say('acts.block', { number: header.number })}{' '}
        {isSafe ? `✓ ${say('acts.safe')}` : `✗ ${say('acts.unsafe')}`}
      </h2>
      <EventList events={events.toReversed()}>
        {(event) => (
          <EventLine
            event={event}
            text={told(event)}
            when={event.body === undefined ? '' : moment(event.body.at)}
          />
        )}
      </EventList>
      <FactList
        isStacked
        facts={[
          [say('acts.hash'), <Hash key="hash" value={header.hash} />],
          [say('acts.before'), <Hash key="before" value={header.previousHash} />],
        ]}
      />
    </section>
  );
}

async function findActs({ party }: Session): Promise<{
  readonly acts: Audit;
  readonly blocks: readonly ChainBlock[];
  readonly names: ReadonlyMap<string, string>;
}> {
  const acts = await examineActs(party);
  const blocks = await chainBlocks(party.primitives, acts);
  const people = await readPeople(party);
  const names = people.flatMap(({ handle, name }) => (handle ? [[handle, name] as const] : []));
  return { acts, blocks, names: new Map(names) };
}
