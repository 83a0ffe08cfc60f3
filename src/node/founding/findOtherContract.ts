import type { LedgerProvider } from '../../bindings/LedgerProvider.ts';
import type { Primitives } from '../../crypto/Primitives.ts';
import { codeOfCreations } from '../../ledger/codeOfCreations.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { furtherContractsOf } from '../../protocol/network/furtherContracts.ts';
import { findOtherAdded } from '../../services/succession/requireCreated.ts';
import { creationsOf } from './creationsOf.ts';

/**
 * Compares the code of a network's contracts, of its founding and those that successors added, with what this build of Medseal
 * creates for it.
 *
 * @param network - The network file.
 * @param provider - The ledger.
 * @param primitives - Hashes and the curve.
 * @returns The first contract that differs; undefined if none does, or if an older network file does not name their
 * creator.
 * @throws MedsealError `LEDGER_UNREACHABLE`; of the ledger.
 * @example
 * ```ts
 * const { primitives } = await machinePorts();
 * const other = await findOtherContract(network, ledger, primitives);
 * if (other !== undefined) throw new Error(`the contract ${other} has other code`);
 * ```
 */
export async function findOtherContract(
  network: NetworkFile,
  provider: LedgerProvider,
  primitives: Primitives,
): Promise<keyof NetworkFile['contracts'] | undefined> {
  const { contracts, founders, ledger } = network;
  const deployer = founders?.[0]?.sender;
  if (deployer === undefined) return undefined;
  const creations = creationsOf(network, deployer);
  const data = creations.map((each) => each.data);
  // A creation that fails here failed on the ledger too: no contract is there.
  const codes = await codeOfCreations(data, deployer, ledger.chainId, primitives).catch(() => []);
  for (const [place, { contract, address }] of creations.entries()) {
    const params = [address, 'latest'];
    const found = await provider.request({ method: 'eth_getCode', params });
    if (contracts[contract] !== address || found !== codes[place]?.code) return contract;
  }
  const founded = new Set<string>(creations.map(({ contract }) => contract));
  const names = furtherContractsOf(contracts).filter((name) => !founded.has(name));
  const added = Object.fromEntries(names.map((name) => [name, contracts[name]]));
  if (names.length === 0) return undefined;
  return (await findOtherAdded({ ledger: provider, network, primitives }, added))?.contract;
}
