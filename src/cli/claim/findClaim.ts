import type { ClaimKnown } from '../../client/care/claims/knownClaims.ts';
import { foundClaims, requireKnownClaim } from '../../client/care/claims/readClaims.ts';
import { confirmFacts } from '../../client/audit/confirmFacts.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { ClaimFacts } from '../../protocol/care/claims.ts';
import type { Visitor } from '../home/openVisitor.ts';
import { readNamedId, withBeginning } from '../program/withBeginning.ts';

/** A claim that was found, as the ledger has it. */
export interface ClaimFound extends ClaimKnown {
  readonly facts: ClaimFacts;
}

/** Length of a whole digest, with `0x`. */
const WHOLE = 66;

/**
 * Finds a claim of the visitor by the beginning of its digest. Coordinators are asked about the claims that begin so, and
 * about no others.
 *
 * @param visitor - Claimant, patient or insurer.
 * @param id - Four digits or more, with or without `0x`.
 * @throws MedsealError `ARGUMENT_INVALID`, `NOT_FOUND`.
 */
export async function findClaim({ party }: Visitor, id: string): Promise<ClaimFound> {
  const named = readNamedId(id, 'claim');
  const { beginning } = named;
  const known =
    beginning.length === WHOLE
      ? [await requireKnownClaim(party, beginning)]
      : await foundClaims(party);
  const placed: ClaimFound[] = [];
  for (const each of known.filter(({ digest }) => digest.startsWith(beginning))) {
    const { claim: facts } = await confirmFacts(party, { claim: each.digest });
    if (facts !== undefined) placed.push({ ...each, facts });
  }
  const [only] = withBeginning(named, placed, ({ digest }) => digest);
  if (only === undefined) throw new MedsealError('NOT_FOUND', { what: 'claim' });
  return only;
}
