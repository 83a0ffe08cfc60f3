import type { Primitives } from '../../crypto/Primitives.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { identitiesIn } from './identitiesIn.ts';
import { requireDerived } from './requireDerived.ts';

/**
 * Tells whether the id, contracts and logs of a network's first file follow from the rest of it, as each organisation
 * derived them. The id is a hash of all that the identity files and the founder gave, so of the ledger that a further
 * channel uses too: a file that was altered anywhere does not follow.
 *
 * @param network - The file; it is well-formed.
 * @param primitives - Hashes.
 * @returns True also if it was not founded by files, and nothing is known.
 */
export function followsFromItself(
  network: NetworkFile,
  primitives: Pick<Primitives, 'sha256' | 'keccak256'>,
): boolean {
  const { before, channels, demo, founders = [], ledger } = network;
  const [channel] = channels;
  if (before !== undefined || channel === undefined) return true;
  if (founders.every(({ url }) => url === undefined)) return true;
  try {
    const other = ledger.of === undefined ? {} : { ledger };
    const { release } = channel;
    requireDerived(network, identitiesIn(network), primitives, {
      demo,
      chain: ledger.chain,
      release,
      ...other,
    });
    return true;
  } catch (error) {
    if (isMedsealError(error, 'CEREMONY_INVALID')) return false;
    throw error;
  }
}
