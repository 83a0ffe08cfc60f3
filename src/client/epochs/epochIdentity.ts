import { hexToBytes } from '../../crypto/bytes.ts';
import { deriveEpochIdentity } from '../../crypto/keys/deriveEpochIdentity.ts';
import { earlierIdentity } from '../../crypto/keys/earlierIdentity.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Keyring, SpanKey } from '../../protocol/rights/epochs.ts';
import { tipFor } from '../../protocol/evidence/tipFor.ts';

/**
 * Derives a patient's identity for one epoch and category, or the patient's own secret for one epoch, which turns with the
 * spans as a category's identity does.
 *
 * @param seed - The patient's seed.
 * @param keyring - The patient's salts.
 * @param epoch - The epoch.
 * @param category - The category, or `own`.
 * @throws MedsealError `KEY_PENDING` if the epoch is not prepared; `RECORD_ERASED` if its keys were erased.
 */
export function epochIdentity(
  seed: Uint8Array,
  keyring: Keyring,
  epoch: number,
  category: SpanKey,
): string {
  const { handle, salts, closed } = keyring;
  const last = epoch <= preparedIn(keyring) ? tipFor(spanEnds(keyring), epoch) : undefined;
  if (last === undefined) throw new MedsealError('KEY_PENDING', {});
  const kept = closed?.[last]?.[category];
  if (kept !== undefined) return earlierIdentity(kept, last - epoch);
  const salt = salts[last]?.[category];
  if (salt === undefined) throw new MedsealError('RECORD_ERASED', { category });
  const name = { handle, category, epoch: last, salt: hexToBytes(salt) };
  return earlierIdentity(deriveEpochIdentity(seed, name), last - epoch);
}

/**
 * Returns the newest epoch that a keyring's owner has prepared; 0 for none.
 *
 * @param keyring - The patient's salts.
 * @example
 * ```ts
 * const { state } = await restorePatient(patient);
 * console.log(`epochs up to ${preparedIn(state.keyring)} are prepared`);
 * ```
 */
export function preparedIn(keyring: Keyring): number {
  return keyring.prepared ?? Math.max(0, ...spanEnds(keyring));
}

/** The last epochs of a keyring's spans. */
export function spanEnds({ salts, closed = {} }: Keyring): readonly number[] {
  return [...new Set([...Object.keys(closed), ...Object.keys(salts)])].map(Number);
}

/**
 * Tells whether the keys of an epoch are older than the category `sensitive`. An older chart has them from its next
 * span on, which erasing that category begins at once.
 */
export function predatesSensitive(keyring: Keyring, epoch: number): boolean {
  const end = tipFor(spanEnds(keyring), epoch);
  return end !== undefined && !holdsKey(keyring, end, 'sensitive');
}

/** Tells whether a keyring has the patient's own secret for an epoch, without which nothing is sealed to an own identity. */
export function holdsOwn(keyring: Keyring, epoch: number): boolean {
  const end = tipFor(spanEnds(keyring), epoch);
  return end !== undefined && holdsKey(keyring, end, 'own');
}

/** Tells whether a keyring gives a key at the end of a span: it does not if the key was erased. */
export function holdsKey({ salts, closed }: Keyring, end: number, key: SpanKey): boolean {
  return (closed?.[end]?.[key] ?? salts[end]?.[key]) !== undefined;
}
