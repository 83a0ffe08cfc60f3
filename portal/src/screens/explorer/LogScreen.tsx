import { useState, type ReactNode } from 'react';
import { useParams } from 'wouter';
import { portablePrimitives, type ExaminedLog } from '../../../../src/client/index.ts';
import { visibleText } from '../../../../src/errors/visibleText.ts';
import type { LogEntry } from '../../../../src/protocol/evidence/evidence.ts';
import type { LogBatch } from '../../../../src/protocol/evidence/LogBatch.ts';
import { readCheckpoint } from '../../session/readCheckpoint.ts';
import { useRun } from '../../session/useRun.ts';
import { useTask } from '../../session/useTask.ts';
import { BlockTable } from '../../ui/BlockTable.tsx';
import { Button } from '../../ui/Button.tsx';
import { FactList } from '../../ui/FactList.tsx';
import { Hash } from '../../ui/Hash.tsx';
import { List } from '../../ui/List.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Page } from '../../ui/Page.tsx';
import { Table } from '../../ui/Table.tsx';
import { Awaiting } from '../../ui/Awaiting.tsx';
import { unturned } from '../../words/readingOrder.ts';
import { useWords } from '../../words/useWords.tsx';
import type { PublicScreenProps } from '../ScreenProps.ts';
import { checkBatches, type CheckedBatch } from './checkBatches.ts';
import { examineHere } from './examineHere.ts';

/** Entries that are shown at once. */
const SHOWN = 20;
/** Most pages of batches that are read, each of some hundred: a longer log is shown from its beginning. */
const MOST_PAGES = 64;

/** A log: its newest checkpoint, its batches and entries, and an examination of it here and now. */
export function LogScreen({ place }: PublicScreenProps): ReactNode {
  const { say, number } = useWords();
  const { channel, organisation } = useParams<{
    channel: string;
    organisation: string;
  }>();
  const log = `${channel}/${organisation}`;
  const [examined, setExamined] = useState<ExaminedLog>();
  const [part, setPart] = useState<number>();
  const run = useRun();
  const task = useTask(async () => {
    const { agent } = place;
    const read = await readCheckpoint(portablePrimitives, place, log);
    const { size } = read.checkpoint;
    const batches: LogBatch[] = [];
    for (let pages = 0; pages < MOST_PAGES; pages++) {
      const page = await agent.batches({ log, from: batches.length });
      batches.push(...page);
      if (page.length === 0) break;
    }
    const entries: LogEntry[] = [];
    while (entries.length < size) {
      const page = await agent.entries({ log, from: entries.length });
      entries.push(...page);
      if (page.length === 0) break;
    }
    const covered = entries.slice(0, size);
    const checked = checkBatches(portablePrimitives, read.checkpoint, batches, covered);
    return { ...read, checked, entries: covered };
  }, [place, log]);
  if (task.state !== 'done') return <Awaiting on={task} what={say('explorer.reading-logs')} />;
  const { checkpoint, signers, checked, entries } = task.value;
  const examine = (): void =>
    run.start(async () => {
      setExamined(undefined);
      setPart(0);
      setExamined(await examineHere(place, log, setPart));
    });
  return (
    <Page title={`${say('explorer.log')} ${visibleText(log)}`} lead={say('explorer.log-lead')}>
      <FactList
        facts={[
          [say('explorer.entries'), number(checkpoint.size)],
          [say('explorer.root'), <Hash key="root" value={checkpoint.root} />],
          [
            say('explorer.signers'),
            signers.map((coordinator) => <Hash key={coordinator} value={coordinator} />),
          ],
        ]}
      />
      <Button kind="main" busy={run.busy} onClick={examine}>
        {say('explorer.examine')}
      </Button>
      <Awaiting on={run} what={say('explorer.examining')} done={part} again={examine} />
      {examined !== undefined && <Examined found={examined} />}
      <h2>{say('explorer.batches')}</h2>
      <p>{say('explorer.batches-lead')}</p>
      <Batches checked={checked} />
      <h2>{say('explorer.entries')}</h2>
      <Entries log={log} entries={entries} />
    </Page>
  );
}

function Examined({ found }: { readonly found: ExaminedLog }): ReactNode {
  const { say } = useWords();
  const { faults, unchecked, entries, checkpoints, witnesses, root } = found;
  const isSafe = faults.length === 0;
  return (
    <>
      <Notice kind={isSafe ? 'good' : 'bad'} title={say(isSafe ? 'verify.safe' : 'verify.unsafe')}>
        <List look="text" items={faults} keyOf={(fault) => fault}>
          {(fault) => visibleText(fault)}
        </List>
        {!isSafe && <p>{say('explorer.unsafe-advice')}</p>}
      </Notice>
      <List
        look="checks"
        items={[
          say('explorer.examined-entries', { entries, root: `${root.slice(0, 10)}…` }),
          say('explorer.examined-checkpoints', { count: checkpoints }),
          witnesses.length === 0
            ? say('explorer.examined-alone')
            : say('explorer.examined-with', { names: witnesses.join(', ') }),
          ...unchecked.map((what) => visibleText(what)),
        ]}
        keyOf={(text) => text}
      >
        {(text) => text}
      </List>
    </>
  );
}

function Batches({ checked }: { readonly checked: readonly CheckedBatch[] }): ReactNode {
  const { say, locale } = useWords();
  const [count, setCount] = useState(SHOWN);
  const newest = checked.toReversed();
  const wrong = checked.filter(({ faults = [] }) => faults.length > 0);
  return (
    <>
      {wrong.map(({ batch, faults }) => (
        <Notice
          key={batch.header.number}
          kind="bad"
          title={`${say('verify.unsafe')} · ${batch.header.number}`}
        >
          {faults?.map((fault) => (
            <p key={fault}>{say(fault)}</p>
          ))}
        </Notice>
      ))}
      <BlockTable
        caption={say('explorer.batches-caption')}
        blocks={newest.slice(0, count).map(({ batch: { header, from, to }, faults }) => ({
          header,
          entries: to - from === 1 ? `${from}` : unturned(`${from}–${to - 1}`, locale),
          ...(faults && { safe: faults.length === 0 }),
        }))}
      />
      {newest.length > count && (
        <Button onClick={() => setCount(count + SHOWN)}>{say('explorer.more')}</Button>
      )}
    </>
  );
}

function Entries({
  log,
  entries,
}: {
  readonly log: string;
  readonly entries: readonly LogEntry[];
}): ReactNode {
  const { say, number } = useWords();
  const [count, setCount] = useState(SHOWN);
  // The place in the list was checked, a number in an entry was not.
  const newest = entries.map(({ entry }, index) => ({ index, entry })).toReversed();
  return (
    <>
      <Table
        caption={say('explorer.entries-caption')}
        columns={[say('explorer.number'), say('explorer.entry')]}
        rows={newest.slice(0, count).map(({ index, entry }) => ({
          key: index,
          cells: [
            <a key="entry" href={`#/explorer/log/${log}/${index}`}>
              {number(index)}
            </a>,
            <Hash key="hash" value={entry} />,
          ],
        }))}
      />
      {newest.length > count && (
        <Button onClick={() => setCount(count + SHOWN)}>{say('explorer.more')}</Button>
      )}
    </>
  );
}
