import { memoryDevice } from '../../client/party/memoryDevice.ts';
import type { Party } from '../../client/party/Party.ts';
import { phraseToSeed, seedToPhrase } from '../../crypto/keys/phrase.ts';
import type { PartyAt, TestNetwork } from './testNetwork.ts';

/**
 * Opens a party on a further device, which knows nothing but the words.
 *
 * @param network - The network.
 * @param party - The party on another device.
 * @param at - Organisation or agent, if they are others than usual.
 */
export async function furtherDevice(
  network: Pick<TestNetwork, 'party'>,
  { keys }: Pick<Party, 'keys'>,
  at: Pick<Partial<PartyAt>, 'agent' | 'organisation'> = {},
): Promise<Party> {
  const seed = phraseToSeed(seedToPhrase(keys.seed()));
  // It is enrolled already, in whichever role.
  return await network.party('patient', { ...at, seed, device: memoryDevice(), enrolled: false });
}
