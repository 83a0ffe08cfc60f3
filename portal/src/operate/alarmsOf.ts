import { differingIndexes } from '../../../src/protocol/operator/differingIndexes.ts';
import type { OperatorState } from '../../../src/protocol/operator/OperatorPort.ts';
import type { NodeReason } from '../../../src/protocol/operator/nodeReasons.ts';
import type { NoticeProps } from '../ui/Notice.tsx';
import type { WordKey } from '../words/WordKey.ts';

/** Seconds by which the ledger may be ahead of the node's clock: beyond that nothing is judged. */
const AHEAD = 30;

/** Seconds for which entries of a log may wait for a checkpoint: some come every few seconds. */
const WAITED = 30;

/** Something that an operator has to see first. */
export interface Alarm {
  readonly kind: NonNullable<NoticeProps['kind']>;
  readonly word: WordKey;
  readonly values?: Readonly<Record<string, string | number>>;
  /** Reasons that the words name under `reasons`. */
  readonly reasons?: readonly NodeReason[];
}

const RANK = ['bad', 'warn', 'note', 'good'] as const;

/**
 * Returns what an operator has to see first: what stops the node, then what may, then the rest. Without the first kind it
 * begins with the words that the node takes requests.
 *
 * @param state - The state of the node.
 */
export function alarmsOf(state: OperatorState): readonly Alarm[] {
  const { ready, waitingFor, notYet, disputed, ledger, peers, logs, disk, failed, answered } =
    state;
  const { names: differing, isOurs } = differingIndexes(state.index?.compared ?? []);
  const differs = isOurs ? 'operate.index-differs' : 'operate.index-of-others';
  const silent = Object.keys(peers).filter((name) => peers[name] === false);
  const late = logs.filter(({ own, waited }) => !own || waited > WAITED);
  const lag = late.reduce((sum, each) => sum + each.lag, 0);
  const { age = 0, maxAge = Infinity } = ledger ?? {};
  const { free = Infinity, reserve } = disk;
  const background = sumOf(failed, () => true);
  const broken = sumOf(answered, (name) => / 5\d\d$/.test(name));
  const alarm = (
    isThere: boolean,
    kind: Alarm['kind'],
    word: WordKey,
    values?: Alarm['values'],
  ): readonly Alarm[] => (isThere ? [{ kind, word, ...(values && { values }) }] : []);
  const alarms = [
    ...(ready ? [] : [{ kind: 'bad', word: 'operate.not-ready', reasons: waitingFor } as const]),
    ...alarm(disputed, 'bad', 'operate.disputed'),
    ...alarm(differing.length > 0, 'bad', differs, { names: differing.join(', ') }),
    ...alarm(ledger?.followed === false, 'bad', 'operate.no-ledger'),
    ...alarm((ledger?.ahead ?? 0) > AHEAD, 'bad', 'operate.clock', { seconds: ledger?.ahead ?? 0 }),
    ...alarm(age > maxAge, 'bad', 'operate.stale', { seconds: age }),
    ...alarm(free <= reserve, 'bad', 'operate.disk-full'),
    ...alarm(free > reserve && free <= 2 * reserve, 'warn', 'operate.disk-low'),
    ...(notYet.length === 0
      ? []
      : [{ kind: 'warn', word: 'operate.not-yet', reasons: notYet } as const]),
    ...alarm(silent.length > 0, 'warn', 'operate.silent', { names: silent.join(', ') }),
    ...alarm(broken > 0, 'warn', 'operate.broken', { count: broken }),
    ...alarm(background > 0, 'warn', 'operate.background', { count: background }),
    ...alarm(lag > 0, 'note', 'operate.lagging', { count: lag }),
    ...alarm(ready, 'good', 'operate.ready'),
  ];
  const sorted = alarms.toSorted((one, other) => RANK.indexOf(one.kind) - RANK.indexOf(other.kind));
  return sorted;
}

function sumOf(
  counts: Readonly<Record<string, number>>,
  isMeant: (name: string) => boolean,
): number {
  return Object.entries(counts).reduce(
    (sum, [name, count]) => (isMeant(name) ? sum + count : sum),
    0,
  );
}
