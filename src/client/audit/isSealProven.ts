import { labelOf } from '../../crypto/threshold/evidencedKem.ts';
import { readGuardedHeader } from '../../crypto/threshold/readGuardedHeader.ts';
import { isSealFor } from '../../crypto/threshold/releaseSeal.ts';
import { releaseKeysOf } from '../../protocol/release/releaseKeyOf.ts';
import { versionIdentity } from '../../protocol/release/versionIdentity.ts';
import type { Write } from '../../protocol/struct/requests.ts';
import type { Verifier } from './EvidenceSet.ts';

/**
 * Tells whether a guarded file proves that it was sealed for the record version that an accepted write names it for. It takes no
 * secret, and proves nothing about what the file holds.
 *
 * @param verifier - The pinned network file, and primitives.
 * @param write - The write, verified before.
 * @param beginning - At least the first 3,391 bytes of the file, if it has as many; not trusted.
 * @returns Undefined if the file is not sealed under a release key that the network file names.
 * @example
 * ```ts
 * const write = { handle, record: record.record, version: record.version };
 * if (isSealProven(patient, write, bytes) === false) console.log('It was sealed for another version.');
 * ```
 */
export function isSealProven(
  { network, primitives }: Verifier,
  write: Pick<Write, 'handle' | 'record' | 'version'>,
  beginning: Uint8Array,
): boolean | undefined {
  const logs = network.channels.flatMap((channel) => channel.logs.slice(0, 1));
  for (const key of logs.flatMap(({ name }) => releaseKeysOf(network, name))) {
    const read = readGuardedHeader(beginning, key.id);
    if (read === undefined) continue;
    const label = labelOf(key.id, versionIdentity(network, key, write), read.encapsulated);
    return isSealFor(primitives.group, label, read.seal);
  }
  return undefined;
}
