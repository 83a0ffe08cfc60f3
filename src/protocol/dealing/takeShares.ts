import { bytesToHex, bytesToUtf8, hexToBytes } from '../../crypto/bytes.ts';
import type { PayloadCipher } from '../../crypto/sealing/PayloadCipher.ts';
import { openBytes } from '../../crypto/sealing/openBytes.ts';
import { isDealtShare } from '../../crypto/threshold/isDeal.ts';
import { joinShares } from '../../crypto/threshold/joinDeals.ts';
import type { Primitives } from '../../crypto/Primitives.ts';
import { requireReduced, scalarBytes, toInteger } from '../../crypto/threshold/scalars.ts';
import { malformed } from '../../errors/malformed.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { MapOf, OneOf } from '../wire/findShapeError.ts';
import type { Hex, Organisation } from '../ids.ts';
import { parseJsonOf } from '../wire/parseJsonOf.ts';
import type { Dealing } from './Dealing.ts';
import { NEW_KEY } from './giveDeal.ts';
import type { DealingState } from './DealingState.ts';

const DEALT_SHARES = {
  format: new OneOf('medseal-dealt/2'),
  shares: new MapOf(/^(?:new|0x0[23][0-9a-f]{64})$/, /^0x[0-9a-f]{64}$/),
} as const;

/** A share that a member takes. */
export interface TakenShare {
  /** Public key of the share, a point. */
  readonly key: Hex;
  /** 32 bytes, a scalar. */
  readonly secret: Uint8Array;
}

/**
 * Opens what was dealt to a member, verifies each share by its dealer's commitments, and joins them.
 *
 * @param primitives - The curve.
 * @param state - The change, verified, with all deals and the keys that they make.
 * @param given - The same deals.
 * @param member - The member, and the identity of the recipient that it gave.
 * @param cipher - A fast cipher; the portable one if absent.
 * @returns Its share of each key.
 * @throws MedsealError `DEAL_INVALID` with the dealer whose share does not hold.
 */
export async function takeShares(
  { group }: Pick<Primitives, 'group'>,
  { plan, keys }: Pick<DealingState, 'plan' | 'keys'>,
  given: Pick<Dealing, 'deals'>,
  member: { readonly organisation: Organisation; readonly identity: string },
  cipher?: PayloadCipher,
): Promise<readonly TakenShare[]> {
  const { organisation, identity } = member;
  const index = plan.members.find((each) => each.organisation === organisation)?.index;
  if (index === undefined) return [];
  const opened = new Map<Organisation, Readonly<Record<string, string>>>();
  for (const { organisation: dealer, shares } of given.deals) {
    const own = shares.find((each) => each.organisation === organisation)?.sealed ?? '';
    opened.set(dealer, await openedShares(own, identity, cipher));
  }
  return keys.map(({ publicKey, deals, joining, made }) => {
    if (made === undefined) throw malformed('deals');
    const dealt = deals.map(({ organisation: dealer, deal }) => {
      const share = scalarIn(opened.get(dealer)?.[publicKey ?? NEW_KEY]);
      if (share !== undefined && isDealtShare(group, deal, index, share)) return { deal, share };
      const reason = `the share for ${organisation} cannot be opened, or is not what it committed to`;
      throw new MedsealError('DEAL_INVALID', { organisation: dealer, reason });
    });
    const share = joinShares(group, made, index, dealt, joining);
    const key = bytesToHex(made.members.get(index) ?? new Uint8Array());
    return { key, secret: scalarBytes(share) };
  });
}

/** Nothing if the file does not open: then its dealer sealed it to another one. */
async function openedShares(
  sealed: string,
  identity: string,
  cipher?: PayloadCipher,
): Promise<Readonly<Record<string, string>>> {
  try {
    const bytes = await openBytes([identity], hexToBytes(sealed), cipher && { cipher });
    return parseJsonOf(DEALT_SHARES, bytesToUtf8(bytes), () => new Error('no shares')).shares;
  } catch {
    return {};
  }
}

function scalarIn(hex: string | undefined): bigint | undefined {
  if (hex === undefined) return undefined;
  try {
    return requireReduced(toInteger(hexToBytes(hex)));
  } catch {
    return undefined;
  }
}
