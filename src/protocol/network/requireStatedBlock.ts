import { MedsealError } from '../../errors/MedsealError.ts';
import { isAttested } from '../care/isAttested.ts';
import type { BlockFacts } from './BlockFacts.ts';
import type { SigningContext } from '../struct/signing.ts';
import { domainOf } from '../struct/domainOf.ts';
import { canonicalJson } from '../wire/canonicalJson.ts';
import { organisationsBehind } from './networkLookups.ts';
import type { NetworkFile } from './NetworkFile.ts';
import type { BlockStatement } from './Successor.ts';

/**
 * Requires the statements that a successor carries to be those of k coordinators of the file before, of different
 * organisations, on one block of a ledger that validators hold.
 *
 * @param context - Hashes and the curve.
 * @param predecessor - The file before, trusted.
 * @param statements - Of the right shape, not trusted.
 * @returns The block.
 * @throws MedsealError `SUCCESSOR_INVALID`.
 */
export function requireStatedBlock(
  { primitives }: Pick<SigningContext, 'primitives'>,
  predecessor: NetworkFile,
  statements: readonly BlockStatement[],
): BlockFacts {
  if (predecessor.ledger.chain === undefined) {
    throw invalid('it states a block, and no validators hold the ledger');
  }
  const [first] = statements;
  const [channel] = predecessor.channels;
  if (first === undefined || channel === undefined) throw invalid('it states no block');
  const block = first.facts.newest;
  const context = { primitives, domain: domainOf(predecessor) };
  const seats = channel.coordinators.map(({ address }) => address);
  const signers = statements.map((statement) => {
    const { coordinator, attestation, facts } = statement;
    const asked = { nonce: attestation.nonce, ...facts.asked };
    if (!seats.includes(coordinator) || !isAttested(context, statement, asked)) {
      throw invalid(`${coordinator} did not sign the block that it states as a coordinator`);
    }
    if (canonicalJson(facts.newest) !== canonicalJson(block)) {
      throw invalid(`its coordinators signed different blocks, ${block.height} the first of them`);
    }
    return coordinator;
  });
  if (new Set(signers).size < signers.length) throw invalid('a coordinator states a block twice');
  const missing = channel.thresholds.writes - organisationsBehind(channel, signers);
  if (missing > 0) throw invalid(`${missing} more coordinators must sign the block that it states`);
  return block;
}

function invalid(reason: string): MedsealError {
  return new MedsealError('SUCCESSOR_INVALID', { reason });
}
