import { deriveName } from '../../crypto/keys/deriveName.ts';
import type { Party } from './Party.ts';

/**
 * Returns a name under which a device keeps something, so that the device's files do not reveal the fields. The name stays the
 * same when the party changes its key: it follows from the first key of the party that the device has.
 *
 * @param party - The party.
 * @param fields - The values to name.
 */
export function nameOnDevice(
  { keys, formerKeys = [] }: Pick<Party, 'keys' | 'formerKeys'>,
  ...fields: readonly Uint8Array[]
): string {
  // Former keys come newest first.
  return deriveName((formerKeys.at(-1) ?? keys).seed(), ...fields);
}
