import type { SignedTally } from './evidence.ts';
import { succeeds } from '../wire/succeeds.ts';
import type { Address } from '../ids.ts';
import { organisationsBehind } from '../network/networkLookups.ts';
import type { Channel } from '../network/NetworkFile.ts';
import type { Tally } from '../struct/requests.ts';
import { signerOf, type SigningContext } from '../struct/signing.ts';

/** Coordinators' answer to a question about a patient's entries. */
export interface TallyAnswer {
  /** Count that at least k different organisations state. */
  readonly agreed?: Pick<Tally, 'count' | 'last'>;
  /** Largest number of organisations that state the same. */
  readonly alike: number;
  /** Number of organisations that answered. */
  readonly answered: number;
  /** Coordinators that state another count than the k. */
  readonly others: readonly Address[];
}

/**
 * Finds what k coordinators of different organisations counted alike. Invalid answers, and answers to another question,
 * do not count.
 *
 * @param context - Domain and primitives.
 * @param channel - Channel whose coordinators count.
 * @param asked - The question: nonce, log, handle, size.
 * @param tallies - Tallies that a node passed on, not trusted.
 */
export function agreedTally(
  context: SigningContext,
  channel: Channel,
  asked: Omit<Tally, 'count' | 'last'>,
  tallies: readonly SignedTally[],
): TallyAnswer {
  const said = new Map<string, { readonly tally: Tally; readonly by: Address[] }>();
  const signers: Address[] = [];
  for (const signed of tallies) {
    if (!succeeds(() => isAnswer(context, asked, signed))) continue;
    const { tally, coordinator } = signed;
    const alike = said.get(`${tally.count} ${tally.last}`) ?? { tally, by: [] };
    alike.by.push(coordinator);
    signers.push(coordinator);
    said.set(`${tally.count} ${tally.last}`, alike);
  }
  const answered = organisationsBehind(channel, signers);
  const counted = [...said.values()].map((each) => {
    return { ...each, organisations: organisationsBehind(channel, each.by) };
  });
  const alike = Math.max(0, ...counted.map(({ organisations }) => organisations));
  const agreed = counted.find(({ organisations }) => organisations >= channel.thresholds.writes);
  if (agreed === undefined) return { alike, answered, others: [] };
  const { count, last } = agreed.tally;
  const others = signers.filter((signer) => !agreed.by.includes(signer));
  return { agreed: { count, last }, alike, answered, others };
}

function isAnswer(
  context: SigningContext,
  asked: Omit<Tally, 'count' | 'last'>,
  { tally, coordinator, signature }: SignedTally,
): boolean {
  return (
    tally.nonce === asked.nonce &&
    tally.log === asked.log &&
    tally.handle === asked.handle &&
    tally.size === asked.size &&
    signerOf(context, 'Tally', tally, signature) === coordinator
  );
}
