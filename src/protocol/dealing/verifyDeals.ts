import { bytesToHex, hexToBytes, utf8ToBytes } from '../../crypto/bytes.ts';
import { encodeFields } from '../../crypto/encodeFields.ts';
import type { Primitives } from '../../crypto/Primitives.ts';
import type { Ceremony, Deal } from '../../crypto/threshold/Deal.ts';
import type { GroupPort } from '../../crypto/threshold/GroupPort.ts';
import { isDeal, termsAt } from '../../crypto/threshold/isDeal.ts';
import { joinDeals } from '../../crypto/threshold/joinDeals.ts';
import type { ThresholdKey } from '../../crypto/threshold/thresholdKey.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { canonicalHash } from '../wire/canonicalHash.ts';
import { canonicalJson } from '../wire/canonicalJson.ts';
import type { Bytes32, Organisation } from '../ids.ts';
import type { ReleaseKey } from '../network/NetworkFile.ts';
import type { ShareDeal } from '../struct/requests.ts';
import { unlessMalformed } from '../wire/unlessMalformed.ts';
import type { SigningContext } from '../struct/signing.ts';
import type { GivenDeal, KeyDeal } from './Dealing.ts';
import type { DealingState, KeyWithDeals } from './DealingState.ts';
import { isPartSigned } from './isPartSigned.ts';
import type { DealingPlan, KeyToDeal } from './planDealing.ts';

const LABEL = utf8ToBytes('medseal/dealt-key/1');

/**
 * Verifies deals of one round, and joins them once there are enough.
 *
 * @param context - Hashes, the curve, and the domain that the deals are signed in.
 * @param given - The plan, and the digest of its terms and all recipients, to which the deals belong.
 * @param deals - The deals; their shape is right, nothing else is trusted.
 * @returns Each key with its deals, and the release keys that they make; undefined until there are enough deals.
 * @throws MedsealError `DEAL_INVALID` with the organisation; `SUCCESSOR_INVALID` if the deals make another key than is dealt again.
 */
export function verifyDeals(
  context: SigningContext,
  { plan, round }: { readonly plan: DealingPlan; readonly round: Bytes32 },
  deals: readonly GivenDeal[],
): Pick<DealingState, 'keys' | 'releases'> {
  const { primitives } = context;
  const names = plan.members.map(({ organisation }) => organisation);
  for (const given of deals) {
    const { organisation, signature } = given;
    requireOnce(deals, organisation);
    requireSigned(context, plan, organisation, dealPart(primitives, round, given), signature);
    const sealedFor = given.shares.map((each) => each.organisation);
    if (canonicalJson(sealedFor) !== canonicalJson(names)) {
      throw dealInvalid(organisation, 'it has not one share for each member');
    }
    for (const { key } of given.keys) {
      if (
        plan.keys.some(({ publicKey, dealers }) => publicKey === key && dealers.has(organisation))
      )
        continue;
      throw dealInvalid(organisation, 'it has nothing to deal of that key');
    }
  }
  const { group } = primitives;
  const keys = plan.keys.map((key) => dealsOf(group, plan, round, key, deals));
  const isComplete = keys.every((key) => key.deals.length === key.needed);
  if (!isComplete) return { keys, releases: undefined };
  const joined = keys.map((key) => ({ ...key, made: joinedDeals(group, plan, key) }));
  const releases = [...joined.map(({ made }) => releaseKeyOf(plan, made)), ...plan.kept];
  return { keys: joined, releases };
}

/** The statement by which an organisation deals. */
export function dealPart(
  { sha256 }: Pick<Primitives, 'sha256'>,
  round: Bytes32,
  { signature: _signature, ...deal }: GivenDeal,
): ShareDeal {
  const content = canonicalHash({ sha256 }, deal);
  return { ceremony: round, part: 'deal', content };
}

/** The statement by which the founder of a network gives the set of deals that make its release key. */
export function setPart(
  { sha256 }: Pick<Primitives, 'sha256'>,
  round: Bytes32,
  deals: readonly GivenDeal[],
): ShareDeal {
  return {
    ceremony: round,
    part: 'set',
    content: canonicalHash({ sha256 }, deals),
  };
}

/** The statement by which an organisation says which deals gave it a right share, by their digests. */
export function heldPart(
  { sha256 }: Pick<Primitives, 'sha256'>,
  round: Bytes32,
  deals: readonly Bytes32[],
): ShareDeal {
  return { ceremony: round, part: 'held', content: canonicalHash({ sha256 }, deals) };
}

/** The ceremony of one key, which no deal of another key, change or set of recipients fits. */
export function ceremonyOfKey(
  { threshold, members }: DealingPlan,
  round: Bytes32,
  { publicKey }: Pick<KeyToDeal, 'publicKey'>,
): Ceremony {
  const key = publicKey === undefined ? new Uint8Array() : hexToBytes(publicKey);
  const context = encodeFields(LABEL, hexToBytes(round), key);
  return { context, threshold, members: members.map(({ index }) => index) };
}

/** The deals of one key that are in the file, as many as it takes; each is verified. */
function dealsOf(
  group: GroupPort,
  plan: DealingPlan,
  round: Bytes32,
  key: KeyToDeal,
  given: readonly GivenDeal[],
): KeyWithDeals {
  const ceremony = ceremonyOfKey(plan, round, key);
  const deals = given.flatMap(({ organisation, keys }) => {
    const [own, another] = keys.filter((each) => each.key === key.publicKey);
    const dealer = key.dealers.get(organisation);
    if (own === undefined || dealer === undefined) return [];
    const deal = parsedDeal(dealer.index, own);
    const shared = dealer.key === undefined ? undefined : hexToBytes(dealer.key);
    if (another === undefined && isDeal(group, ceremony, deal, shared)) {
      return [{ organisation, deal }];
    }
    throw dealInvalid(
      organisation,
      shared === undefined
        ? 'it has not proved that it knows what it deals'
        : 'it does not deal the share that it has, or has not proved that it knows it',
    );
  });
  return { ...key, ceremony, deals: deals.slice(0, key.needed) };
}

function joinedDeals(group: GroupPort, plan: DealingPlan, key: KeyWithDeals): ThresholdKey {
  const deals = key.deals.map(({ deal }) => deal);
  const made = unlessMalformed(() => joinDeals(group, key.ceremony, deals, key.joining));
  if (made === undefined) {
    const reason =
      deals.length === 1
        ? 'it gives an organisation a share that is nothing'
        : 'it makes no key with the deals before it: who deals last can choose a deal so';
    throw dealInvalid(cancellerOf(group, plan, key), reason);
  }
  if (key.publicKey === undefined || key.publicKey === bytesToHex(made.publicKey)) return made;
  throw new MedsealError('SUCCESSOR_INVALID', { reason: 'the deals make another key' });
}

/**
 * The organisation whose deal takes out something of the others': the one whose own share would be nothing, for nobody else could
 * give it a right one, or else the last that dealt.
 */
function cancellerOf(
  group: GroupPort,
  { members }: DealingPlan,
  { deals }: KeyWithDeals,
): Organisation {
  const canceller = deals.find(({ organisation }) => {
    const index = members.find((member) => member.organisation === organisation)?.index;
    if (index === undefined) return false;
    // One sum: what a single deal gives there may be nothing too.
    const terms = deals.flatMap(({ deal }) => termsAt(deal.commitments, index));
    return group.sum(terms) === undefined;
  });
  return (canceller ?? deals.at(-1))?.organisation ?? '';
}

/** The key as the network file names it. */
function releaseKeyOf(
  { members }: DealingPlan,
  { threshold, publicKey, members: made }: ThresholdKey,
): ReleaseKey {
  const shares = members.map(({ organisation, index }) => {
    return { organisation, index, key: bytesToHex(made.get(index) ?? new Uint8Array()) };
  });
  return { threshold, publicKey: bytesToHex(publicKey), shares };
}

function parsedDeal(dealer: number, { commitments, proof }: KeyDeal): Deal {
  return {
    dealer,
    commitments: commitments.map((each) => hexToBytes(each)),
    proof: { commitment: hexToBytes(proof.commitment), response: hexToBytes(proof.response) },
  };
}

/**
 * Requires the coordinator of an organisation to have signed its part.
 *
 * @throws MedsealError `DEAL_INVALID` with the organisation.
 */
export function requireSigned(
  context: SigningContext,
  plan: DealingPlan,
  organisation: Organisation,
  part: ShareDeal,
  signature: GivenDeal['signature'],
): void {
  if (isPartSigned(context, part, signature, plan.signerOf(organisation))) return;
  const what = part.part === 'deal' ? 'these terms and recipients' : 'this recipient and change';
  throw dealInvalid(organisation, `its coordinator did not sign ${what}`);
}

/**
 * Requires an organisation to be in a list once.
 *
 * @throws MedsealError `DEAL_INVALID` with the organisation.
 */
export function requireOnce(
  all: readonly { readonly organisation: Organisation }[],
  organisation: Organisation,
): void {
  const own = all.filter((each) => each.organisation === organisation);
  if (own.length > 1) throw dealInvalid(organisation, 'it is there twice');
}

/** The error for a part of an organisation that does not hold. */
export function dealInvalid(organisation: Organisation, reason: string): MedsealError {
  return new MedsealError('DEAL_INVALID', { organisation, reason });
}
