import { acceptedWrite } from '../../log/acceptedWrite.ts';
import type { ErasableVersion } from '../../protocol/rights/erasesVersion.ts';
import type { EntryBody } from '../../protocol/evidence/evidence.ts';
import { BYTES32 } from '../../protocol/wire/findShapeError.ts';
import type { Of } from '../../protocol/struct/Of.ts';

/** A sealed file that an accepted write names, and the patient to whom it belongs. */
export const WANTED_FILE = { hash: BYTES32, handle: BYTES32, size: 'count' } as const;
export type WantedFile = Of<typeof WANTED_FILE>;

/** A file as an accepted write names it, with what tells whether it was erased. */
export type NamedFile = WantedFile & ErasableVersion;

/**
 * The file that a body names if it is an accepted write; otherwise none.
 *
 * @param body - The body of an entry.
 */
export function namedFiles(body: EntryBody): readonly NamedFile[] {
  const write = acceptedWrite(body);
  if (write === undefined) return [];
  const { file, size, handle, category, epoch } = write;
  return [{ hash: file, size, handle, category, epoch }];
}
