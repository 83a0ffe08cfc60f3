import { ZERO32 } from '../ids.ts';
import type { Write } from '../struct/requests.ts';

/**
 * Returns the record version that a write builds on: for an amendment the version before; for an objection the first version
 * of the record that it is about.
 *
 * @param write - The write.
 * @returns Undefined for any other record that is added.
 */
export function builtOn(
  write: Write,
): Pick<Write, 'log' | 'handle' | 'record' | 'version'> | undefined {
  const { log, handle, record, version, about } = write;
  if (write.action === 'amend') return { log, handle, record, version: version - 1 };
  return about === ZERO32 ? undefined : { log, handle, record: about, version: 1 };
}
