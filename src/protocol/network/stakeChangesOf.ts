import type { Bytes32, Organisation } from '../ids.ts';
import { organisationId, presentNodes } from './networkLookups.ts';
import type { NetworkFile } from './NetworkFile.ts';
import type { StakeChange } from '../struct/requests.ts';

/** A change of a validator's stake at the ledger, without the number and deadline that it gets there. */
export type StakeTerms = Omit<StakeChange, 'change' | 'deadline'>;

/** The most stake that one validator can have; the contract `Validators` has the same limit. */
export const MOST_STAKE = 1_000_000_000;

/**
 * Returns the changes that the validators' stakes need, so that they are those of the successor of a network file:
 * first those that give stake, then those that take all of it, so that the last validator is never taken away first.
 *
 * @param predecessor - The file before.
 * @param network - Its successor.
 */
export function stakeChangesOf(
  predecessor: NetworkFile,
  network: NetworkFile,
): readonly StakeTerms[] {
  const before = stakesIn(predecessor);
  const after = stakesIn(network);
  const given = [...after].filter(([key, { stake }]) => before.get(key)?.stake !== stake);
  const taken = [...before].filter(([key]) => !after.has(key));
  return [
    ...given.map(([key, { organisation, stake }]) => termsOf(organisation, key, stake)),
    ...taken.map(([key, { organisation }]) => termsOf(organisation, key, 0)),
  ];
}

/** A validator's organisation, and its stake. */
interface Held {
  readonly organisation: Organisation;
  readonly stake: number;
}

/** The validators' stakes in a network file, by their keys. */
function stakesIn(network: NetworkFile): ReadonlyMap<Bytes32, Held> {
  return new Map(
    presentNodes(network).flatMap(({ organisation, validator }) =>
      validator === undefined
        ? []
        : [[validator.key, { organisation, stake: validator.stake }] as const],
    ),
  );
}

function termsOf(organisation: Organisation, key: Bytes32, amount: number): StakeTerms {
  return { organisation: organisationId(organisation), key, amount };
}
