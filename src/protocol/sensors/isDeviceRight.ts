import { ZERO32 } from '../ids.ts';
import type { Terms } from '../struct/requests.ts';

/**
 * Tells whether a right is one that binds a device: it names one record, and lets its holder add and nothing else. Only
 * readings that the device signed can be added by it; such a right to a record that is there would give nothing.
 *
 * @param terms - The right's terms.
 */
export function isDeviceRight({
  record,
  read,
  add,
  amend,
}: Pick<Terms, 'record' | 'read' | 'add' | 'amend'>): boolean {
  return record !== ZERO32 && add && !read && !amend;
}
