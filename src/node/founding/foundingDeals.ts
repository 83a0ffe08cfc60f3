import { MedsealError } from '../../errors/MedsealError.ts';
import type { NodePorts } from '../../folder/NodePorts.ts';
import type { GivenDeal } from '../../protocol/dealing/Dealing.ts';
import { FOUNDING } from '../../protocol/dealing/foundersRecipient.ts';
import { isPartSigned } from '../../protocol/dealing/isPartSigned.ts';
import { makeDeal } from '../../protocol/dealing/giveDeal.ts';
import { dealersOf, planFounding } from '../../protocol/dealing/planFounding.ts';
import { takeShares } from '../../protocol/dealing/takeShares.ts';
import { setPart, verifyDeals } from '../../protocol/dealing/verifyDeals.ts';
import type { DealingState } from '../../protocol/dealing/DealingState.ts';
import { domainOf } from '../../protocol/struct/domainOf.ts';
import type { Hex } from '../../protocol/ids.ts';
import type { NetworkFile, ReleaseKey } from '../../protocol/network/NetworkFile.ts';
import { sign } from '../../protocol/struct/signing.ts';
import { lackingParts } from '../dealing/lackingParts.ts';
import type { OrganisationHome } from '../NodeFolder.ts';
import type { IdentityFile } from './identityFiles.ts';
import { TERMS_NAME, type FoundingTermsFile } from './termsFiles.ts';

/** An organisation that deals. */
type Dealer = Pick<OrganisationHome, 'organisation' | 'keys' | 'shares'>;
type Ports = Pick<NodePorts, 'primitives' | 'random' | 'cipher'>;

/** Deals of a network's first release key, as far as they have come; each was verified. */
type FoundingState = Pick<DealingState, 'plan' | 'keys' | 'releases'>;

/**
 * Verifies deals of the first release key of a network that is founded by files, and joins them once enough are there.
 *
 * @param ports - Hashes and the curve.
 * @param terms - Its terms, which follow from the identity files.
 * @param deals - The deals; their shape is right, nothing else is trusted.
 * @param needed - Number of deals to join; all that are there, and a quorum of dealers at least, if absent.
 * @throws MedsealError `DEAL_INVALID` with the organisation whose deal does not hold.
 */
export function foundingDeals(
  { primitives }: Pick<NodePorts, 'primitives'>,
  terms: NetworkFile,
  deals: readonly GivenDeal[],
  needed: number = Math.max(dealersOf(terms), deals.length),
): FoundingState {
  const plan = planFounding(terms, needed);
  const context = { primitives, domain: domainOf(terms) };
  return { plan, ...verifyDeals(context, { plan, round: terms.networkId }, deals) };
}

/**
 * Returns the release key that deals make.
 *
 * @param ports - Hashes and the curve.
 * @param terms - The terms of the network.
 * @param deals - The deals.
 * @throws MedsealError as `foundingDeals`; `DEALS_MISSING` with the organisations that have yet to deal.
 */
export function dealtRelease(
  ports: Pick<NodePorts, 'primitives'>,
  terms: NetworkFile,
  deals: readonly GivenDeal[],
): ReleaseKey {
  const { keys, releases: [release] = [] } = foundingDeals(ports, terms, deals);
  if (release !== undefined) return release;
  throw new MedsealError('DEALS_MISSING', {
    missing: lackingParts({ silent: [], keys }).join('; '),
  });
}

/**
 * Signs the set of deals that a founder joined, for those who take the network file.
 *
 * @param ports - Hashes and the curve.
 * @param founder - The founder.
 * @param terms - The terms of the network.
 * @param deals - The deals.
 */
export function signSet(
  { primitives }: Pick<Ports, 'primitives'>,
  { keys: { coordinator: key } }: Pick<Dealer, 'keys'>,
  terms: NetworkFile,
  deals: readonly GivenDeal[],
): Hex {
  const part = setPart(primitives, terms.networkId, deals);
  return sign({ primitives, domain: domainOf(terms) }, key, 'ShareDeal', part).signature;
}

/**
 * Requires the founder of a network to have signed the set of deals: any other set that is large enough would make another key.
 *
 * @param ports - Hashes and the curve.
 * @param given - Terms and deals; not trusted.
 * @throws MedsealError `CEREMONY_INVALID`.
 */
export function requireSet(
  { primitives }: Pick<Ports, 'primitives'>,
  { network: terms, deals, set }: FoundingTermsFile,
): void {
  const founder = planFounding(terms, 0).signerOf(terms.founders?.[0]?.organisation ?? '');
  const part = setPart(primitives, terms.networkId, deals);
  const context = { primitives, domain: domainOf(terms) };
  if (isPartSigned(context, part, set, founder)) return;
  const reason = 'its founder did not sign this set of deals';
  throw new MedsealError('CEREMONY_INVALID', { file: TERMS_NAME, reason });
}

/**
 * Makes an organisation's deal for a network that is founded by files.
 *
 * @param ports - Hashes, the curve, randomness, cipher.
 * @param dealer - The organisation.
 * @param terms - The terms of the network.
 * @param identities - The identity files; each has a recipient.
 */
export async function dealForFounding(
  { primitives, random, cipher }: Ports,
  { organisation, keys: { coordinator: key } }: Dealer,
  terms: NetworkFile,
  identities: readonly IdentityFile[],
): Promise<GivenDeal> {
  const { plan, keys } = foundingDeals({ primitives }, terms, []);
  const recipients = new Map(
    identities.map(({ organisation: member, share }) => [member, share?.recipient ?? '']),
  );
  const context = { primitives, random, cipher, domain: domainOf(terms) };
  const state = { plan, keys, round: terms.networkId, recipients };
  return await makeDeal(context, state, { organisation, key, shares: new Map() });
}

/**
 * Opens what was dealt to an organisation, and verifies each part by its dealer's commitments. Nothing is written.
 *
 * @param ports - Hashes, the curve, cipher.
 * @param member - The organisation.
 * @param terms - The terms of the network.
 * @param deals - Deals, as many as are there.
 * @returns Its share of the key that these deals make together.
 * @throws MedsealError `DEAL_INVALID` with the dealer whose share does not hold, or with the organisation if the identity of its
 * recipient is not in this folder.
 */
export async function openFoundingShare(
  { primitives, cipher }: Pick<Ports, 'primitives' | 'cipher'>,
  { organisation, shares }: Dealer,
  terms: NetworkFile,
  deals: readonly GivenDeal[],
): Promise<Uint8Array> {
  const state = foundingDeals({ primitives }, terms, deals, deals.length);
  const identity = await shares.identity(FOUNDING);
  if (identity === undefined) {
    const reason = 'its recipient was not made in this folder';
    throw new MedsealError('DEAL_INVALID', { organisation, reason });
  }
  const member = { organisation, identity };
  const [taken] = await takeShares({ group: primitives.group }, state, { deals }, member, cipher);
  if (taken !== undefined) return taken.secret;
  throw new MedsealError('CEREMONY_INVALID', {
    file: TERMS_NAME,
    reason: 'it gives no share here',
  });
}

/**
 * Keeps the share that an organisation gets by deals, unless it has it already.
 *
 * @param ports - Hashes, the curve, cipher.
 * @param member - The organisation.
 * @param terms - The terms of the network.
 * @param dealt - The deals, and the release key that they make.
 * @throws MedsealError as `openFoundingShare`.
 */
export async function keepFoundingShare(
  ports: Pick<Ports, 'primitives' | 'cipher'>,
  member: Dealer,
  terms: NetworkFile,
  { release, deals }: { readonly release: ReleaseKey; readonly deals: readonly GivenDeal[] },
): Promise<void> {
  const { organisation, shares } = member;
  const own = release.shares.find((share) => share.organisation === organisation);
  if (own === undefined || (await shares.read(own.key)) !== undefined) return;
  await shares.write(own.key, await openFoundingShare(ports, member, terms, deals));
}
