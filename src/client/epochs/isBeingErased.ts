import type { Category } from '../../protocol/vocabulary.ts';
import type { PatientState } from '../state/PatientState.ts';

/**
 * Tells whether an erasure that is under way deletes a key, so that it may not be sealed to anybody any more. This
 * begins once the keys have turned past the erased epochs: the epoch then tells which packets were sealed before.
 *
 * @param state - The patient's state on the device.
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
