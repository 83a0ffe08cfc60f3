import { MedsealError } from '../../errors/MedsealError.ts';
import { seconds } from '../../protocol/Clock.ts';
import { findShapeError } from '../../protocol/wire/findShapeError.ts';
import { fingerprintOf } from '../../protocol/network/fingerprintOf.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { SUCCESSOR } from '../../protocol/shapes/answerShapes.ts';
import type { PlacedSuccessor, Successor } from '../../protocol/network/Successor.ts';
import type { AgentContext } from './AgentContext.ts';
import { carryChanges } from '../succession/carryChanges.ts';
import { requireCreated } from '../succession/requireCreated.ts';
import { requireStakes } from '../succession/requireStakes.ts';
import { findPlace } from '../succession/findPlace.ts';
import { requireRules } from '../succession/requireRules.ts';

/**
 * Takes a signed successor of the network file: brings the changes that belong to it to the ledger, and keeps it for
 * the moment from which it holds, for devices and for others. A repeat gets the same answer. A node that knows a successor
 * takes no other one in its place; if the other one is signed too, it keeps both as proof.
 *
 * @param agent - The agent's context.
 * @param given - Not trusted.
 * @throws MedsealError `REQUEST_MALFORMED`; `SUCCESSOR_INVALID`, `NETWORK_FILE_INVALID`; `RULE_REFUSED` with the
 * contract's reason.
 */
export async function placeSuccessor(
  agent: AgentContext,
  given: Successor,
): Promise<PlacedSuccessor> {
  const misfit = findShapeError(SUCCESSOR, given, 'the successor');
  if (misfit !== undefined) throw new MedsealError('REQUEST_MALFORMED', { what: misfit });
  const { primitives, succession, clock } = agent;
  return await succession.placing(async () => {
    const at = seconds(clock);
    const found = findPlace({ primitives }, succession, given, at);
    if (found.kind === 'known') return placed(found.network);
    if (found.kind === 'fork') {
      await succession.keepFork(given, at);
      const reason = 'another successor of the same file is known here';
      throw new MedsealError('SUCCESSOR_INVALID', { reason });
    }
    await requireRules(agent, given);
    await requireStakes(agent, given);
    await requireCreated(agent, given);
    await carryChanges(agent, given);
    await succession.add(given);
    return placed(found.network);
  });

  function placed(network: NetworkFile): PlacedSuccessor {
    const fingerprint = fingerprintOf(primitives, network);
    return { number: given.number, fingerprint, from: given.from };
  }
}
