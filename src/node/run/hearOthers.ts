import { seconds } from '../../protocol/Clock.ts';
import { keepHearing, type Hearing } from '../succession/keepHearing.ts';
import type { SuccessorJudge } from '../succession/SuccessorJudge.ts';
import { successorSources } from '../succession/successorSources.ts';
import type { Doors } from './Doors.ts';
import { othersIn } from './othersIn.ts';
import type { RunContext } from './RunContext.ts';

/**
 * Begins to ask other nodes for successors of the network file.
 *
 * @param context - The process.
 * @param doors - Its servers, whose identity it shows.
 * @param judge - Compares successors with the ledger.
 * @returns The asking, which goes on; undefined if no network file is known yet, no other node is there or the process ends.
 */
export function hearOthers(
  { configuration, ports, log, role, known, ended }: RunContext,
  doors: Pick<Doors, 'identity'>,
  judge: SuccessorJudge,
): Hearing | undefined {
  const { succession } = known;
  const { clock, primitives } = ports;
  if (succession === undefined || role.alone || ended.aborted) return undefined;
  return keepHearing({
    succession,
    clock,
    log,
    primitives,
    sources: () =>
      successorSources({
        others: othersIn(succession.inForce(seconds(clock)), role.hosts),
        urls: known.urls,
        identity: doors.identity,
        clock,
        timeout: configuration.peers.timeout,
        signal: ended,
      }),
    confirm: async (successor) => await judge.confirm(successor),
  });
}
