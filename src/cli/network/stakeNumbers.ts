import type { LedgerProvider } from '../../bindings/LedgerProvider.ts';
import { readStake } from '../../bindings/readStake.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import type { Successor } from '../../protocol/network/Successor.ts';

/**
 * Returns the numbers that changes of validators' stakes have next: one more than the last that a known successor has, or
 * that the ledger began, which may belong to a change that was dropped.
 *
 * @param keys - The validators' keys.
 * @param network - The network file.
 * @param successors - Its successors that are known.
 * @param ledger - The ledger; not asked if absent.
 * @throws MedsealError of the ledger.
 */
export async function stakeNumbers(
  keys: readonly Bytes32[],
  { contracts: { validators } }: Pick<NetworkFile, 'contracts'>,
  successors: readonly Pick<Successor, 'stakes'>[],
  ledger?: LedgerProvider,
): Promise<ReadonlyMap<Bytes32, number>> {
  const known = successors.flatMap(({ stakes }) => stakes.map(({ message }) => message));
  const numbers = new Map<Bytes32, number>();
  for (const key of keys) {
    const own = known.filter((each) => each.key === key).map(({ change }) => change);
    const begun =
      ledger === undefined || validators === undefined
        ? 0
        : (await readStake(ledger, validators, key)).change;
    numbers.set(key, Math.max(0, begun, ...own) + 1);
  }
  return numbers;
}
