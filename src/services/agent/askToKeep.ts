import { fromProblem } from '../../errors/fromProblem.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { toMedsealError } from '../../errors/toMedsealError.ts';
import type { Organisation } from '../../protocol/ids.ts';
import { logOf } from '../../protocol/network/networkLookups.ts';
import type { ContributorPort, RefusedItem } from '../ports.ts';
import { askQuorum } from '../quorum/askQuorum.ts';
import { fulfilled } from '../quorum/fulfilled.ts';
import type { AgentContext } from './AgentContext.ts';

/** An organisation's answer to deposits that it was asked to keep. */
export interface KeepAnswer<Said> {
  /** Those that it does not keep; it keeps all others. */
  readonly refused: readonly RefusedItem[];
  readonly said: Said;
}

/** Deposits after every organisation was asked to keep them. */
export interface AskedToKeep<Said> {
  /** Answers of the organisations, in the order of the network. */
  readonly said: readonly Said[];
  /** For each deposit that too few organisations keep, by its place, the reason. */
  readonly failed: ReadonlyMap<number, MedsealError>;
}

/**
 * Asks every organisation's contributor, side by side, to keep deposits: this one's own in any case, and of the others
 * so many that a quorum for writes keeps each deposit. One that is late copies them from the others.
 *
 * @param agent - The agent's context.
 * @param count - Number of deposits.
 * @param ask - Asks one of them for all.
 * @returns Reasons `STATE_STALE`, `EPOCH_STALE`, `QUOTA_SPENT` and `CHART_FROZEN` if an organisation gave that; else `PEER_UNREACHABLE`, which names
 * those that do not keep the deposit.
 */
export async function askToKeep<Said>(
  agent: AgentContext,
  count: number,
  ask: (contributor: ContributorPort) => Promise<KeepAnswer<Said>>,
): Promise<AskedToKeep<Said>> {
  const { contributors, network, organisation } = agent;
  const { channel } = logOf(network, agent.log.identity.name);
  const needed = channel.thresholds.writes;
  const own = contributors.get(organisation);
  let ownWaits = own !== undefined;
  const places = Array.from({ length: count }, (_, place) => place);
  const answers = await askQuorum(agent, contributors.values(), {
    ask: async (contributor): Promise<Answered<Said>> => {
      const name = agent.circuits.of(contributor)?.peer ?? organisation;
      try {
        const { refused, said } = await ask(contributor);
        const reasons = new Map(refused.map(({ index, problem }) => [index, fromProblem(problem)]));
        return { name, reasons, said };
      } finally {
        if (contributor === own) ownWaits = false;
      }
    },
    least: needed,
    isDecided: (given, left) =>
      !ownWaits &&
      places.every((place) => {
        const done = keepersOf(place, given).size;
        return done >= needed || done + left < needed;
      }),
  });
  const failed = new Map<number, MedsealError>();
  for (const place of places) {
    const keepers = keepersOf(place, answers);
    if (keepers.size >= needed) continue;
    const others = [...contributors.keys()].filter((name) => !keepers.has(name));
    failed.set(place, unkept(others, reasonsAgainst(place, answers)));
  }
  return { said: fulfilled(answers).map(({ said }) => said), failed };
}

/** An organisation's answer, with its name. */
interface Answered<Said> {
  readonly name: Organisation;
  /** Reasons for which it does not keep some, by place. */
  readonly reasons: ReadonlyMap<number, MedsealError>;
  readonly said: Said;
}

type Answers = readonly PromiseSettledResult<Answered<unknown>>[];

function keepersOf(place: number, answers: Answers): ReadonlySet<Organisation> {
  const keepers = fulfilled(answers).filter(({ reasons }) => !reasons.has(place));
  return new Set(keepers.map(({ name }) => name));
}

/** Reasons for which a deposit is not kept, in the order of the answers. */
function reasonsAgainst(place: number, answers: Answers): readonly MedsealError[] {
  return answers.flatMap((answer) => {
    if (answer.status === 'rejected') return [toMedsealError(answer.reason)];
    return answer.value.reasons.get(place) ?? [];
  });
}

/** Reasons of an organisation that a device can act on. */
const HELPFUL = ['STATE_STALE', 'EPOCH_STALE', 'QUOTA_SPENT', 'CHART_FROZEN'] as const;

/** The reason for which a deposit is not kept. */
function unkept(names: readonly Organisation[], causes: readonly MedsealError[]): MedsealError {
  const [cause] = causes;
  const helpful = causes.find((each) => HELPFUL.some((code) => isMedsealError(each, code)));
  return helpful ?? new MedsealError('PEER_UNREACHABLE', { peer: names.join(', ') }, { cause });
}
