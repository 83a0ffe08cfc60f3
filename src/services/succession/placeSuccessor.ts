import { readOfficeChanges, readOfficeDelay } from '../../bindings/readOfficeChanges.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { canonicalJson } from '../../protocol/canonicalJson.ts';
import { requireSuccessor } from '../../protocol/countSuccessor.ts';
import { findShapeError } from '../../protocol/findShapeError.ts';
import { fingerprintOf } from '../../protocol/fingerprintOf.ts';
import type { NetworkFile } from '../../protocol/NetworkFile.ts';
import { officeChangesOf } from '../../protocol/officeChangesOf.ts';
import { SUCCESSOR } from '../../protocol/shapes/answerShapes.ts';
import type { PlacedSuccessor, Successor } from '../../protocol/Successor.ts';
import { successorOf } from '../../protocol/successorOf.ts';
import type { AgentContext } from '../agent/AgentContext.ts';
import { carryChanges } from './carryChanges.ts';
import { requireStakes } from './requireStakes.ts';

/**
 * Takes a signed successor of the network file: brings the changes that belong to it to the ledger, and keeps it for
 * the next start of the node, for devices and for others. A repeat gets the same answer. A node that knows a successor
 * takes no other one in its place.
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
  const { primitives, succession, turning } = agent;
  return await turning.run('succession', async () => {
    const { files } = succession;
    const [first] = files;
    const place = given.number - (first?.before ?? []).length;
    const predecessor = files[place - 1];
    if (predecessor === undefined) throw invalid('the file that it follows is unknown here');
    const known = files[place];
    if (known !== undefined) {
      const made = successorOf(primitives, predecessor, given);
      if (canonicalJson(made) !== canonicalJson(known)) {
        throw invalid('another successor of the same file is known here');
      }
      return placed(known);
    }
    const network = requireSuccessor(agent, predecessor, given);
    await requireRules(agent, predecessor, network, given);
    await requireStakes(agent, given);
    await carryChanges(agent, given);
    await succession.add(given);
    return placed(network);
  });

  function placed(network: NetworkFile): PlacedSuccessor {
    const fingerprint = fingerprintOf(primitives, network);
    return { number: given.number, fingerprint, from: given.from };
  }
}

/** Requires that the Registry's offices can be those of the successor when it gets in force. */
async function requireRules(
  { index, ledger, network: { contracts } }: AgentContext,
  predecessor: NetworkFile,
  network: NetworkFile,
  { from, offices }: Successor,
): Promise<void> {
  const changes = officeChangesOf(predecessor, network);
  if (offices.length < changes.length) {
    throw invalid('it lacks the change of an office at the ledger');
  }
  await index.refresh();
  const delay = await readOfficeDelay(ledger, contracts);
  for (const { message } of offices) {
    const { begun, readyAt } = await readOfficeChanges(ledger, contracts, message.office);
    const ready = begun >= message.change ? readyAt : index.moment + delay;
    if (from < ready) {
      throw invalid(`it must not be in force before ${ready}, after the delay of the ledger`);
    }
  }
}

function invalid(reason: string): MedsealError {
  return new MedsealError('SUCCESSOR_INVALID', { reason });
}
