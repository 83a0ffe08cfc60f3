import type { NetworkFile } from './NetworkFile.ts';

/**
 * The care contracts, in the order in which a founding creates them. A network has those that its file names: one that
 * was founded before there was a contract gets it by a successor of its file. New ones come at the end.
 */
export const FURTHER_CONTRACTS = [
  'prescriptions',
  'vitalRecords',
  'settlement',
  'claims',
  'mandates',
] as const;
/** Name of a care contract. */
export type FurtherContract = (typeof FURTHER_CONTRACTS)[number];

/** The care contracts that a network can get later: the contract of rights names that of mandates for good, or none. */
export const ADDABLE_CONTRACTS = FURTHER_CONTRACTS.filter((name) => name !== 'mandates');

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

/** Contracts that name each other for good, so that neither is of use without the other. */
const PAIR: readonly FurtherContract[] = ['settlement', 'claims'];

/**
 * Returns contracts with those that they cannot be without, each once and in the order of their creation.
 *
 * @param wanted - Names of care contracts.
 */
export function withPartners(wanted: readonly FurtherContract[]): readonly FurtherContract[] {
  const isPair = wanted.some((name) => PAIR.includes(name));
  return FURTHER_CONTRACTS.filter(
    (name) => wanted.includes(name) || (isPair && PAIR.includes(name)),
  );
}
