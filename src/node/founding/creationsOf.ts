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
 * Returns the transactions that create the contracts of a network at its founding, as its file says.
 *
 * @param network - The network file; of its contracts only the care contracts are read.
 * @param deployer - The account that creates them, with its first transactions.
 * @param further - The care contracts; if absent, those of the file, without those of a later file that its founding creates
 * elsewhere: they came by successors.
 */
export function creationsOf(
  network: Omit<NetworkFile, 'contracts'> & Partial<Pick<NetworkFile, 'contracts'>>,
  deployer: Address,
  further?: readonly FurtherContract[],
): readonly ContractCreation[] {
  const { authority, channels, changes, founders = [], networkId, rights } = network;
  const contracts: Partial<NetworkFile['contracts']> = network.contracts ?? {};
  // Seats are in the contract's storage, not in its code: those of any channel give the code.
  const [coordinators] = channels.map(coordinatorsIn);
  if (coordinators === undefined) throw new Error('a network has a channel');
  const stakes = founders.flatMap(({ organisation, validator }) =>
    validator === undefined ? [] : [{ organisation, key: validator.key, amount: validator.stake }],
  );
  const create = (names: readonly FurtherContract[]): readonly ContractCreation[] =>
    contractCreations({
      networkId,
      authority,
      coordinators,
      ...(rights && { longestRight: rights.longest }),
      ...(changes && { delay: changes.delay }),
      claims: claimTermsOf(network),
      ...(stakes.length > 0 && { stakes }),
      further: names,
      deployer,
      nonce: 0,
    });
  const named = further ?? furtherContractsOf(contracts);
  if (further !== undefined || network.before === undefined) return create(named);
  const founded = named.reduce<readonly FurtherContract[]>((before, name) => {
    const next = [...before, name];
    return create(next).at(-1)?.address === contracts[name] ? next : before;
  }, []);
  return create(founded);
}
