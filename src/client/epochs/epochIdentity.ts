import { earlierIdentity, SPAN } from '../../crypto/keys/earlierIdentity.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Keyring, SpanKey } from '../../protocol/rights/epochs.ts';
import { tipFor } from '../../protocol/evidence/tipFor.ts';

/**
 * Returns a patient's identity for one epoch and category, or the patient's own secret for one epoch, which turns with the
 * spans as a category's identity does.
 *
 * @param keyring - The chart's keys.
 * @param epoch - The epoch.
 * @param category - The category, or `own`.
 * @throws MedsealError `KEY_PENDING` if the epoch is not prepared, or the keyring lacks its span; `RECORD_ERASED` if its keys were erased.
 */
export function epochIdentity(keyring: Keyring, epoch: number, category: SpanKey): string {
  const last = epoch <= preparedIn(keyring) ? endFor(keyring, epoch) : undefined;
  if (last === undefined) throw new MedsealError('KEY_PENDING', {});
  const key = keyring.keys[last]?.[category];
  if (key === undefined) throw new MedsealError('RECORD_ERASED', { category });
  return earlierIdentity(key, last - epoch);
}

/**
 * Returns the newest epoch that a keyring's owner has prepared; 0 for none.
 *
 * @param keyring - The chart's keys.
 * @example
 * ```ts
 * const { state } = await restorePatient(patient);
 * console.log(`epochs up to ${preparedIn(state.keyring)} are prepared`);
 * ```
 */
export function preparedIn(keyring: Keyring): number {
  return keyring.prepared ?? Math.max(0, ...spanEnds(keyring));
}

/** The end of an epoch's span; undefined if the keyring lacks it. No span reaches past a multiple of `SPAN`. */
function endFor(keyring: Keyring, epoch: number): number | undefined {
  const end = tipFor(spanEnds(keyring), epoch);
  return end === undefined || end > Math.ceil(epoch / SPAN) * SPAN ? undefined : end;
}

/** The last epochs of a keyring's spans. */
export function spanEnds({ keys }: Pick<Keyring, 'keys'>): readonly number[] {
  return Object.keys(keys).map(Number);
}

/**
 * Tells whether the keys of an epoch are older than the category `sensitive`. An older chart has them from its next
 * span on, which erasing that category begins at once.
 */
export function predatesSensitive(keyring: Keyring, epoch: number): boolean {
  const end = endFor(keyring, epoch);
  return end !== undefined && !holdsKey(keyring, end, 'sensitive');
}

/** Tells whether a keyring has the patient's own secret for an epoch, without which nothing is sealed to an own identity. */
export function holdsOwn(keyring: Keyring, epoch: number): boolean {
  const end = endFor(keyring, epoch);
  return end !== undefined && holdsKey(keyring, end, 'own');
}

/** Tells whether a keyring gives a key at the end of a span: it does not if the key was erased. */
export function holdsKey({ keys }: Keyring, end: number, key: SpanKey): boolean {
  return keys[end]?.[key] !== undefined;
}
