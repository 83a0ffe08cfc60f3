import type { Organisation } from '../ids.ts';
import type { ComparedIndex } from './OperatorPort.ts';

/** The organisations whose index of the ledger is not a node's own, and whose is to be rebuilt. */
export interface DifferingIndexes {
  readonly names: readonly Organisation[];
  /** True if more organisations differ than have the same: then the node's own one may be the wrong one. */
  readonly isOurs: boolean;
}

/**
 * Returns with whom a node's index of the ledger differs.
 *
 * @param compared - The last comparison with each organisation.
 */
export function differingIndexes(compared: readonly ComparedIndex[]): DifferingIndexes {
  const names = compared.filter(({ same }) => !same).map(({ organisation }) => organisation);
  return { names, isOurs: names.length > compared.length - names.length };
}
