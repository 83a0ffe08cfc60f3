import { encodeBatch } from '../../bindings/encodeBatch.ts';
import { registryAbi } from '../../bindings/generated/registryAbi.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import type { Sender } from '../../ledger/openSender.ts';
import { standsStill } from '../../protocol/evidence/requireLivingLedger.ts';
import type { Address } from '../../protocol/ids.ts';
import type { ServiceContext } from '../ServiceContext.ts';

/** Seconds after which a recovery that the ledger would not finish is tried again. */
const PAUSE = 3600;

/**
 * Makes the call that finishes recoveries of keys whose delay has passed. Every organisation does so, and the ledger takes the first:
 * none can hold one back. A dry run comes first, so that nothing that the ledger refuses costs a transaction.
 *
 * @param context - The organisation's view of the ledger.
 * @param sender - The account that sends it.
 * @returns Throws MedsealError `LEDGER_UNREACHABLE`; the next time it tries again.
 */
export function createRecoveryFinisher(
  { index, network }: Pick<ServiceContext, 'index' | 'network'>,
  sender: Pick<Sender, 'send'>,
): () => Promise<void> {
  /** Moments at which the ledger would not finish a party's recovery, Unix seconds. */
  const refused = new Map<Address, number>();

  return async () => {
    if (index.dueRecoveries(index.moment).length === 0) return;
    await index.refresh();
    if (standsStill(network, index)) return;
    const due = index.dueRecoveries(index.moment);
    for (const party of refused.keys()) if (!due.includes(party)) refused.delete(party);
    for (const party of due) {
      if ((refused.get(party) ?? -Infinity) + PAUSE > index.moment) continue;
      const data = encodeBatch(registryAbi, 'finishRecoveries', [[party]]);
      try {
        await sender.send({ to: network.contracts.registry, data, dryRun: () => undefined });
      } catch (error) {
        if (!isMedsealError(error, 'RULE_REFUSED')) throw error;
        // Another organisation can have been the first, or its block's time is a second behind.
        const isLasting = error.values.reason === 'AddressTaken';
        if (isLasting) refused.set(party, index.moment);
      }
    }
    await index.refresh();
  };
}
