import { MedsealError } from '../errors/MedsealError.ts';
import type { Address } from '../protocol/ids.ts';
import type { NetworkFile } from '../protocol/network/NetworkFile.ts';

/** Names of contracts that are not words. */
const WORDS: Readonly<Record<string, string>> = {
  vitalRecords: 'vital records',
  settlement: 'settlement units',
};

/**
 * Returns the address of a contract.
 *
 * @param network - The network file.
 * @param contract - Name of the contract.
 * @throws MedsealError `CONTRACT_ABSENT` if the network file in force does not name one.
 */
export function requireContract(
  { contracts }: Pick<NetworkFile, 'contracts'>,
  contract: keyof NetworkFile['contracts'],
): Address {
  const address = contracts[contract];
  if (address !== undefined) return address;
  throw new MedsealError('CONTRACT_ABSENT', { contract: WORDS[contract] ?? contract });
}
