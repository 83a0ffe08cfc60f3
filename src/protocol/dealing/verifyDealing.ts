import type { Primitives } from '../../crypto/Primitives.ts';
import { canonicalHash } from '../wire/canonicalHash.ts';
import { domainOf } from '../struct/domainOf.ts';
import type { Bytes32, Organisation } from '../ids.ts';
import type { NetworkFile } from '../network/NetworkFile.ts';
import type { ShareDeal } from '../struct/requests.ts';
import type { SigningContext } from '../struct/signing.ts';
import { isPartSigned } from './isPartSigned.ts';
import type { Dealing } from './Dealing.ts';
import type { DealingState } from './DealingState.ts';
import { planDealing, type DealingPlan } from './planDealing.ts';
import { recipientPart } from './recipientPart.ts';
import { dealInvalid, requireOnce, requireSigned, verifyDeals } from './verifyDeals.ts';

/**
 * Verifies all that organisations have given to a change that deals shares, and joins the deals once there are enough.
 *
 * @param context - Hashes and the curve.
 * @param predecessor - The file before, trusted.
 * @param dealing - The change; its shape is right, nothing else is trusted.
 * @throws MedsealError `DEAL_INVALID` with the organisation; `SUCCESSOR_INVALID` if the change can deal nothing so.
 */
export function verifyDealing(
  { primitives }: Pick<SigningContext, 'primitives'>,
  predecessor: NetworkFile,
  dealing: Dealing,
): DealingState {
  const plan = planDealing(primitives, predecessor, dealing);
  const context = { primitives, domain: domainOf(predecessor) };
  const names = plan.members.map(({ organisation }) => organisation);
  for (const { organisation, recipient, signature, former } of dealing.recipients) {
    if (!names.includes(organisation)) throw dealInvalid(organisation, 'it gets no share');
    requireOnce(dealing.recipients, organisation);
    const part = recipientPart(primitives, plan, recipient);
    requireSigned(context, plan, organisation, part, signature);
    requireFormer(context, plan, organisation, part, former);
  }
  const given = new Set(dealing.recipients.map(({ organisation }) => organisation));
  const silent = names.filter((name) => !given.has(name));
  const round = silent.length > 0 ? undefined : roundOf(primitives, plan, dealing.recipients);
  const [first] = dealing.deals;
  if (round === undefined) {
    if (first === undefined) return { plan, silent, round, keys: [], releases: undefined };
    throw dealInvalid(first.organisation, 'it dealt before all had given their recipients');
  }
  return { plan, silent, round, ...verifyDeals(context, { plan, round }, dealing.deals) };
}

function roundOf(
  { sha256 }: Pick<Primitives, 'sha256'>,
  { ceremony, members }: DealingPlan,
  recipients: Dealing['recipients'],
): Bytes32 {
  const given = new Map(recipients.map(({ organisation, recipient }) => [organisation, recipient]));
  const all = members.map(({ organisation, index }) => {
    return { organisation, index, recipient: given.get(organisation) ?? '' };
  });
  const round = { format: 'medseal-deals/2', ceremony, recipients: all };
  return canonicalHash({ sha256 }, round);
}

/** An organisation that the change gives another key gives its recipient with the one that is known too. */
function requireFormer(
  context: SigningContext,
  plan: DealingPlan,
  organisation: Organisation,
  part: ShareDeal,
  former: Dealing['recipients'][number]['former'],
): void {
  const signer = plan.formerOf(organisation);
  if (signer === undefined) return;
  if (isPartSigned(context, part, former, signer)) return;
  const reason =
    'the key that its coordinator has now did not sign this recipient: change a lost key first, and deal then';
  throw dealInvalid(organisation, reason);
}
