import { channelCodes, FEWEST_CODES } from '../../bindings/contractCreations.ts';
import type { Primitives } from '../../crypto/Primitives.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { engineTermsOf } from './engineTermsOf.ts';
import type { Engine } from './openEngine.ts';

/**
 * Makes the first state of a network's ledger in a validator's folder, as the version did that founded it: an earlier one had
 * fewer codes of contracts. The chain's name is a hash of the first state, so it says which.
 *
 * @param engine - The engine.
 * @param home - The validator's folder.
 * @param network - The network's first file.
 * @param primitives - Hashes.
 * @returns The name of the chain: that of the file, if a version with the first ones of these codes founded it, else the one
 * that this version gives it.
 * @throws MedsealError `ENGINE_FAILED`.
 */
export async function foundLedger(
  engine: Engine,
  home: string,
  network: NetworkFile,
  primitives: Pick<Primitives, 'keccak256'>,
): Promise<string> {
  const { chain } = network.ledger;
  const found = async (count: number): Promise<string> =>
    await engine.found(home, engineTermsOf(network, primitives, count));
  const present = await found(channelCodes.length);
  // A founder that looks for the name has none yet.
  if (chain === undefined || chain === '' || present === chain) return present;
  for (let count = channelCodes.length - 1; count >= FEWEST_CODES; count--) {
    if ((await found(count)) === chain) return chain;
  }
  return present;
}
