import { readStake } from '../../bindings/readStake.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import type { SignedRule, Successor } from '../../protocol/network/Successor.ts';
import type { ComparedLedger } from './ComparedLedger.ts';
import { requireRules } from './requireRules.ts';
import { requireStakes } from './requireStakes.ts';

/** A successor that the ledger contradicts. */
export interface ContradictedSuccessor {
  readonly number: number;
  /** The contradiction, in a sentence without its full stop. */
  readonly reason: string;
}

/**
 * Compares successors that a node keeps with the ledger, whenever it took them: one that it took by its signatures alone
 * was never compared, and of another one the ledger may have begun another change since. Of each office and each stake
 * the newest change counts, for the ledger holds no other. A successor that changes neither leaves no trace there.
 *
 * @param source - The ledger, and the successors.
 * @returns The newest that it contradicts; undefined if it agrees with all.
 * @throws MedsealError as the ledger's reads do.
 */
export async function findContradicted(
  source: ComparedLedger,
): Promise<ContradictedSuccessor | undefined> {
  const seen = new Set<string>();
  for (const successor of source.succession.successors.toReversed()) {
    const { number } = successor;
    const offices = successor.offices.filter(({ message: { office } }) => isFirst(office));
    const stakes = await notOvertaken(
      successor.stakes.filter(({ message: { key } }) => isFirst(key)),
    );
    try {
      await requireRules(source, { ...successor, offices });
      await requireStakes(source, { ...successor, stakes });
    } catch (error) {
      if (!isMedsealError(error, 'SUCCESSOR_INVALID')) throw error;
      return { number, reason: error.values.reason };
    }
  }
  return undefined;

  function isFirst(what: string): boolean {
    const isNew = !seen.has(what);
    seen.add(what);
    return isNew;
  }

  /** Without changes after which the ledger began another one of the same key: nothing there tells of them any more. */
  async function notOvertaken(
    rules: readonly SignedRule<'StakeChange'>[],
  ): Promise<Successor['stakes']> {
    const { ledger, network } = source;
    const { validators } = network.contracts;
    if (validators === undefined) return rules;
    const found: SignedRule<'StakeChange'>[] = [];
    for (const rule of rules) {
      const { change } = await readStake(ledger, validators, rule.message.key);
      if (change <= rule.message.change) found.push(rule);
    }
    return found;
  }
}
