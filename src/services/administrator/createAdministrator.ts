// Over 400 lines: appending, carrying rules and checkpoints share one lock and one state of the log.

import { encodeBatch } from '../../bindings/encodeBatch.ts';
import { consentAbi } from '../../bindings/generated/consentAbi.ts';
import { evidenceAbi } from '../../bindings/generated/evidenceAbi.ts';
import { hexToBytes } from '../../crypto/bytes.ts';
import { formatCheckpoint } from '../../crypto/note/checkpoint.ts';
import type { NoteKey } from '../../crypto/note/NoteKey.ts';
import { signNote } from '../../crypto/note/signNote.ts';
import type { Countersigned } from '../../bindings/Countersigned.ts';
import { encodeGrant } from '../../bindings/encodeGrant.ts';
import { readEvents, type RuleEvent } from '../../bindings/readEvents.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Sender } from '../../ledger/openSender.ts';
import type { EvidenceLog, NewEntry } from '../../log/EvidenceLog.ts';
import { placeText } from '../../protocol/placeText.ts';
import type {
  Acknowledgement,
  CoordinatorSignature,
  LedgerPlace,
  SignedPlace,
  PlacedCheckpoint,
} from '../../protocol/evidence.ts';
import type { Address, Hex } from '../../protocol/ids.ts';
import { logOf, organisationsBehind } from '../../protocol/networkLookups.ts';
import type { Checkpoint, RuleType, Signed } from '../../protocol/requests.ts';
import { signerOf } from '../../protocol/signing.ts';
import { PlaceWitnesses, type PlaceKeeper } from './PlaceWitnesses.ts';
import type { PlacedRoot } from '../LedgerIndex.ts';
import type { CoordinatorPort } from '../ports.ts';
import { askQuorum } from '../quorum/askQuorum.ts';
import { fulfilled } from '../quorum/fulfilled.ts';
import type { ServiceContext } from '../ServiceContext.ts';
import { shareNext } from '../shareNext.ts';
import { MAX_PRESENTED, presentEntries, type PresentedEntries } from '../entries/presentEntries.ts';

/** Moments at which a log is checkpointed: the first of these. */
export interface CheckpointPolicy {
  /** Entries since the last checkpoint. */
  readonly maxEntries: number;
  /** Bytes of bodies since then; as many as there are if absent. */
  readonly maxBytes?: number;
  /** Milliseconds since the first entry after it. */
  readonly maxDelay: number;
}

/** Options of `createAdministrator`. */
export interface AdministratorOptions {
  /** The organisation's own log. */
  readonly log: EvidenceLog;
  /** The log's note key (Ed25519). */
  readonly noteKey: NoteKey;
  /** The account that carries rules and checkpoints to the ledger. */
  readonly sender: Sender;
  readonly policy: CheckpointPolicy;
  /** The channel's coordinators. */
  readonly coordinators: readonly CoordinatorPort[];
  /** Those of other organisations, which keep the places of entries. */
  readonly others: readonly PlaceKeeper[];
  /** Told of every checkpoint that stands on the ledger. */
  readonly onCheckpointed: (placed: PlacedCheckpoint) => void;
  /** Told once of each checkpoint that failed; it is tried again with the next entry or after `maxDelay`. */
  readonly onFailure: (error: unknown) => void;
}

/** Orders: carries rules to the ledger, appends entries, has the log checkpointed (P1's ordering node). */
export interface Administrator {
  /**
   * Appends judged entries to the organisation's log, durably.
   * @throws MedsealError `VERDICTS_MISSING` if they stand there, but too few others know their places: to be tried
   * again.
   */
  append(entries: readonly NewEntry[]): Promise<readonly Acknowledgement[]>;
  /**
   * Resolves once enough organisations know the place of an entry that it survives the loss of this disk: nobody is
   * told of one before.
   * @throws MedsealError `VERDICTS_MISSING` where too few can be reached.
   */
  kept(index: number): Promise<void>;
  /**
   * Carries rule requests of one kind to the ledger in one transaction.
   * @returns For each its place on the ledger, or why the contract refused it.
   */
  carry(
    type: RuleType,
    requests: readonly Signed<RuleType>[],
  ): Promise<readonly (LedgerPlace | MedsealError<'RULE_REFUSED'>)[]>;
  /**
   * Carries what coordinators signed about epochs to the ledger in one transaction.
   * @returns Why the contract refused some of it.
   */
  advance(
    requests: readonly Countersigned<'Advance'>[],
  ): Promise<readonly MedsealError<'RULE_REFUSED'>[]>;
  /** Checkpoints all other entries; resolves when the checkpoint is on the ledger. */
  checkpoint(): Promise<void>;
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
  const { network, clock, index, primitives } = context;
  const { log, sender, policy, coordinators } = options;
  const { channel } = logOf(network, log.identity.name);
  /** Size of the newest checkpoint that the log keeps. */
  let checkpointed = 0;
  /** Bytes of bodies that this process appended, and of those how many a checkpoint covers. */
  const bytes = { appended: 0, covered: 0 };
  let cancelTimer: (() => void) | undefined;
  /** True if the policy began a checkpoint that has not ended. */
  let underWay = false;
  /** Presentation under way to each coordinator, by its circuit. */
  const showing = new WeakMap<object, Promise<void>>();
  /** Checkpoints go one after another; appends during one share the next. */
  const checkpointNext = shareNext(makeCheckpoint);
  let last: Promise<void> = Promise.resolve();
  let closed = false;
  /** Size of the log on the ledger when this process first looked. */
  let begun: { readonly size: number } | undefined;
  /** Set for good once a second copy of this node was found: the two may have acknowledged different entries. */
  let doubled: { readonly size: number; readonly known: number } | undefined;

  const places = new PlaceWitnesses({
    log,
    others: options.others,
    // Beside the organisation itself, and for either kind: a restored node asks enough others to meet one that knows.
    needed: Math.min(
      channel.thresholds.writes - 1,
      channel.thresholds.views - 1,
      options.others.length,
    ),
    note: signedNote,
  });

  return { append, kept, carry, advance, checkpoint, close };

  async function append(entries: readonly NewEntry[]): Promise<readonly Acknowledgement[]> {
    if (closed) throw new MedsealError('CLOSED', { what: 'administrator' });
    requireWhole();
    const acknowledgements = await log.append(entries);
    // A body's canonical JSON has one byte for each character.
    for (const { body } of entries) bytes.appended += body.length;
    schedule();
    await kept(Math.max(-1, ...acknowledgements.map(({ index: place }) => place)));
    return acknowledgements;
  }

  async function kept(place: number): Promise<void> {
    await places.kept(place + 1);
  }

  function signedNote({ size, root }: Pick<Checkpoint, 'size' | 'root'>): string {
    const text = formatCheckpoint({ origin: log.identity.origin, size, root: hexToBytes(root) });
    return signNote(primitives, text, [options.noteKey]);
  }

  /**
   * Requires that the log holds what the ledger has of it. Otherwise entries were lost, or another copy of this node
   * appended some, and to go on would mend neither.
   */
  function requireWhole(): void {
    if (index.block < 0) return;
    const size = index.checkpoint(log.identity.id)?.size ?? 0;
    begun ??= { size };
    if (size > Math.max(log.size, begun.size)) doubled ??= { size, known: log.size };
    if (doubled !== undefined) throw new MedsealError('NODE_DOUBLED', doubled);
    if (size > log.size) {
      throw new MedsealError('CHECKPOINT_REFUSED', { reason: 'the ledger holds a longer log' });
    }
  }

  function schedule(): void {
    if (closed || log.size <= checkpointed) return;
    const { maxEntries, maxBytes = Infinity } = policy;
    const full =
      log.size - checkpointed >= maxEntries || bytes.appended - bytes.covered >= maxBytes;
    if (full) checkpointNow();
    else cancelTimer ??= clock.after(policy.maxDelay, checkpointNow);
  }

  function checkpointNow(): void {
    // A timer that fired is spent: the next entry, or the end of the work under way, sets another.
    cancelTimer?.();
    cancelTimer = undefined;
    // Entries that are appended meanwhile are handled at the end.
    if (underWay) return;
    underWay = true;
    checkpoint()
      .catch(options.onFailure)
      .finally(() => {
        underWay = false;
        if (cancelTimer === undefined) schedule();
      });
  }

  async function checkpoint(): Promise<void> {
    cancelTimer?.();
    cancelTimer = undefined;
    last = checkpointNext();
    try {
      await last;
    } catch (error) {
      if (!closed) cancelTimer ??= clock.after(policy.maxDelay, checkpointNow);
      throw error;
    }
    schedule();
  }

  async function makeCheckpoint(): Promise<void> {
    checkpointed = (await log.latestCheckpoint())?.checkpoint.size ?? 0;
    const { size } = log;
    const covered = bytes.appended;
    if (size <= checkpointed) return;
    const root = await log.root(size);
    const statement = { log: log.identity.id, size, root };
    // An attempt that was interrupted may have reached the ledger, which then is ahead of what the log keeps.
    await index.refresh();
    requireWhole();
    const held = index.checkpoint(log.identity.id);
    if (held !== undefined && (held.size > size || (await log.root(held.size)) !== held.root)) {
      throw new MedsealError('CHECKPOINT_REFUSED', { reason: 'the ledger holds another log' });
    }
    const note = signedNote(statement);
    const signatures = await collectSignatures(statement, note);
    const ledger = held?.size === size ? held : await carryCheckpoint(statement, signatures, held);
    const kept: PlacedCheckpoint = {
      checkpoint: { log: log.identity.name, size, root, note, signatures },
      ledger: signPlace(statement, ledger),
    };
    await log.keepCheckpoint(kept);
    checkpointed = size;
    bytes.covered = covered;
    options.onCheckpointed(kept);
  }

  function signPlace(checkpoint: Checkpoint, { transaction, block }: LedgerPlace): SignedPlace {
    const text = placeText(log.identity.origin, checkpoint, { transaction, block });
    return { transaction, block, note: signNote(primitives, text, [options.noteKey]) };
  }

  async function carryCheckpoint(
    checkpoint: Checkpoint,
    signatures: readonly CoordinatorSignature[],
    held: PlacedRoot | undefined,
  ): Promise<LedgerPlace> {
    const consistency = held === undefined ? [] : await log.consistency(held.size, checkpoint.size);
    const row = [checkpoint, consistency, signatures.map(signatureOf)] as const;
    const data = encodeBatch(evidenceAbi, 'checkpoint', [row]);
    const receipt = await sender.send({ to: network.contracts.evidence, data });
    const refusal = readEvents(receipt.logs).find(isRefusal);
    if (refusal !== undefined) {
      throw new MedsealError('CHECKPOINT_REFUSED', { reason: refusal.error });
    }
    return receipt;
  }

  async function collectSignatures(
    statement: Checkpoint,
    note: string,
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
        const answer = showTo(coordinator, statement, note, shown);
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
    shown: Map<number, Promise<PresentedEntries>>,
  ): Promise<CoordinatorSignature | undefined> {
    const { name } = log.identity;
    // It may have been shown more since than the checkpoint covers.
    let from = Math.min(size, await coordinator.knownSize(name));
    for (let times = Math.ceil((size - checkpointed) / MAX_PRESENTED) + 1; times > 0; times--) {
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

  async function carry(
    type: RuleType,
    requests: readonly Signed<RuleType>[],
  ): Promise<readonly (LedgerPlace | MedsealError<'RULE_REFUSED'>)[]> {
    if (closed) throw new MedsealError('CLOSED', { what: 'administrator' });
    const data = encodeRules(context, type, requests);
    const receipt = await sender.send({ to: network.contracts.consent, data });
    const refusals = new Map<number, string>();
    for (const event of readEvents(receipt.logs)) {
      if (isRefusal(event)) refusals.set(event.index, event.error);
    }
    return requests.map((_, place) => {
      const reason = refusals.get(place);
      if (reason !== undefined) return new MedsealError('RULE_REFUSED', { reason });
      return { transaction: receipt.transaction, block: receipt.block };
    });
  }

  async function advance(
    requests: readonly Countersigned<'Advance'>[],
  ): Promise<readonly MedsealError<'RULE_REFUSED'>[]> {
    if (closed) throw new MedsealError('CLOSED', { what: 'administrator' });
    const data = encodeBatch(consentAbi, 'advance', requests);
    const receipt = await sender.send({ to: network.contracts.consent, data });
    const refusals = readEvents(receipt.logs).filter(isRefusal);
    return refusals.map(({ error: reason }) => new MedsealError('RULE_REFUSED', { reason }));
  }

  async function close(): Promise<void> {
    closed = true;
    cancelTimer?.();
    // The caller was told of its failure.
    await last.catch(() => undefined);
  }
}

function encodeRules(
  context: ServiceContext,
  type: RuleType,
  requests: readonly Signed<RuleType>[],
): Hex {
  switch (type) {
    case 'Grant':
      return encodeGrant(context.primitives, requests as readonly Signed<'Grant'>[]);
    case 'Revoke':
      return encodeBatch(consentAbi, 'revoke', requests as readonly Signed<'Revoke'>[]);
    case 'CommitEpochs':
      return encodeBatch(consentAbi, 'commitEpochs', requests as readonly Signed<'CommitEpochs'>[]);
  }
}

function signatureOf({ signature }: CoordinatorSignature): Hex {
  return signature;
}

function isRefusal(event: RuleEvent): event is Extract<RuleEvent, { kind: 'Refused' }> {
  return event.kind === 'Refused';
}
