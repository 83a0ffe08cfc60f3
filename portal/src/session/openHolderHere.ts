import { webPorts, type KeptHolder } from '../../../src/client/index.ts';
import { PartyKeys } from '../../../src/crypto/keys/PartyKeys.ts';
import { portableSha256 } from '../../../src/crypto/portableSha256.ts';
import { MedsealError } from '../../../src/errors/MedsealError.ts';
import { domainOf } from '../../../src/protocol/struct/domainOf.ts';
import { followSuccessors } from '../../../src/protocol/network/followSuccessors.ts';
import type { Address } from '../../../src/protocol/ids.ts';
import { openKeyDevice } from '../vault/openKeyDevice.ts';
import type { OpenedKey } from '../vault/openKept.ts';
import type { Shelf } from '../vault/openShelf.ts';
import { pinnedOn } from './pinNetwork.ts';

/**
 * Opens a person's key in this page without asking any node, to look again at what this browser keeps for it.
 *
 * @param shelf - Values that this browser keeps for the organisation.
 * @param address - Address of the party.
 * @param key - Its seed, and seeds of former keys.
 * @throws MedsealError `NOT_FOUND` if this browser has pinned no network; `SUCCESSOR_INVALID`, `NETWORK_FILE_INVALID` if what it
 * pinned was altered.
 */
export async function openHolderHere(
  shelf: Shelf,
  address: Address,
  { seed, formerSeeds }: OpenedKey,
): Promise<KeptHolder> {
  const { pinned, followed } = await pinnedOn(shelf);
  if (pinned === undefined) throw new MedsealError('NOT_FOUND', { what: 'network' });
  const files = followed === undefined ? [pinned] : followSuccessors(webPorts, pinned, followed);
  const network = files.at(-1) ?? pinned;
  const { device } = await openKeyDevice(seed);
  return {
    address,
    clock: webPorts.clock,
    primitives: webPorts.primitives,
    createSha256: portableSha256,
    network,
    domain: domainOf(network),
    device,
    keys: new PartyKeys(seed),
    formerKeys: formerSeeds.map((each) => new PartyKeys(each)),
  };
}

/** Overwrites the keys in memory. */
export function endHolder({ keys, formerKeys = [] }: KeptHolder): void {
  for (const each of [keys, ...formerKeys]) each.seed().fill(0);
  keys.signingKey().fill(0);
}
