import { contractCreations, type ContractCreation } from '../../bindings/contractCreations.ts';
import { claimTermsOf } from '../../protocol/care/claimTermsOf.ts';
import { coordinatorsIn } from '../../protocol/network/networkLookups.ts';
import type { Address } from '../../protocol/ids.ts';
import {
  furtherContractsOf,
  type FurtherContract,
} from '../../protocol/network/furtherContracts.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';

/**
 * Returns the transactions that create the contracts of a network, as its file says.
 *
 * @param network - The network file; of its contracts only the names of the care contracts are read.
 * @param deployer - The account that creates them, with its first transactions.
 * @param further - The care contracts; those that the file names if absent.
 */
export function creationsOf(
  network: Omit<NetworkFile, 'contracts'> & Partial<Pick<NetworkFile, 'contracts'>>,
  deployer: Address,
  further: readonly FurtherContract[] = furtherContractsOf(network.contracts ?? {}),
): readonly ContractCreation[] {
  const { authority, channels, changes, founders = [], networkId, rights } = network;
  // Seats are in the contract's storage, not in its code: those of any channel give the code.
  const [coordinators] = channels.map(coordinatorsIn);
  if (coordinators === undefined) throw new Error('a network has a channel');
  const stakes = founders.flatMap(({ organisation, validator }) =>
    validator === undefined ? [] : [{ organisation, key: validator.key, amount: validator.stake }],
  );
  return contractCreations({
    networkId,
    authority,
    coordinators,
    ...(rights && { longestRight: rights.longest }),
    ...(changes && { delay: changes.delay }),
    claims: claimTermsOf(network),
    ...(stakes.length > 0 && { stakes }),
    further,
    deployer,
    nonce: 0,
  });
}
