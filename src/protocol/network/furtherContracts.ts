import type { NetworkFile } from './NetworkFile.ts';

/**
 * The care contracts, in the order in which a founding creates them. A network has those that its file names: one that
 * was founded before there was a contract goes on without it. New ones come at the end.
 */
export const FURTHER_CONTRACTS = ['prescriptions', 'vitalRecords', 'settlement', 'claims'] as const;
/** Name of a care contract. */
export type FurtherContract = (typeof FURTHER_CONTRACTS)[number];

/**
 * Returns the care contracts that a network has, in the order of their creation.
 *
 * @param contracts - The contracts of its network file.
 */
export function furtherContractsOf(
  contracts: Partial<NetworkFile['contracts']>,
): readonly FurtherContract[] {
  return FURTHER_CONTRACTS.filter((name) => contracts[name] !== undefined);
}
