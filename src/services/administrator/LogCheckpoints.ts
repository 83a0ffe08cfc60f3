import { encodeBatch } from '../../bindings/encodeBatch.ts';
import { evidenceAbi } from '../../bindings/generated/evidenceAbi.ts';
import { hexToBytes } from '../../crypto/bytes.ts';
import { formatCheckpoint } from '../../crypto/note/checkpoint.ts';
import type { NoteKey } from '../../crypto/note/NoteKey.ts';
import { signNote } from '../../crypto/note/signNote.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Sender } from '../../ledger/openSender.ts';
import type { EvidenceLog } from '../../log/EvidenceLog.ts';
import type {
  CoordinatorSignature,
  LedgerPlace,
  PlacedCheckpoint,
  SignedPlace,
} from '../../protocol/evidence/evidence.ts';
import type { Checkpoint } from '../../protocol/struct/requests.ts';
import { placeText } from '../../protocol/wire/placeText.ts';
import type { PlacedRoot } from '../LedgerIndex.ts';
import type { CoordinatorPort } from '../ports.ts';
import type { ServiceContext } from '../ServiceContext.ts';
import { createSignatureCollector, type SignatureCollector } from './createSignatureCollector.ts';
import { readRefusals } from './readRefusals.ts';

/** Options of `LogCheckpoints`. */
export interface LogCheckpointsOptions {
  /** The organisation's own log. */
  readonly log: EvidenceLog;
  /** The log's note key (Ed25519). */
  readonly noteKey: NoteKey;
  /** The account that carries checkpoints to the ledger. */
  readonly sender: Sender;
  /** The channel's coordinators. */
  readonly coordinators: readonly CoordinatorPort[];
}

/** Makes checkpoints of an organisation's own log: signed by it and a quorum of coordinators, and on the ledger. */
export class LogCheckpoints {
  readonly #context: ServiceContext;
  readonly #options: LogCheckpointsOptions;
  readonly #signatures: SignatureCollector;
  /** Size of the log on the ledger when this process first looked. */
  #begun: { readonly size: number } | undefined;
  /** Set for good once a second copy of this node was found: the two may have acknowledged different entries. */
  #doubled: { readonly size: number; readonly known: number } | undefined;

  constructor(context: ServiceContext, options: LogCheckpointsOptions) {
    this.#context = context;
    this.#options = options;
    this.#signatures = createSignatureCollector(context, options.log, options.coordinators);
  }

  /**
   * Requires that the log holds what the ledger has of it.
   * @throws MedsealError `NODE_DOUBLED`, `CHECKPOINT_REFUSED`.
   */
  requireWhole(): void {
    const { index } = this.#context;
    const { log } = this.#options;
    if (index.block < 0) return;
    const size = index.checkpoint(log.identity.id)?.size ?? 0;
    this.#begun ??= { size };
    if (size > Math.max(log.size, this.#begun.size)) this.#doubled ??= { size, known: log.size };
    if (this.#doubled !== undefined) throw new MedsealError('NODE_DOUBLED', this.#doubled);
    if (size > log.size) {
      throw new MedsealError('CHECKPOINT_REFUSED', { reason: 'the ledger holds a longer log' });
    }
  }

  /** The log's own signature over its size and root. */
  signedNote({ size, root }: Pick<Checkpoint, 'size' | 'root'>): string {
    const { origin } = this.#options.log.identity;
    return this.#sign(formatCheckpoint({ origin, size, root: hexToBytes(root) }));
  }

  /**
   * Has the log's first entries signed and carried to the ledger.
   *
   * @param size - Number of entries.
   * @param before - Size of the newest checkpoint that the log keeps.
   * @throws MedsealError `NODE_DOUBLED`, `CHECKPOINT_REFUSED`, `VERDICTS_MISSING`.
   */
  async place(size: number, before: number): Promise<PlacedCheckpoint> {
    const { index } = this.#context;
    const { log } = this.#options;
    const root = await log.root(size);
    const statement = { log: log.identity.id, size, root };
    // An attempt that was interrupted may have reached the ledger, which then is ahead of what the log keeps.
    await index.refresh();
    this.requireWhole();
    const held = index.checkpoint(log.identity.id);
    if (held !== undefined && (held.size > size || (await log.root(held.size)) !== held.root)) {
      throw new MedsealError('CHECKPOINT_REFUSED', { reason: 'the ledger holds another log' });
    }
    const note = this.signedNote(statement);
    const signatures = await this.#signatures.collect(statement, note, before);
    const ledger = held?.size === size ? held : await this.#carry(statement, signatures, held);
    return {
      checkpoint: { log: log.identity.name, size, root, note, signatures },
      ledger: this.#signPlace(statement, ledger),
    };
  }

  #signPlace(checkpoint: Checkpoint, { transaction, block }: LedgerPlace): SignedPlace {
    const { origin } = this.#options.log.identity;
    const note = this.#sign(placeText(origin, checkpoint, { transaction, block }));
    return { transaction, block, note };
  }

  #sign(text: string): string {
    return signNote(this.#context.primitives, text, [this.#options.noteKey]);
  }

  async #carry(
    checkpoint: Checkpoint,
    collected: readonly CoordinatorSignature[],
    held: PlacedRoot | undefined,
  ): Promise<LedgerPlace> {
    const { log, sender } = this.#options;
    const consistency = held === undefined ? [] : await log.consistency(held.size, checkpoint.size);
    const row = [checkpoint, consistency, collected.map(({ signature }) => signature)] as const;
    const data = encodeBatch(evidenceAbi, 'checkpoint', [row]);
    const to = this.#context.network.contracts.evidence;
    const receipt = await sender.send({ to, data });
    const [refusal] = readRefusals(receipt.logs);
    if (refusal !== undefined) {
      throw new MedsealError('CHECKPOINT_REFUSED', { reason: refusal.error });
    }
    return receipt;
  }
}
