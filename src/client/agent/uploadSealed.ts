import { bytesToHex } from '../../crypto/bytes.ts';
import type { ByteStream } from '../../protocol/ByteStream.ts';
import { seconds } from '../../protocol/Clock.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import { sign } from '../../protocol/struct/signing.ts';
import { evidenceSigner } from '../party/relianceOf.ts';
import type { Party } from '../party/Party.ts';

/**
 * Uploads a sealed file to the party's agent, under a lease, until an entry names it.
 *
 * @param party - Party that uploads.
 * @param file - SHA-256 and size of the sealed file.
 * @param content - Its bytes.
 * @throws MedsealError `QUOTA_SPENT`, `FILE_BEYOND_QUOTA`; of the agent.
 */
export async function uploadSealed(
  party: Party,
  { hash, size }: { readonly hash: Bytes32; readonly size: number },
  content: ByteStream,
): Promise<void> {
  const upload = sign(party, evidenceSigner(party), 'Upload', {
    log: party.log,
    file: hash,
    size,
    deadline: seconds(party.clock) + 300,
    salt: bytesToHex(party.random(16)),
  });
  await party.agent.upload(upload, content);
}
