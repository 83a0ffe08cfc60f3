import { readEvents } from '../../bindings/readEvents.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { LedgerPlace } from '../../protocol/evidence/evidence.ts';
import type { Address, Hex } from '../../protocol/ids.ts';
import type { AgentContext } from './AgentContext.ts';

/** A request that one transaction carries to the ledger. */
export interface Placing<Known> {
  /** Name of what it changes; requests about the same wait for each other. */
  readonly about: string;
  /**
   * Verifies who signed it, by what the index knows now.
   * @throws MedsealError if nobody did who may.
   */
  readonly authenticate?: () => void;
  /** Finds the answer if the ledger has it already, such as its place. */
  readonly known: () => Known | undefined;
  /**
   * Judges it as the contract will, by what the index knows now, and encodes the call.
   * @throws MedsealError if the contract would refuse it, so that nobody's words cost a transaction that changes nothing.
   */
  readonly call: () => { readonly to: Address; readonly data: Hex };
}

/**
 * Carries a request to the ledger once. A repeat of one that the ledger has gets its answer again, also if another node
 * carried it at the same time.
 *
 * @param agent - The agent's context.
 * @param placing - The request.
 * @throws MedsealError what `authenticate` and `call` throw; `RULE_REFUSED` with the contract's reason; of the ledger.
 */
export async function placeOnLedger<Known>(
  { changing, index, sender }: AgentContext,
  { about, authenticate, known, call }: Placing<Known>,
): Promise<Known | LedgerPlace> {
  return await changing.run(about, async () => {
    await index.refresh();
    authenticate?.();
    const before = known();
    if (before !== undefined) return before;
    const due = call();
    try {
      const { logs, transaction, block } = await sender.send(due);
      await index.refresh();
      const refused = readEvents(logs).find((event) => event.kind === 'Refused');
      if (refused === undefined) return { transaction, block };
      throw new MedsealError('RULE_REFUSED', { reason: refused.error });
    } catch (error) {
      const after = known();
      if (after !== undefined) return after;
      throw error;
    }
  });
}
