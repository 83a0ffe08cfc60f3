import type { ClaimFacts } from '../../../protocol/care/claims.ts';
import { ZERO32, type Bytes32 } from '../../../protocol/ids.ts';
import { confirmFacts } from '../../audit/confirmFacts.ts';
import type { Party } from '../../party/Party.ts';

/** Another claim for the same treatment, as the ledger has it: of whom it is, only its own parties know. */
export interface ClaimBeside {
  readonly digest: Bytes32;
  readonly facts: ClaimFacts;
  /** True if it was made later. */
  readonly isLater: boolean;
}

/** Claims for one treatment that are looked up, before and after one. */
const MOST = 16;

/**
 * Lists the other claims for the treatment of a claim, the oldest first: so an insurer sees what others were asked and paid,
 * before and after it. It follows them to the 16 nearest in each direction.
 *
 * @param party - Any party.
 * @param facts - The claim as the ledger has it.
 * @throws MedsealError `KEY_UNAUTHENTIC`, `VERDICTS_MISSING`.
 * @example
 * ```ts
 * for (const { facts } of await claimsBeside(insurer, await confirmClaim(insurer, digest))) {
 *   console.log(`${facts.insurer}: ${facts.approved} of a bill of ${facts.total}`);
 * }
 * ```
 */
export async function claimsBeside(
  party: Party,
  facts: Pick<ClaimFacts, 'follows' | 'followedBy'>,
): Promise<readonly ClaimBeside[]> {
  const earlier = await along(party, facts, ({ follows }) => follows);
  const later = await along(party, facts, ({ followedBy = ZERO32 }) => followedBy);
  return [
    ...earlier.map((each) => ({ ...each, isLater: false })).toReversed(),
    ...later.map((each) => ({ ...each, isLater: true })),
  ];
}

async function along(
  party: Party,
  from: Pick<ClaimFacts, 'follows' | 'followedBy'>,
  next: (facts: Pick<ClaimFacts, 'follows' | 'followedBy'>) => Bytes32,
): Promise<readonly Omit<ClaimBeside, 'isLater'>[]> {
  const found: Omit<ClaimBeside, 'isLater'>[] = [];
  for (let digest = next(from); digest !== ZERO32 && found.length < MOST;) {
    const { claim: facts } = await confirmFacts(party, { claim: digest });
    if (facts === undefined) break;
    found.push({ digest, facts });
    digest = next(facts);
  }
  return found;
}
