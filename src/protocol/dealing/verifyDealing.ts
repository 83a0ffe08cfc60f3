import { bytesToHex, hexToBytes, utf8ToBytes } from '../../crypto/bytes.ts';
import { encodeFields } from '../../crypto/encodeFields.ts';
import type { Primitives } from '../../crypto/Primitives.ts';
import type { Ceremony, Deal } from '../../crypto/threshold/Deal.ts';
import type { GroupPort } from '../../crypto/threshold/GroupPort.ts';
import { isDeal } from '../../crypto/threshold/isDeal.ts';
import { joinDeals } from '../../crypto/threshold/joinDeals.ts';
import type { ThresholdKey } from '../../crypto/threshold/thresholdKey.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { canonicalJson } from '../canonicalJson.ts';
import { domainOf } from '../domainOf.ts';
import type { Bytes32, Organisation } from '../ids.ts';
import type { NetworkFile, ReleaseKey } from '../NetworkFile.ts';
import { recipientHash } from '../recipientHash.ts';
import type { ShareDeal } from '../requests.ts';
import { signerOf, type SigningContext } from '../signing.ts';
import { succeeds } from '../succeeds.ts';
import type { Dealing, GivenDeal, KeyDeal } from './Dealing.ts';
import { planDealing, type DealingPlan, type KeyToDeal } from './planDealing.ts';

const LABEL = utf8ToBytes('medseal/dealt-key/1');

/** A change that deals shares, as far as it has come. All that is in it was verified. */
export interface DealingState {
  readonly plan: DealingPlan;
  /** Members that have given no recipient. */
  readonly silent: readonly Organisation[];
  /** Digest of the change and all recipients, to which deals belong; undefined until all have given theirs. */
  readonly round: Bytes32 | undefined;
  /** Each key with the deals that make it. */
  readonly keys: readonly KeyWithDeals[];
  /** Release keys of the channel that the deals make; undefined until there are enough deals. */
  readonly releases: readonly ReleaseKey[] | undefined;
}

/** A key with its deals, in the order in which they were given, and no more than it takes. */
export interface KeyWithDeals extends KeyToDeal {
  readonly ceremony: Ceremony;
  readonly deals: readonly { readonly organisation: Organisation; readonly deal: Deal }[];
  /** The key that the deals make together; absent until there are enough for each key of the change. */
  readonly made?: ThresholdKey;
}

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
    if (!names.includes(organisation)) throw invalid(organisation, 'it gets no share');
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
    throw invalid(first.organisation, 'it dealt before all had given their recipients');
  }
  for (const given of dealing.deals) {
    const { organisation, signature } = given;
    requireOnce(dealing.deals, organisation);
    requireSigned(context, plan, organisation, dealPart(primitives, round, given), signature);
    const sealedFor = given.shares.map((each) => each.organisation);
    if (canonicalJson(sealedFor) !== canonicalJson(names)) {
      throw invalid(organisation, 'it has not one share for each member');
    }
    for (const { key } of given.keys) {
      if (
        plan.keys.some(({ publicKey, dealers }) => publicKey === key && dealers.has(organisation))
      )
        continue;
      throw invalid(organisation, 'it has nothing to deal of that key');
    }
  }
  const { group } = primitives;
  const keys = plan.keys.map((key) => dealtKey(group, plan, round, key, dealing.deals));
  const isComplete = keys.every(({ deals, needed }) => deals.length === needed);
  if (!isComplete) return { plan, silent, round, keys, releases: undefined };
  const joined = keys.map((key) => ({ ...key, made: joinedDeals(group, key) }));
  const releases = [...joined.map(({ made }) => releaseKeyOf(plan, made)), ...plan.kept];
  return { plan, silent, round, keys: joined, releases };
}

/** The statement by which a member gives its recipient. */
export function recipientPart(
  primitives: Pick<Primitives, 'sha256'>,
  { ceremony }: DealingPlan,
  recipient: string,
): ShareDeal {
  return { ceremony, part: 'recipient', content: recipientHash(primitives, recipient) };
}

/** The statement by which an organisation deals. */
export function dealPart(
  { sha256 }: Pick<Primitives, 'sha256'>,
  round: Bytes32,
  { signature: _signature, ...deal }: GivenDeal,
): ShareDeal {
  const content = bytesToHex(sha256(utf8ToBytes(canonicalJson(deal))));
  return { ceremony: round, part: 'deal', content };
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
  return bytesToHex(sha256(utf8ToBytes(canonicalJson(round))));
}

/** The deals of one key that are in the file, as many as it takes; each is verified. */
function dealtKey(
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
    throw invalid(
      organisation,
      shared === undefined
        ? 'it has not proved that it knows what it deals'
        : 'it does not deal the share that it has, or has not proved that it knows it',
    );
  });
  return { ...key, ceremony, deals: deals.slice(0, key.needed) };
}

function joinedDeals(group: GroupPort, key: KeyWithDeals): ThresholdKey {
  const deals = key.deals.map(({ deal }) => deal);
  const made = joinDeals(group, key.ceremony, deals, key.joining);
  if (key.publicKey === undefined || key.publicKey === bytesToHex(made.publicKey)) return made;
  throw new MedsealError('SUCCESSOR_INVALID', { reason: 'the deals make another key' });
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

function requireSigned(
  context: SigningContext,
  plan: DealingPlan,
  organisation: Organisation,
  part: ShareDeal,
  signature: GivenDeal['signature'],
): void {
  const signer = plan.signerOf(organisation);
  const isSigned = succeeds(() => signerOf(context, 'ShareDeal', part, signature) === signer);
  if (isSigned) return;
  const what = part.part === 'deal' ? 'these terms and recipients' : 'this recipient and change';
  throw invalid(organisation, `its coordinator did not sign ${what}`);
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
  if (former && succeeds(() => signerOf(context, 'ShareDeal', part, former) === signer)) return;
  const reason =
    'the key that its coordinator has now did not sign this recipient: change a lost key first, and deal then';
  throw invalid(organisation, reason);
}

function requireOnce(
  all: readonly { readonly organisation: Organisation }[],
  organisation: Organisation,
): void {
  const own = all.filter((each) => each.organisation === organisation);
  if (own.length > 1) throw invalid(organisation, 'it is there twice');
}

function invalid(organisation: Organisation, reason: string): MedsealError {
  return new MedsealError('DEAL_INVALID', { organisation, reason });
}
