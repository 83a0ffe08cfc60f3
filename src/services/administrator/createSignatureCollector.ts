import { MedsealError } from '../../errors/MedsealError.ts';
import type { EvidenceLog } from '../../log/EvidenceLog.ts';
import type { CoordinatorSignature } from '../../protocol/evidence/evidence.ts';
import type { Address } from '../../protocol/ids.ts';
import { logOf, organisationsBehind } from '../../protocol/network/networkLookups.ts';
import type { Checkpoint } from '../../protocol/struct/requests.ts';
import { signerOf } from '../../protocol/struct/signing.ts';
import { MAX_PRESENTED, presentEntries, type PresentedEntries } from '../entries/presentEntries.ts';
import type { CoordinatorPort } from '../ports.ts';
import { askQuorum } from '../quorum/askQuorum.ts';
import { fulfilled } from '../quorum/fulfilled.ts';
import type { ServiceContext } from '../ServiceContext.ts';

/** Collects the signatures of a quorum of coordinators over a checkpoint of a log. */
export interface SignatureCollector {
  /**
   * Presents the log to coordinators until enough of them signed.
   *
   * @param statement - The checkpoint.
   * @param note - The checkpoint as the log itself signed it.
   * @param before - Size of the newest checkpoint that the log keeps.
   * @throws MedsealError `VERDICTS_MISSING`.
   */
  collect(statement: Checkpoint, note: string, before: number): Promise<CoordinatorSignature[]>;
}

/**
 * Makes a collector.
 *
 * @param context - The organisation's context.
 * @param log - The organisation's own log.
 * @param coordinators - The channel's coordinators.
 */
export function createSignatureCollector(
  context: ServiceContext,
  log: EvidenceLog,
  coordinators: readonly CoordinatorPort[],
): SignatureCollector {
  const { channel } = logOf(context.network, log.identity.name);
  /** Presentation under way to each coordinator, by its circuit. */
  const showing = new WeakMap<object, Promise<void>>();

  return { collect };

  async function collect(
    statement: Checkpoint,
    note: string,
    before: number,
  ): Promise<CoordinatorSignature[]> {
    const needed = channel.thresholds.writes;
    const shown = new Map<number, Promise<PresentedEntries>>();
    let over = false;
    const answers = await askQuorum(context, coordinators, {
      ask: async (coordinator) => {
        // A slow coordinator gets one checkpoint at a time; it skips those that are made meanwhile.
        const shownTo = context.circuits.of(coordinator) ?? coordinator;
        await showing.get(shownTo);
        if (over) return undefined;
        const answer = showTo(coordinator, statement, note, { shown, before });
        const ended = answer.then(
          () => undefined,
          () => undefined,
        );
        showing.set(shownTo, ended);
        const signed = await answer;
        if (signed === undefined) return undefined;
        return signerOf(context, 'Checkpoint', statement, signed.signature) === signed.coordinator
          ? signed
          : undefined;
      },
      least: needed,
      isDecided: (given, left) => {
        const got = countBehind(signaturesIn(given));
        return got >= needed || got + left < needed;
      },
    });
    over = true;
    const signatures = signaturesIn(answers);
    const got = countBehind(signatures);
    if (got < needed) {
      const cause: unknown = answers.find((answer) => answer.status === 'rejected')?.reason;
      throw new MedsealError('VERDICTS_MISSING', { got, needed }, { cause });
    }
    return signatures;
  }

  /** The contract refuses all of them for one that is wrong, or there twice. */
  function signaturesIn(
    answers: readonly PromiseSettledResult<CoordinatorSignature | undefined>[],
  ): CoordinatorSignature[] {
    const byCoordinator = new Map<Address, CoordinatorSignature>();
    for (const signed of fulfilled(answers)) {
      if (signed !== undefined) byCoordinator.set(signed.coordinator, signed);
    }
    return channel.coordinators
      .flatMap(({ address }) => byCoordinator.get(address) ?? [])
      .toSorted((left, right) => (left.coordinator < right.coordinator ? -1 : 1));
  }

  function countBehind(signatures: readonly CoordinatorSignature[]): number {
    const signers = signatures.map(({ coordinator }) => coordinator);
    return organisationsBehind(channel, signers);
  }

  /**
   * Presents to a coordinator the entries that it does not know yet, a limited number at once, until it signs. A
   * coordinator that knew the checkpoint before gets all of them; one that was away catches up from one attempt to the
   * next, and holds up nobody.
   */
  async function showTo(
    coordinator: CoordinatorPort,
    { size }: Checkpoint,
    note: string,
    { shown, before }: Presentation,
  ): Promise<CoordinatorSignature | undefined> {
    const { name } = log.identity;
    // It may have been shown more since than the checkpoint covers.
    let from = Math.min(size, await coordinator.knownSize(name));
    for (let times = Math.ceil((size - before) / MAX_PRESENTED) + 1; times > 0; times--) {
      const entries = shown.get(from) ?? presentEntries(log, { from, to: size });
      shown.set(from, entries);
      const answer = await coordinator.signCheckpoint({
        log: name,
        note,
        from,
        ...(await entries),
      });
      if (answer.signed !== undefined) return answer.signed;
      if (!(answer.known > from && answer.known < size)) return undefined;
      from = answer.known;
    }
    return undefined;
  }
}

/** Entries that are presented to all coordinators for one checkpoint. */
interface Presentation {
  /** Pages of them, by their first place, each read once for all. */
  readonly shown: Map<number, Promise<PresentedEntries>>;
  /** Size of the newest checkpoint that the log keeps. */
  readonly before: number;
}
