import type { LedgerProvider } from '../../bindings/LedgerProvider.ts';
import { readRemoval } from '../../bindings/readRemoval.ts';
import { readReplacedBy } from '../../bindings/readReplacedBy.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import type { Successor } from '../../protocol/network/Successor.ts';

/** The parts of a successor that the ledger carries out when it is published, without its delay. */
type AtOnce = Pick<Successor, 'replacement' | 'removal'>;

/**
 * Tells whether the ledger has done what a successor does at once: it replaced the key of a validator, or took its power. True of a
 * successor that does neither.
 *
 * @param source - The ledger.
 * @param successor - The successor.
 */
export async function isDoneAtOnce(
  {
    ledger,
    network,
  }: { readonly ledger: LedgerProvider; readonly network: Pick<NetworkFile, 'contracts'> },
  { replacement, removal }: AtOnce,
): Promise<boolean> {
  const { validators } = network.contracts;
  if (replacement !== undefined) {
    const { former, key } = replacement.message;
    if (validators === undefined || (await readReplacedBy(ledger, validators, former)) !== key)
      return false;
  }
  if (removal === undefined) return true;
  const { key, removal: number } = removal.message;
  return validators !== undefined && (await readRemoval(ledger, validators, key)).removal >= number;
}

/**
 * Tells whether the ledger still takes what a successor does at once, long before the successor holds.
 *
 * @param successor - The successor.
 * @param now - Seconds.
 */
export function isUrgent({ replacement, removal }: AtOnce, now: number): boolean {
  return [replacement, removal].some((rule) => rule !== undefined && rule.message.deadline >= now);
}
