import { acceptedWrite } from '../../log/acceptedWrite.ts';
import type { EntryBody } from '../../protocol/evidence.ts';
import type { Handle } from '../../protocol/ids.ts';
import type { FileIdentity } from '../../vault/Vault.ts';

/** A sealed file that an accepted write names, and the patient whom it belongs to. */
export interface WantedFile extends FileIdentity {
  readonly handle: Handle;
}

/**
 * The file that a body names where it is an accepted write; otherwise none.
 *
 * @param body - The body of an entry.
 */
export function wantedFiles(body: EntryBody): readonly WantedFile[] {
  const write = acceptedWrite(body);
  if (write === undefined) return [];
  const { file, size, handle } = write;
  return [{ hash: file, size, handle }];
}
