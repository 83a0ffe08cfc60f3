import { acceptedWrite } from '../../log/acceptedWrite.ts';
import type { EntryBody } from '../../protocol/evidence.ts';
import type { Handle } from '../../protocol/ids.ts';
import type { FileIdentity } from '../../vault/Vault.ts';

/** A sealed file that an accepted write names, and the patient to whom it belongs. */
export interface WantedFile extends FileIdentity {
  readonly handle: Handle;
}

/**
 * The file that a body names if it is an accepted write; otherwise undefined.
 *
 * @param body - The body of an entry.
 */
export function wantedFiles(body: EntryBody): readonly WantedFile[] {
  const write = acceptedWrite(body);
  if (write === undefined) return [];
  const { file, size, handle } = write;
  return [{ hash: file, size, handle }];
}
