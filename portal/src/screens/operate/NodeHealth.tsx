import { useEffect, type ReactNode } from 'react';
import type { OperatorState } from '../../../../src/protocol/operator/OperatorPort.ts';
import { usePageHash } from '../../session/usePageHash.ts';
import { useTask } from '../../session/useTask.ts';
import { Button } from '../../ui/Button.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Page } from '../../ui/Page.tsx';
import { Pending } from '../../ui/Pending.tsx';
import { Table } from '../../ui/Table.tsx';
import { useWords } from '../../words/useWords.tsx';
import { PortalHash } from '../operator/PortalHash.tsx';
import type { DeskProps } from './DeskProps.ts';

/** Milliseconds between two questions for the state, as long as it is shown. */
const EVERY = 10_000;

/** The state of a node: what needs its operator first, then the numbers. */
export function NodeHealth({ operator }: DeskProps): ReactNode {
  const { say } = useWords();
  const state = useTask(async () => await operator.state(), [operator]);
  useEffect(() => {
    const timer = setInterval(state.again, EVERY);
    return () => clearInterval(timer);
  }, [state.again]);
  return (
    <Page title={say('operate.health')}>
      {state.state === 'working' && <Pending what={say('operate.opening')} />}
      {state.state === 'failed' && <Failure error={state.error} again={state.again} />}
      {state.state === 'done' && (
        <>
          <Verdict state={state.value} />
          <Numbers state={state.value} />
          <Button onClick={state.again}>{say('common.refresh')}</Button>
          <PortalHash command="medseal verify portal https://…/<organisation> …" />
          <SamePortal served={state.value.portal} />
        </>
      )}
    </Page>
  );
}

interface OfState {
  readonly state: OperatorState;
}

function Verdict({ state }: OfState): ReactNode {
  const { say, number } = useWords();
  const { ready, waitingFor, notYet, disputed, ledger, peers, logs } = state;
  const silent = Object.keys(peers).filter((name) => peers[name] === false);
  const lag = logs.reduce((sum, each) => sum + each.lag, 0);
  return (
    <>
      {ready ? (
        <Notice kind="good" title={say('operate.ready')} />
      ) : (
        <Notice kind="bad" title={say('operate.not-ready', { reasons: waitingFor.join('; ') })} />
      )}
      {notYet.length > 0 && (
        <Notice kind="warn" title={say('operate.not-yet', { reasons: notYet.join('; ') })} />
      )}
      {disputed && <Notice kind="bad" title={say('operate.disputed')} />}
      {ledger?.followed === false && <Notice kind="bad" title={say('operate.no-ledger')} />}
      {silent.length > 0 && (
        <Notice kind="warn" title={say('operate.silent', { names: silent.join(', ') })} />
      )}
      {lag > 0 && <Notice title={say('operate.lagging', { count: number(lag) })} />}
    </>
  );
}

function Numbers({ state }: OfState): ReactNode {
  const { say, number, moment } = useWords();
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
      <dl>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <Counts caption={say('operate.refused')} counts={state.refused} />
      <Counts caption={say('operate.failed')} counts={state.failed} />
      <Counts caption={say('operate.answered')} counts={state.answered} />
      <Counts caption={say('operate.quotas')} counts={state.quotas} setting="quotas" />
    </>
  );
}

function Counts({
  caption,
  counts,
  setting,
}: {
  readonly caption: string;
  readonly counts: Readonly<Record<string, number>>;
  /** Group of the settings that they are, if they are settings. */
  readonly setting?: string;
}): ReactNode {
  const { say, number } = useWords();
  const rows = Object.entries(counts);
  if (rows.length === 0) return null;
  return (
    <Table
      caption={caption}
      columns={[say('operate.what'), say('operate.number')]}
      rows={rows.map(([name, count]) => ({
        key: name,
        cells: [setting === undefined ? name : `${setting}.${name}`, number(count)],
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
