import { encodeRequests, type Carried } from '../../bindings/encodeRequests.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { toMedsealError } from '../../errors/toMedsealError.ts';
import type { NewEntry } from '../../log/EvidenceLog.ts';
import type { Acknowledgement, LedgerPlace } from '../../protocol/evidence/evidence.ts';
import type { Address } from '../../protocol/ids.ts';
import { LEDGER_REQUESTS, type LedgerType } from '../../protocol/struct/ledgerRequests.ts';
import { logOf } from '../../protocol/network/networkLookups.ts';
import { requireContract } from '../requireContract.ts';
import type { ServiceContext } from '../ServiceContext.ts';
import { createCheckpointer, type CheckpointerOptions } from './createCheckpointer.ts';
import { PlaceWitnesses, type PlaceKeeper } from './PlaceWitnesses.ts';
import { readRefusals } from './readRefusals.ts';
import { MOST_CARRIED, transactionsOf, type TransactionPart } from './transactionsOf.ts';

/** Options of `createAdministrator`. */
export interface AdministratorOptions extends CheckpointerOptions {
  /** Coordinators of other organisations, which keep the places of entries. */
  readonly others: readonly PlaceKeeper[];
}

/** Orders: carries rules to the ledger, appends entries, has the log checkpointed (P1's ordering node). */
export interface Administrator {
  /**
   * Appends judged entries to the organisation's log, durably.
   * @throws MedsealError `VERDICTS_MISSING` if they stand there, but too few others know their places: to be tried
   * again; `LOG_CLOSED`.
   */
  append(entries: readonly NewEntry[]): Promise<readonly Acknowledgement[]>;
  /**
   * Resolves once enough organisations know the place of an entry that it survives the loss of this disk: nobody is
   * told of one before.
   * @throws MedsealError `VERDICTS_MISSING` where too few can be reached; `LOG_CLOSED` if no checkpoint is over it either.
   */
  kept(index: number): Promise<void>;
  /**
   * Carries requests of one kind to the contract that takes them, in one transaction, or in several one after the other if
   * they do not fit into one.
   * @returns For each its place on the ledger, or why the contract refused it, or why no transaction took it.
   * @throws MedsealError `CONTRACT_ABSENT`; errors of the ledger if no transaction took any.
   */
  carry<Type extends LedgerType>(
    type: Type,
    requests: readonly Carried<Type>[],
  ): Promise<readonly (LedgerPlace | MedsealError)[]>;
  /** Checkpoints all other entries; resolves when the checkpoint is on the ledger. */
  checkpoint(): Promise<void>;
  /**
   * Has the entry at a place checkpointed soon, because somebody waits for it; does nothing if it is.
   * @param index - Place in the log.
   */
  hasten(index: number): void;
  /** Milliseconds for which entries have waited for a checkpoint, as far as this process knows; 0 if none waits. */
  waited(): number;
  /** Ends after the checkpoint that is under way. */
  close(): Promise<void>;
}

/**
 * Makes an administrator.
 *
 * @param context - The organisation's context.
 * @param options - Log, keys, ledger account, policy, coordinators.
 */
export function createAdministrator(
  context: ServiceContext,
  options: AdministratorOptions,
): Administrator {
  const { network } = context;
  const { log, sender } = options;
  const { channel } = logOf(network, log.identity.name);
  const checkpointer = createCheckpointer(context, options);
  let closed = false;

  const places = new PlaceWitnesses({
    log,
    others: options.others,
    // Beside the organisation itself, and for either kind: a restored node asks enough others to meet one that knows.
    needed: Math.min(
      channel.thresholds.writes - 1,
      channel.thresholds.views - 1,
      options.others.length,
    ),
    async note(edge) {
      await options.requireOpen();
      return checkpointer.signedNote(edge);
    },
  });

  return {
    append,
    kept,
    carry,
    checkpoint: async () => await checkpointer.checkpoint(),
    hasten: (index) => checkpointer.hasten(index),
    waited: () => checkpointer.waited(),
    close,
  };

  async function append(entries: readonly NewEntry[]): Promise<readonly Acknowledgement[]> {
    if (closed) throw new MedsealError('CLOSED', { what: 'administrator' });
    await options.requireOpen();
    checkpointer.requireWhole();
    const acknowledgements = await log.append(entries);
    // A body's canonical JSON has one byte for each character.
    checkpointer.appended(entries.reduce((sum, { body }) => sum + body.length, 0));
    await kept(Math.max(-1, ...acknowledgements.map(({ index: place }) => place)));
    return acknowledgements;
  }

  async function kept(place: number): Promise<void> {
    // The ledger has it, whoever knows its place.
    if (place >= 0 && (await log.checkpointCovering(place)) !== undefined) return;
    await options.requireOpen();
    await places.kept(place + 1);
  }

  async function carry<Type extends LedgerType>(
    type: Type,
    requests: readonly Carried<Type>[],
  ): Promise<readonly (LedgerPlace | MedsealError)[]> {
    const { contract } = LEDGER_REQUESTS[type];
    const to = requireContract(network, contract);
    const most = contract === 'consent' ? MOST_CARRIED.rules : MOST_CARRIED.care;
    const parts = transactionsOf(requests, most, (part) =>
      encodeRequests(context.primitives, type, part),
    );
    return await send(to, parts);
  }

  /** Sends one part after the other, since a request may rest on one before it; after a failure nothing more is sent. */
  async function send(
    to: Address,
    parts: Iterable<TransactionPart>,
  ): Promise<readonly (LedgerPlace | MedsealError)[]> {
    if (closed) throw new MedsealError('CLOSED', { what: 'administrator' });
    const answers: (LedgerPlace | MedsealError)[] = [];
    let failed: MedsealError | undefined;
    for (const part of parts) {
      try {
        if (failed === undefined) answers.push(...(await sendPart(to, part)));
      } catch (error) {
        if (answers.length === 0) throw error;
        failed = toMedsealError(error);
      }
      if (failed !== undefined) answers.push(...Array<MedsealError>(part.count).fill(failed));
    }
    return answers;
  }

  async function sendPart(
    to: Address,
    { data, count }: TransactionPart,
  ): Promise<readonly (LedgerPlace | MedsealError)[]> {
    const receipt = await sender.send({ to, data });
    const refusals = new Map<number, string>();
    for (const { index, error } of readRefusals(receipt.logs)) refusals.set(index, error);
    return Array.from({ length: count }, (_, place) => {
      const reason = refusals.get(place);
      if (reason !== undefined) return new MedsealError('RULE_REFUSED', { reason });
      return { transaction: receipt.transaction, block: receipt.block };
    });
  }

  async function close(): Promise<void> {
    closed = true;
    await checkpointer.close();
  }
}
