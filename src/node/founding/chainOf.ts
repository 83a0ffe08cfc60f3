import type { Primitives } from '../../crypto/Primitives.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import type { NodeFolder } from '../NodeFolder.ts';
import { foundLedger } from '../validator/foundLedger.ts';
import type { Engine } from '../validator/openEngine.ts';
import { validatorHome } from '../validator/validatorHome.ts';

/** The name that stands for a chain whose first state follows from a release key that is not dealt yet. */
export const UNKNOWN_CHAIN = `medseal-${'0'.repeat(32)}`;

/**
 * Makes the first state of the organisations' validators, if these hold a network's ledger.
 *
 * @param network - The network file; by the chain's name that it has, a version is looked for that had fewer codes of contracts.
 * @param folder - The node's folder.
 * @param options - The engine, and hashes.
 * @returns The chain's name; undefined if the ledger is at one organisation, or that of another network.
 * @throws MedsealError `ENGINE_FAILED`.
 */
export async function chainOf(
  network: NetworkFile,
  { files }: Pick<NodeFolder, 'files'>,
  {
    engine,
    primitives,
  }: {
    readonly engine?: Engine | undefined;
    readonly primitives: Pick<Primitives, 'keccak256'>;
  },
): Promise<string | undefined> {
  const { chain, of } = network.ledger;
  if (chain === undefined || of !== undefined) return undefined;
  if (engine === undefined) {
    const reason = 'it is needed to derive the first state of the ledger';
    throw new MedsealError('ENGINE_FAILED', { program: 'none named', reason });
  }
  return await foundLedger(engine, validatorHome(files), network, primitives);
}
