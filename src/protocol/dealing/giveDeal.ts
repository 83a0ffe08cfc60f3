import { bytesToHex, utf8ToBytes } from '../../crypto/bytes.ts';
import type { Random } from '../../crypto/Random.ts';
import type { PayloadCipher } from '../../crypto/sealing/PayloadCipher.ts';
import { sealBytes } from '../../crypto/sealing/sealBytes.ts';
import { createDeal } from '../../crypto/threshold/createDeal.ts';
import { parseScalar, scalarBytes } from '../../crypto/threshold/scalars.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { canonicalJson } from '../wire/canonicalJson.ts';
import { domainOf } from '../struct/domainOf.ts';
import type { Bytes32, Hex, Organisation } from '../ids.ts';
import type { NetworkFile } from '../network/NetworkFile.ts';
import { sign, type SigningContext } from '../struct/signing.ts';
import type { SeatKey } from '../network/signSuccessor.ts';
import type { Dealing, GivenDeal, KeyDeal } from './Dealing.ts';
import type { KeyToDeal } from './planDealing.ts';
import type { DealingState } from './DealingState.ts';
import { recipientPart } from './recipientPart.ts';
import { ceremonyOfKey, dealPart } from './verifyDeals.ts';

/** The name of a key among the shares that are sealed for a member. */
export const NEW_KEY = 'new';

/** An organisation that takes part, with its coordinator's key. */
export interface DealGiver {
  readonly organisation: Organisation;
  readonly key: SeatKey;
  /** The key that its coordinator has in the file before, if the change gives it another one. */
  readonly former?: SeatKey | undefined;
}

/** Ports for giving something to a change that deals shares. */
export interface GivingContext extends Pick<SigningContext, 'primitives'> {
  readonly predecessor: NetworkFile;
  readonly random: Random;
  readonly cipher?: PayloadCipher;
}

/**
 * Adds the recipient that a member's shares are to be sealed to.
 *
 * @param context - Hashes, the curve, and the file before.
 * @param state - The change, verified.
 * @param dealing - The same.
 * @param giver - The member.
 * @param recipient - An age recipient that it made for this change.
 */
export function giveRecipient(
  { primitives, predecessor }: Pick<GivingContext, 'primitives' | 'predecessor'>,
  { plan }: DealingState,
  dealing: Dealing,
  { organisation, key, former }: DealGiver,
  recipient: string,
): Dealing {
  const context = { primitives, domain: domainOf(predecessor) };
  const part = recipientPart(primitives, plan, recipient);
  const by = (signer: SeatKey): Hex => sign(context, signer, 'ShareDeal', part).signature;
  const given = {
    organisation,
    recipient,
    signature: by(key),
    ...(former && { former: by(former) }),
  };
  return { ...dealing, recipients: [...dealing.recipients, given] };
}

/**
 * Returns the keys of which an organisation can add a deal that is still needed.
 *
 * @param state - The change, verified.
 * @param organisation - The organisation.
 */
export function keysToDeal(
  { keys }: Pick<DealingState, 'keys'>,
  organisation: Organisation,
): readonly KeyToDeal[] {
  return keys.filter(
    ({ dealers, deals, needed }) =>
      dealers.has(organisation) &&
      deals.length < needed &&
      !deals.some((each) => each.organisation === organisation),
  );
}

/**
 * Adds an organisation's deal of the keys that still need one from it; of those whose share it lacks another one deals.
 *
 * @param context - Hashes, the curve, randomness, and the file before.
 * @param state - The change, verified; all recipients are there.
 * @param dealing - The same.
 * @param giver - The organisation, and by the public key of each key that is dealt again its share, 32 bytes.
 * @throws MedsealError `SHARE_ABSENT` if it can deal none.
 */
export async function giveDeal(
  { predecessor, ...ports }: GivingContext,
  { plan, round, keys }: DealingState,
  dealing: Dealing,
  giver: DealGiver & { readonly shares: ReadonlyMap<Hex, Uint8Array> },
): Promise<Dealing> {
  if (round === undefined) throw new Error('a deal needs all recipients');
  const recipients = new Map(dealing.recipients.map((each) => [each.organisation, each.recipient]));
  const context = { ...ports, domain: domainOf(predecessor) };
  const given = await makeDeal(context, { plan, round, keys, recipients }, giver);
  return { ...dealing, deals: [...dealing.deals, given] };
}

/**
 * Makes and signs an organisation's deal of the keys that still need one from it.
 *
 * @param context - Hashes, the curve, randomness, and the domain to sign in.
 * @param state - The round with the deals that are there, verified, and each member's recipient.
 * @param giver - As for `giveDeal`.
 * @throws MedsealError `SHARE_ABSENT` if it can deal none.
 */
export async function makeDeal(
  { random, cipher, ...context }: SigningContext & Pick<GivingContext, 'random' | 'cipher'>,
  {
    plan,
    round,
    keys: all,
    recipients,
  }: Pick<DealingState, 'plan' | 'keys'> & {
    readonly round: Bytes32;
    readonly recipients: ReadonlyMap<Organisation, string>;
  },
  {
    organisation,
    key: signer,
    shares,
  }: DealGiver & { readonly shares: ReadonlyMap<Hex, Uint8Array> },
): Promise<GivenDeal> {
  const keys: KeyDeal[] = [];
  const given = new Map<number, Record<string, Hex>>();
  const able = keysToDeal({ keys: all }, organisation).filter(
    ({ publicKey }) => publicKey === undefined || shares.has(publicKey),
  );
  if (able.length === 0) throw new MedsealError('SHARE_ABSENT', {});
  for (const key of able) {
    const { publicKey, dealers } = key;
    const secret = publicKey === undefined ? undefined : shares.get(publicKey);
    const { deal, shares: values } = createDeal(
      context.primitives.group,
      ceremonyOfKey(plan, round, key),
      dealers.get(organisation)?.index ?? 0,
      random,
      secret && parseScalar(secret),
    );
    const { commitment, response } = deal.proof;
    keys.push({
      ...(publicKey !== undefined && { key: publicKey }),
      commitments: deal.commitments.map(bytesToHex),
      proof: { commitment: bytesToHex(commitment), response: bytesToHex(response) },
    });
    for (const [index, value] of values) {
      const known = given.get(index) ?? {};
      given.set(index, { ...known, [publicKey ?? NEW_KEY]: bytesToHex(scalarBytes(value)) });
    }
  }
  const sealed: GivenDeal['shares'][number][] = [];
  for (const { organisation: member, index } of plan.members) {
    const plaintext = { format: 'medseal-dealt/2', shares: given.get(index) ?? {} };
    const bytes = utf8ToBytes(canonicalJson(plaintext));
    const file = await sealBytes([recipients.get(member) ?? ''], bytes, cipher && { cipher });
    sealed.push({ organisation: member, sealed: bytesToHex(file) });
  }
  const unsigned = { organisation, keys, shares: sealed, signature: '0x' as Hex };
  const part = dealPart(context.primitives, round, unsigned);
  const { signature } = sign(context, signer, 'ShareDeal', part);
  return { ...unsigned, signature };
}
