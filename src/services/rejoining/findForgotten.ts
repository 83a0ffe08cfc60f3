import type { EvidenceLog } from '../../log/EvidenceLog.ts';
import type { PlacedCheckpoint } from '../../protocol/evidence/evidence.ts';
import { succeeds } from '../../protocol/wire/succeeds.ts';
import type { Address, LogName } from '../../protocol/ids.ts';
import { signerOf } from '../../protocol/struct/signing.ts';
import type { Coordinator } from '../coordinator/createCoordinator.ts';
import type { ContributorPort, CoordinatorPort } from '../ports.ts';
import type { ServiceContext } from '../ServiceContext.ts';
import { signedSize } from '../signedSize.ts';

/** Another organisation that may know what this one signed; not trusted. */
export interface Remembering {
  readonly coordinator: Pick<CoordinatorPort, 'lastSigned' | 'shown'>;
  readonly contributor: Pick<ContributorPort, 'latestCheckpoint'>;
}

/** Notes of an organisation on what it signed. */
export interface ForgottenNotes {
  readonly logs: ReadonlyMap<LogName, EvidenceLog>;
  readonly coordinator: Pick<Coordinator, 'lastSigned'>;
  /** Of its coordinator's key. */
  readonly address: Address;
}

/**
 * Tells whether another organisation, or the ledger, proves that this one signed something that it does not know: a
 * longer log, or checkpoints of its coordinator that reach further. Its folder was then rolled back, by whatever means:
 * everything that it signs is on its disk first. Only what its own keys signed, and what the ledger holds of its own
 * log, counts.
 *
 * @param context - The organisation's context, its view of the ledger up to date.
 * @param own - Notes of this organisation.
 * @param other - The other organisation.
 * @returns Description of what it forgot, for people; undefined if nothing is proven.
 * @throws MedsealError of the other organisation.
 */
export async function findForgotten(
  context: ServiceContext,
  own: ForgottenNotes,
  other: Remembering,
): Promise<string | undefined> {
  for (const log of own.logs.values()) {
    const { name, id, organisation } = log.identity;
    const placed = await other.contributor.latestCheckpoint(name);
    const { size } = await own.coordinator.lastSigned(name);
    if (
      placed !== undefined &&
      placed.checkpoint.size > size &&
      isSigned(context, own, log, placed)
    ) {
      return `its coordinator signed a checkpoint of ${placed.checkpoint.size} entries of ${name}, and knows of ${size}`;
    }
    if (organisation !== context.organisation) continue;
    const signed = await other.coordinator.lastSigned(name);
    const shown = await other.coordinator.shown({ log: name, from: log.size });
    const held = context.index.checkpoint(id)?.size ?? 0;
    const notes = [signed.note, shown?.note].map((note) => signedSize(context, log.identity, note));
    const longest = Math.max(held, ...notes);
    // Last: who was not heard at the start is asked while it serves, and its log grows until the answers are here.
    const { size: here } = log;
    if (longest > here) return `${name} had ${longest} entries, and has ${here}`;
  }
  return undefined;
}

/** Tells whether this organisation's coordinator is among those who signed a checkpoint. */
function isSigned(
  context: ServiceContext,
  { address }: ForgottenNotes,
  { identity }: EvidenceLog,
  { checkpoint }: PlacedCheckpoint,
): boolean {
  const { size, root } = checkpoint;
  const statement = { log: identity.id, size, root };
  return checkpoint.signatures.some(
    ({ coordinator, signature }) =>
      coordinator === address &&
      succeeds(() => signerOf(context, 'Checkpoint', statement, signature) === address),
  );
}
