import { bytesToHex, equalBytes } from '../../crypto/bytes.ts';
import { readHeader } from '../../crypto/sealing/readHeader.ts';
import { readStanzas } from '../../crypto/sealing/readStanzas.ts';
import {
  EVIDENCED,
  isEvidencedBefore,
  parseEvidencedStanza,
} from '../../crypto/threshold/evidencedStanza.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { SealAsked } from '../../protocol/release/ReleaseAsked.ts';
import { releaseKeysOf, type ChannelKey } from '../../protocol/release/releaseKeyOf.ts';
import type { Party } from '../party/Party.ts';

/** The stanza of a guarded file that opens with a release. */
export interface SealedUnder extends SealAsked {
  /** The release key that it names; undefined if the channel gave it up. */
  readonly key: ChannelKey | undefined;
  /** X-Wing's encapsulation, 1,120 bytes. */
  readonly encapsulated: Uint8Array;
}

/**
 * Reads under which release key a file is sealed: a record of before can be under a key of before, or under none.
 *
 * @param party - The reader.
 * @param sealed - The sealed file, read as far as its header goes; not trusted.
 * @returns Undefined if the file opens without a release.
 * @throws MedsealError `SEAL_UNREADABLE` if it is not an age file; `SEAL_OLDER`; `REQUEST_MALFORMED` if its stanza is not one.
 */
export async function sealedUnder(
  { network, log, primitives }: Party,
  sealed: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<SealedUnder | undefined> {
  const keys = releaseKeysOf(network, log);
  if (keys.length === 0) return undefined;
  const header = await readHeader(sealed);
  if (header === undefined) throw new MedsealError('SEAL_UNREADABLE', {});
  const [first] = await readStanzas(header);
  if (first !== undefined && isEvidencedBefore(first)) throw new MedsealError('SEAL_OLDER', {});
  if (first?.args[0] !== EVIDENCED) return undefined;
  const { keyId, encapsulated, seal } = parseEvidencedStanza(first);
  const key = keys.find(({ id }) => equalBytes(keyId, id.subarray(0, keyId.length)));
  const encapsulation = bytesToHex(primitives.sha256(encapsulated));
  return { key, encapsulated, encapsulation, seal: bytesToHex(seal) };
}
