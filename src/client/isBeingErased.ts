import type { Category } from '../protocol/vocabulary.ts';
import type { PatientState } from './PatientState.ts';

/**
 * Tells whether a key goes with an erasure that is under way, and may be sealed to nobody any more: once the keys have turned
 * past what is erased, so that what was sealed before can be told by its epoch.
 *
 * @param state - What the patient's device knows.
 * @param present - The epoch of the packet that the key would be in.
 * @param key - The category and epoch of the key.
 */
export function isBeingErased(
  { erasing }: Pick<PatientState, 'erasing'>,
  present: number,
  { category, epoch }: { readonly category: Category; readonly epoch: number },
): boolean {
  const last = erasing?.[category] ?? 0;
  return present > last && epoch <= last;
}
