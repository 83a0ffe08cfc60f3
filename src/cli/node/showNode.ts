import { httpOperator } from '../../client/operator/httpOperator.ts';
import { readOperatorAccess } from '../../node/operator/OperatorCode.ts';
import { reasonText } from '../../protocol/operator/nodeReasons.ts';
import type { OperatorState } from '../../protocol/operator/OperatorPort.ts';
import { describeMoment } from '../describeBody.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import { describeSize } from '../terminal/describeSize.ts';
import { table } from '../terminal/table.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import type { NODE_STATE } from './nodeAnswers.ts';
import { describeIndex } from './describeIndex.ts';
import { readNodeFolder } from './readNodeFolder.ts';
import type { OptionsOf } from '../program/VerbOption.ts';
import type { NODE } from './nodeOptions.ts';

/**
 * Shows how a running node stands, as the page of its operator does.
 *
 * @throws MedsealError `NODE_ABSENT`; `CLOSED` if the node does not run; `PEER_UNREACHABLE`.
 */
export async function showNode(
  _terminal: Terminal,
  { data }: OptionsOf<typeof NODE>,
): Promise<AnswerOf<typeof NODE_STATE>> {
  const { files } = await readNodeFolder(data);
  const { url, code } = await readOperatorAccess(files);
  const state = await httpOperator(url, code).state();
  return { ok: state.ready && !state.disputed, value: state, lines: linesOf(state) };
}

function linesOf(state: OperatorState): readonly string[] {
  const { version, since, organisations, disk, ledger, backup } = state;
  const free = disk.free === undefined ? 'unknown' : describeSize(disk.free);
  const counts = [
    ...countsOf('refused', state.refused),
    ...countsOf('failed in the background', state.failed),
  ];
  return [
    `Node    ${organisations.join(', ')}; version ${version}, since ${describeMoment(since)}`,
    `State   ${state.ready ? 'takes requests' : `waits for ${state.waitingFor.map(reasonText).join('; ')}`}`,
    ...state.notYet.map((each) => `Not yet ${reasonText(each)}`),
    `Ledger  ${ledger?.followed === true ? `followed, block ${ledger.block}, ${ledger.age} s old` : 'does not answer'}`,
    ...describeIndex(state.index),
    ...describeKey(state.blockKey),
    `Disk    ${free} free; ${describeSize(disk.reserve)} kept in reserve`,
    `Backup  ${backup === undefined ? 'none since the start' : describeMoment(backup)}`,
    ...(state.portal === undefined ? [] : [`Portal  ${state.portal}`]),
    ...(state.disputed ? ['Two changes of the network contradict each other.'] : []),
    '',
    ...table(
      ['log', 'at', 'entries', 'behind'],
      state.logs.map(({ at, log, entries, lag }) => [log, at, String(entries), String(lag)]),
    ),
    ...listed(
      ['peer', 'state'],
      Object.entries(state.peers).map(([name, answers]) => [name, answers ? 'answers' : 'silent']),
    ),
    ...listed(
      ['engine of', 'version', 'platform', 'sha256'],
      (state.engines ?? []).map(({ organisation, version, platform, sha256 }) => [
        organisation,
        version,
        platform,
        sha256,
      ]),
    ),
    ...describeUpgrade(state.upgrade),
    ...listed(['since the start', 'code', 'number'], counts),
  ];
}

function describeKey(key: OperatorState['blockKey']): readonly string[] {
  if (key === undefined) return [];
  if (key.place === 'folder') return ['Key     the node’s folder has the key that signs blocks'];
  const stands = {
    connected: 'connected',
    absent: 'not connected',
    other: 'the program that connects has another key, or does not sign for this ledger',
  };
  const says =
    key.signer === undefined ? 'the engine has not said its state yet' : stands[key.signer];
  return [`Key     a remote signer at ${key.address} has the key that signs blocks: ${says}`];
}

function describeUpgrade(upgrade: OperatorState['upgrade']): readonly string[] {
  if (upgrade === undefined) return [];
  const { height, stands, stated = [] } = upgrade;
  const who = stated.length === 0 ? 'nobody' : stated.join(', ');
  const line = {
    pending: `The engine’s upgrade is at block ${height}. That they hold its program state: ${who}.`,
    'in force': `The engine’s upgrade at block ${height} is in force.`,
    lapsed: `The engine’s upgrade at block ${height} lapsed: too few stated before that they hold its program (${who}).`,
  }[stands];
  return ['', line];
}

function countsOf(
  what: string,
  counts: Readonly<Record<string, number>>,
): readonly (readonly string[])[] {
  return Object.entries(counts).map(([code, count]) => [what, code, String(count)]);
}

function listed(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
): readonly string[] {
  return rows.length === 0 ? [] : ['', ...table(headings, rows)];
}
