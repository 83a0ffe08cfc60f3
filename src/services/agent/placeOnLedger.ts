import { encodeRequests, type Carried } from '../../bindings/encodeRequests.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { LedgerPlace } from '../../protocol/evidence/evidence.ts';
import type { Hex } from '../../protocol/ids.ts';
import { LEDGER_REQUESTS, type LedgerType } from '../../protocol/struct/ledgerRequests.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { readRefusals } from '../administrator/readRefusals.ts';
import { requireContract } from '../requireContract.ts';
import type { AgentContext } from './AgentContext.ts';

/** A request that one transaction carries to the ledger, step by step. */
export interface Placing<Known = LedgerPlace> {
  readonly contract: keyof NetworkFile['contracts'];
  /** Name of what it changes; requests about the same wait for each other. */
  readonly about: string;
  /** Last second at which the ledger takes it; absent if it has none. */
  readonly deadline?: number;
  /**
   * Verifies who signed it, by what the index knows now.
   * @throws MedsealError if nobody did who may.
   */
  readonly authenticate?: () => void;
  /** Finds the answer if the ledger has it already, such as its place. */
  readonly known: () => Known | undefined;
  /**
   * Judges what the contract does not see, and who signed it with which key, by what the index knows now.
   * @throws MedsealError if it is not in order.
   */
  readonly require?: () => void;
  /** Encodes the call. */
  readonly data: () => Hex;
  /**
   * Counts it once the contract would take it.
   * @throws MedsealError `QUOTA_SPENT`.
   */
  readonly admit?: () => void;
  /** True if only the block that takes it can tell whether its time has come: it is sent without a dry run. */
  readonly untried?: true;
}

/**
 * Steps of a request of a type: who takes it, until when, and how it is encoded.
 *
 * @param agent - The agent's context.
 * @param type - The type.
 * @param carried - The request with what goes along.
 */
export function carrying<Type extends LedgerType>(
  { primitives }: AgentContext,
  type: Type,
  carried: Carried<Type>,
): Pick<Placing, 'contract' | 'deadline' | 'data'> {
  const { contract } = LEDGER_REQUESTS[type];
  const { deadline } = carried.message as { readonly deadline: number };
  return { contract, deadline, data: () => encodeRequests(primitives, type, [carried]) };
}

/**
 * Carries a request to the ledger once. A dry run asks the contract first, so that nobody's words cost a transaction that
 * changes nothing; the contract decides again in the block. A repeat of one that the ledger has gets its answer again,
 * also if another node carried it at the same time.
 *
 * @param agent - The agent's context.
 * @param placing - The request.
 * @throws MedsealError `CONTRACT_ABSENT`, `REQUEST_LATE`; what `authenticate`, `require` and `admit` throw; `RULE_REFUSED`
 * with the contract's reason, or the error that a node has for that reason; of the ledger.
 */
export async function placeOnLedger<Known>(
  { changing, index, network, sender }: AgentContext,
  placing: Placing<Known>,
): Promise<Known | LedgerPlace> {
  const { contract, about, deadline = Infinity, known, data, admit, untried } = placing;
  const to = requireContract(network, contract);
  return await changing.run(about, async () => {
    await index.refresh();
    placing.authenticate?.();
    const before = known();
    if (before !== undefined) return before;
    if (deadline < index.moment) throw new MedsealError('REQUEST_LATE', {});
    placing.require?.();
    try {
      const dryRun = untried === true ? {} : { dryRun: () => admit?.() };
      const { logs, transaction, block } = await sender
        .send({ to, data: data(), ...dryRun })
        .catch((error: unknown) => {
          throw typed(error);
        });
      const [refused] = readRefusals(logs);
      if (refused !== undefined) throw new MedsealError('RULE_REFUSED', { reason: refused.error });
      await index.refresh();
      return { transaction, block };
    } catch (error) {
      await index.refresh().catch(() => undefined);
      const after = known();
      if (after !== undefined) return after;
      throw error;
    }
  });
}

/** The error that a node has for what a dry run refused. */
function typed(error: unknown): unknown {
  if (!isMedsealError(error, 'RULE_REFUSED')) return error;
  switch (error.values.reason) {
    case 'PartyUnknown':
      return new MedsealError('PARTY_UNKNOWN', {});
    case 'SignatureInvalid':
      return new MedsealError('SIGNATURE_INVALID', {});
    case 'DeadlinePassed':
      // Not final: no block has shown it yet.
      return new MedsealError('REQUEST_LATE', {});
    default:
      return error;
  }
}
