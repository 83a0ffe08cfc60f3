import { openParty, webPorts, type Party, type PartyOptions } from '../../../src/client/index.ts';
import { addressOfSeed } from '../../../src/crypto/keys/addressOfSeed.ts';
import type { Place } from './Place.ts';

/**
 * Opens a party from the seed of its present key, or of a later one of its keys that is not the present one any more: the
 * changes up to it prove it. The quorum says which key signs now.
 *
 * @param place - The organisation's agent.
 * @param key - The party's device, its seed, its address if the seed is a later key's, and seeds of former keys.
 * @throws MedsealError what `openParty` throws.
 */
export async function openPartyHere(
  { network, agent, log }: Place,
  key: Pick<PartyOptions, 'device' | 'seed' | 'address' | 'formerSeeds'>,
): Promise<Party> {
  const at = { ...webPorts, network, agent, log, ...key };
  const signer = addressOfSeed(webPorts.primitives, key.seed);
  const { address = signer } = key;
  if (address === signer) return await openParty(at);
  const { keyChanges = [] } = await agent.card(address);
  const place = keyChanges.findIndex(({ message }) => message.signer === signer);
  return await openParty({ ...at, keyChanges: keyChanges.slice(0, place + 1) });
}
