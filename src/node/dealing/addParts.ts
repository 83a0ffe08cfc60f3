import { ageIdentity, recipientOf } from '../../crypto/keys/ageIdentity.ts';
import { isOwnShare } from '../../crypto/threshold/joinDeals.ts';
import { parseScalar } from '../../crypto/threshold/scalars.ts';
import { hexToBytes } from '../../crypto/bytes.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { NodePorts } from '../../folder/NodePorts.ts';
import type { Dealing } from '../../protocol/dealing/Dealing.ts';
import { giveDeal, giveRecipient, keysToDeal } from '../../protocol/dealing/giveDeal.ts';
import type { DealingState } from '../../protocol/dealing/DealingState.ts';
import { verifyDealing } from '../../protocol/dealing/verifyDealing.ts';
import type { Hex } from '../../protocol/ids.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { partakers, type DealingHome, type Partaker } from './partakers.ts';

/** A change that deals shares, verified again, with the parts that a folder added. */
export interface AddedParts {
  readonly dealing: Dealing;
  readonly state: DealingState;
  /** Those parts, in words. */
  readonly added: readonly string[];
}

/**
 * Adds all that the organisations of a folder can give now to a change that deals shares: first a recipient, made for this change
 * and kept in the folder before it is given away; once all have given theirs, a deal.
 *
 * @param ports - Hashes, randomness, cipher.
 * @param predecessor - The file before, trusted.
 * @param dealing - The change; its shape is right, nothing else is trusted.
 * @param homes - The folder's organisations.
 * @throws MedsealError as `verifyDealing`; `DEAL_INVALID` if somebody gave a recipient in the name of one of them; `SHARE_ABSENT`
 * if one is asked for a deal of a share that it does not have.
 */
export async function addParts(
  ports: Pick<NodePorts, 'primitives' | 'random' | 'cipher'>,
  predecessor: NetworkFile,
  dealing: Dealing,
  homes: readonly DealingHome[],
): Promise<AddedParts> {
  const context = { ...ports, predecessor };
  let given = dealing;
  let state = verifyDealing(ports, predecessor, given);
  const added: string[] = [];
  const parts = partakers(state.plan, homes);
  for (const part of parts) {
    if (!part.isMember) continue;
    const own = given.recipients.find(({ organisation }) => organisation === part.organisation);
    const recipient = await ownRecipient(
      ports,
      state,
      part,
      given.successor.number,
      own === undefined,
    );
    if (own === undefined) {
      given = giveRecipient(context, state, given, part, recipient ?? '');
      added.push(`the recipient of ${part.organisation}`);
    } else if (own.recipient !== recipient) {
      const { organisation } = part;
      const reason = 'its recipient was not made in this folder';
      throw new MedsealError('DEAL_INVALID', { organisation, reason });
    }
  }
  state = verifyDealing(ports, predecessor, given);
  for (const part of parts) {
    const asked = keysToDeal(state, part.organisation);
    if (asked.length === 0) continue;
    const shares = await sharesToDeal(ports, asked, part);
    // Another one can deal in its place, as long as it has given something.
    const isUnable = asked.every(
      ({ publicKey }) => publicKey !== undefined && !shares.has(publicKey),
    );
    if (isUnable && added.length > 0) continue;
    given = await giveDeal(context, state, given, { ...part, shares });
    added.push(`the deal of ${part.organisation}`);
    state = verifyDealing(ports, predecessor, given);
  }
  return { dealing: given, state, added };
}

/** The recipient that an organisation keeps the identity of; made and kept first if it may be. */
async function ownRecipient(
  { random }: Pick<NodePorts, 'random'>,
  { plan }: DealingState,
  { home: { shares } }: Partaker,
  number: number,
  mayMake: boolean,
): Promise<string | undefined> {
  const known = await shares.identity(plan.ceremony);
  if (known !== undefined) return await recipientOf(known);
  if (!mayMake) return undefined;
  const identity = ageIdentity(random(32));
  await shares.keepIdentity(plan.ceremony, number, identity);
  return await recipientOf(identity);
}

/** The shares of keys that an organisation has and that are those of the file before. */
async function sharesToDeal(
  { primitives: { group } }: Pick<NodePorts, 'primitives'>,
  asked: ReturnType<typeof keysToDeal>,
  { organisation, home }: Partaker,
): Promise<ReadonlyMap<Hex, Uint8Array>> {
  const found = new Map<Hex, Uint8Array>();
  for (const { publicKey, dealers } of asked) {
    const own = dealers.get(organisation);
    if (publicKey === undefined || own?.key === undefined) continue;
    const secret = await home.shares.read(own.key);
    const members = new Map([[own.index, hexToBytes(own.key)]]);
    const key = { publicKey: hexToBytes(publicKey), threshold: 1, members };
    if (secret !== undefined && isOwnShare(group, key, own.index, parseScalar(secret))) {
      found.set(publicKey, secret);
    }
  }
  return found;
}
