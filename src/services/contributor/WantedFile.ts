import type { EntryBody } from '../../protocol/evidence.ts';
import type { Handle } from '../../protocol/ids.ts';
import type { Write } from '../../protocol/requests.ts';
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
export function acceptedWrite(body: EntryBody): readonly WantedFile[] {
  if (body.format !== 'medseal-body/1' || body.flag !== 'A') return [];
  if (body.request.type !== 'Write') return [];
  const { file, size, handle } = body.request.message as Write;
  return [{ hash: file, size, handle }];
}
