import { canonicalJson } from '../../protocol/wire/canonicalJson.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { NodePorts } from '../../folder/NodePorts.ts';
import type { Dealing } from '../../protocol/dealing/Dealing.ts';
import { nameKeys } from '../../protocol/dealing/nameKeys.ts';
import { takeShares, type TakenShare } from '../../protocol/dealing/takeShares.ts';
import { verifyDealing } from '../../protocol/dealing/verifyDealing.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { lackingParts } from './lackingParts.ts';
import { partakers, type DealingHome } from './partakers.ts';

/** Shares that were dealt to an organisation of a folder. */
export interface DealtTo {
  readonly home: DealingHome;
  /** Number of the file that the change makes. */
  readonly number: number;
  readonly shares: readonly TakenShare[];
}

/**
 * Verifies a change whose shares are all dealt, and opens those of a folder's organisations. Its keys must be those that the deals
 * make. Nothing is written.
 *
 * @param ports - Hashes and cipher.
 * @param predecessor - The file before, trusted.
 * @param dealing - The change; its shape is right, nothing else is trusted.
 * @param homes - The folder's organisations.
 * @throws MedsealError as `verifyDealing`; `DEALS_MISSING`; `DEAL_INVALID` with the dealer whose share does not hold, or with an
 * organisation of the folder that has not given its recipient from here; `SUCCESSOR_INVALID` if the change names other keys.
 */
export async function openDealt(
  ports: Pick<NodePorts, 'primitives' | 'cipher'>,
  predecessor: NetworkFile,
  dealing: Dealing,
  homes: readonly DealingHome[],
): Promise<readonly DealtTo[]> {
  const state = verifyDealing(ports, predecessor, dealing);
  if (state.releases === undefined) {
    throw new MedsealError('DEALS_MISSING', { missing: lackingParts(state).join('; ') });
  }
  const { channels } = nameKeys(predecessor, state, dealing);
  if (canonicalJson(channels) !== canonicalJson(dealing.successor.channels)) {
    const reason = 'its release keys are not those that the deals make';
    throw new MedsealError('SUCCESSOR_INVALID', { reason });
  }
  const opened: DealtTo[] = [];
  for (const { organisation, home, isMember } of partakers(state.plan, homes)) {
    if (!isMember) continue;
    const identity = await home.shares.identity(state.plan.ceremony);
    if (identity === undefined) {
      const reason = 'its recipient was not made in this folder';
      throw new MedsealError('DEAL_INVALID', { organisation, reason });
    }
    const member = { organisation, identity };
    const shares = await takeShares(ports.primitives, state, dealing, member, ports.cipher);
    opened.push({ home, number: dealing.successor.number, shares });
  }
  return opened;
}

/**
 * Writes the shares that were dealt to a folder's organisations, each durably, beside those in use. Safe to repeat.
 *
 * @param opened - The shares.
 */
export async function keepDealt(opened: readonly DealtTo[]): Promise<void> {
  for (const { home, number, shares } of opened) {
    for (const { key, secret } of shares) await home.shares.write(key, secret, number);
  }
}
