import { useEffect, type ReactNode } from 'react';
import type { OperatorState } from '../../../src/protocol/operator/OperatorPort.ts';
import { usePageHash } from '../session/usePageHash.ts';
import { useTask } from '../session/useTask.ts';
import { Button } from '../ui/Button.tsx';
import { FactList } from '../ui/FactList.tsx';
import { Notice } from '../ui/Notice.tsx';
import { Page } from '../ui/Page.tsx';
import { Table } from '../ui/Table.tsx';
import { Awaiting } from '../ui/Awaiting.tsx';
import { sayCode } from '../words/sayCode.ts';
import { useWords, type Words } from '../words/useWords.tsx';
import { PortalHash } from './PortalHash.tsx';
import { sayReason } from './sayReason.ts';
import { alarmsOf } from './alarmsOf.ts';
import { answersByDoor } from './answersByDoor.ts';
import { CourseFigure } from './CourseFigure.tsx';
import type { Course } from './coursesOf.ts';
import type { OperateProps } from './OperateProps.ts';
import trendLook from '../ui/Trend.module.css';

/** Milliseconds between two questions for the state, as long as it is shown. */
const EVERY = 10_000;

/** The state of a node: what needs its operator first, then how it did, then the numbers. */
export function NodeHealth({ operator, samples }: OperateProps): ReactNode {
  const { say } = useWords();
  const state = useTask(async () => {
    const now = await operator.state();
    return { now, courses: samples.add({ at: Date.now(), state: now }) };
  }, [operator, samples]);
  useEffect(() => {
    const timer = setInterval(state.again, EVERY);
    return () => clearInterval(timer);
  }, [state.again]);
  return (
    <Page title={say('operate.health')}>
      <Awaiting on={state} what={say('operate.opening')} />
      {state.state === 'done' && (
        <>
          <Alarms state={state.value.now} />
          <Counts
            caption={say('operate.failed')}
            counts={state.value.now.failed}
            words="operate.failed"
          />
          <Counts caption={say('operate.refused')} counts={state.value.now.refused} words="codes" />
          <Courses courses={state.value.courses} />
          <Numbers state={state.value.now} />
          <Button onClick={state.again}>{say('common.refresh')}</Button>
          <PortalHash command="medseal verify portal https://…/<organisation> …" />
          <SamePortal served={state.value.now.portal} />
        </>
      )}
    </Page>
  );
}

interface OfState {
  readonly state: OperatorState;
}

function Alarms({ state }: OfState): ReactNode {
  const words = useWords();
  return alarmsOf(state).map(({ kind, word, values, reasons }) => {
    const said = reasons && { reasons: reasons.map((each) => sayReason(words, each)).join('; ') };
    return <Notice key={word} kind={kind} title={words.say(word, { ...values, ...said })} />;
  });
}

/** Draws how the node did while its page was open. */
function Courses({ courses }: { readonly courses: readonly Course[] }): ReactNode {
  const { say } = useWords();
  const drawn = courses.filter(({ points }) => points.length > 1);
  return (
    <section>
      <h2>{say('operate.courses')}</h2>
      {drawn.length === 0 && <p>{say('operate.courses-later')}</p>}
      {drawn.length > 0 && (
        <div className={trendLook['trends']}>
          {drawn.map((course) => (
            <CourseFigure key={course.what} course={course} />
          ))}
        </div>
      )}
    </section>
  );
}

function Numbers({ state }: OfState): ReactNode {
  const spoken = useWords();
  const { say, number, moment } = spoken;
  const { disk, backup, vaults } = state;
  const size = (bytes: number | undefined): string =>
    bytes === undefined ? say('operate.unknown') : `${number(Math.round(bytes / 1e8) / 10)} GB`;
  const files = vaults.reduce((sum, each) => sum + each.files, 0);
  const bytes = vaults.reduce((sum, each) => sum + each.bytes, 0);
  const free = { free: size(disk.free), reserve: size(disk.reserve) };
  const peers = Object.entries(state.peers);
  const facts = [
    [say('operate.version'), state.version],
    [say('operate.since'), moment(state.since)],
    [say('operator.network-number'), number(state.network ?? 0)],
    [say('operate.block'), number(state.ledger?.block ?? 0)],
    [say('operate.index'), indexIn(spoken, state)],
    [say('operate.free'), say('operate.free-of', free)],
    [say('operate.stored'), say('operate.stored-of', { files: number(files), size: size(bytes) })],
    [say('operate.backup'), backup === undefined ? say('operate.no-backup') : moment(backup)],
  ] as const;
  return (
    <>
      {peers.length > 0 && (
        <Table
          caption={say('operate.peers')}
          columns={[say('operate.organisation'), say('operate.state')]}
          rows={peers.map(([name, answers]) => ({
            key: name,
            cells: [name, say(answers ? 'operate.answers' : 'operate.no-answer')],
          }))}
        />
      )}
      <Table
        caption={say('operate.logs')}
        columns={[
          say('operator.log'),
          say('operate.at'),
          say('operator.entries'),
          say('operate.lag'),
        ]}
        rows={state.logs.map(({ at, log, entries, lag }) => ({
          key: `${at} ${log}`,
          cells: [log, at, number(entries), number(lag)],
        }))}
      />
      <h2>{say('operate.facts')}</h2>
      <FactList facts={facts} />
      <Answers answered={state.answered} />
      <Counts caption={say('operate.quotas')} counts={state.quotas} words="operate.quota" />
    </>
  );
}

/** Names the organisations whose index of the ledger is the same, with the newest block at which one was compared. */
function indexIn({ say, number }: Words, { index }: OperatorState): string {
  const same = (index?.compared ?? []).filter((each) => each.same);
  if (same.length === 0) return say('operate.index-alone');
  const block = number(Math.max(...same.map((each) => each.block)));
  const names = same.map(({ organisation }) => organisation).join(', ');
  return say('operate.index-same', { names, block });
}

/** Numbers by a name, each in words; a name that has none stands as it is. */
function Counts({
  caption,
  counts,
  words,
}: {
  readonly caption: string;
  readonly counts: Readonly<Record<string, number>>;
  /** Beginning of the keys of their words. */
  readonly words: 'codes' | 'operate.failed' | 'operate.quota';
}): ReactNode {
  const spoken = useWords();
  const { say, sayIfKnown, number } = spoken;
  const rows = Object.entries(counts);
  if (rows.length === 0) return null;
  const inWords = (name: string): ReactNode => {
    const own = words === 'codes' ? undefined : sayIfKnown(`${words}-${name}`);
    if (words === 'operate.quota') return own ?? <code>{name}</code>;
    const known = own ?? sayCode(spoken, name);
    if (known === undefined) return <code>{name}</code>;
    return (
      <>
        {known} <code>{name}</code>
      </>
    );
  };
  return (
    <Table
      caption={caption}
      columns={[say('operate.what'), say('operate.number')]}
      rows={rows.map(([name, count]) => ({ key: name, cells: [inWords(name), number(count)] }))}
    />
  );
}

/** Answers of each door: those that were given, refused, or failed. */
function Answers({ answered }: { readonly answered: OperatorState['answered'] }): ReactNode {
  const { say, sayIfKnown, number } = useWords();
  const rows = answersByDoor(answered);
  if (rows.length === 0) return null;
  return (
    <Table
      caption={say('operate.answered')}
      columns={[
        say('operate.door'),
        say('operate.given'),
        say('operate.turned-away'),
        say('operate.broke'),
      ]}
      rows={rows.map(({ door, given, refused, broke }) => ({
        key: door,
        cells: [
          sayIfKnown(`operate.door-${door}`) ?? door,
          number(given),
          number(refused),
          number(broke),
        ],
      }))}
    />
  );
}

/** Tells whether parties get the same page as this one. */
function SamePortal({ served }: { readonly served: string | undefined }): ReactNode {
  const { say } = useWords();
  const own = usePageHash();
  if (own.state !== 'done') return null;
  if (served === undefined) return <p>{say('operate.not-served')}</p>;
  return <p>{say(served === own.value ? 'operate.same' : 'operate.other')}</p>;
}
