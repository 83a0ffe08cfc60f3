import { isMedsealError } from '../../errors/isMedsealError.ts';
import { SPAN_KEYS, type Keyring, type SpanKey } from '../../protocol/rights/epochs.ts';
import type { Erase } from '../../protocol/struct/requests.ts';
import { succeeds } from '../../protocol/wire/succeeds.ts';
import type { PatientState } from '../state/PatientState.ts';
import { closeSpan } from './closeSpan.ts';
import { epochIdentity } from './epochIdentity.ts';

/** Keys of past epochs, and what decides which of them a newest state may lack. */
export interface KeysHere {
  /** The keyring of this device's state. */
  readonly keyring: Keyring;
  /** First epoch of the present commitment: the ledger proves the keys from it on. */
  readonly first: number;
  /** The patient's erasures of the chart, from their verified entries. */
  readonly erasures: readonly Pick<Erase, 'category' | 'epoch'>[];
  /** The chart's records, the erased ones too; absent if they are not known yet. */
  readonly records?: readonly Pick<Erase, 'category' | 'epoch'>[];
}

/**
 * Adds to the newest state the keys of past epochs that only this device has: a holder of the patient's key could keep a state
 * without them, which no commitment of the ledger shows any more, and the records of those epochs would be lost with this
 * device's copy. Keys that were erased stay away.
 *
 * @param newest - The newest state, which nodes released.
 * @param here - The keys that this device has.
 * @returns The newest state itself if it lacks none of them.
 */
export function joinKeys(
  newest: PatientState,
  { keyring, first, erasures, records }: KeysHere,
): PatientState {
  const { erasing = {}, keyring: given } = newest;
  const isErased = (key: SpanKey, end: number): boolean => {
    if (key === 'own') return false;
    const isOfKey = (each: Pick<Erase, 'category' | 'epoch'>): boolean => each.category === key;
    if ((erasing[key] ?? 0) >= end) return true;
    if (erasures.some((each) => isOfKey(each) && each.epoch >= end)) return true;
    // Nodes show an erasure beside records that it is of. Without any, nothing is lost with the key.
    const isNeeded = records?.some((each) => isOfKey(each) && each.epoch <= end) ?? true;
    return !isNeeded && failsAsErased(given, end, key);
  };
  const isMissing = (key: SpanKey, end: number): boolean => {
    const known = succeeds(() => epochIdentity(given, end, key) !== '');
    // Without the end of a span that was ended early, the next one would give other keys for its epochs.
    const isEnd = keyring.keys[end] !== undefined && given.keys[end]?.[key] === undefined;
    return !known || (isEnd && epochIdentity(given, end, key) !== keyring.keys[end]?.[key]);
  };
  // Of a span that was prepared in part, keys up to there are in use; the later ones may have got others since.
  const missing = Object.entries(closeSpan(keyring).keys).flatMap(([name, keys]) => {
    const end = Number(name);
    const held = SPAN_KEYS.filter((key) => keys[key] !== undefined && !isErased(key, end));
    if (end >= first || !held.some((key) => isMissing(key, end))) return [];
    return [[end, Object.fromEntries(held.map((key) => [key, keys[key]]))] as const];
  });
  if (missing.length === 0) return newest;
  const keys = { ...given.keys };
  for (const [end, held] of missing) keys[end] = { ...held, ...keys[end] };
  return { ...newest, keyring: { ...given, keys } };
}

/** Tells whether a keyring has the span of an epoch and lacks a key of it. */
function failsAsErased(keyring: Keyring, epoch: number, key: SpanKey): boolean {
  try {
    epochIdentity(keyring, epoch, key);
    return false;
  } catch (error) {
    return isMedsealError(error, 'RECORD_ERASED');
  }
}
