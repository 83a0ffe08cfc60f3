import { MedsealError } from '../../errors/MedsealError.ts';
import { maxLedgerAgeOf } from '../network/maxLedgerAgeOf.ts';
import type { NetworkFile } from '../network/NetworkFile.ts';
import type { RulesView } from '../rights/RulesView.ts';

/**
 * Refuses to judge by a ledger that has not made a block for longer than its network allows: a right may have been ended
 * meanwhile, and the ledger takes no end of one while it stands still.
 *
 * @param network - The network file, which states the bound.
 * @param view - The rules, with the age of their newest block.
 * @throws MedsealError `LEDGER_STALE`.
 */
export function requireLivingLedger(
  network: Pick<NetworkFile, 'ledger'>,
  { age }: Pick<RulesView, 'age'>,
): void {
  if (standsStill(network, { age })) throw new MedsealError('LEDGER_STALE', { age });
}

/** Tells whether a ledger has not made a block for longer than its network allows. */
export function standsStill(
  network: Pick<NetworkFile, 'ledger'>,
  { age }: Pick<RulesView, 'age'>,
): boolean {
  return age > (maxLedgerAgeOf(network) ?? Infinity);
}
