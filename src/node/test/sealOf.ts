import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '../../crypto/bytes.ts';
import { readHeader } from '../../crypto/sealing/readHeader.ts';
import { readStanzas } from '../../crypto/sealing/readStanzas.ts';
import { parseEvidencedStanza } from '../../crypto/threshold/evidencedStanza.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import type { SealAsked } from '../../protocol/release/ReleaseAsked.ts';
import type { TestNetwork } from './testNetwork.ts';

/**
 * Returns the seal in the header of a guarded file that the hospital has, as its reader asks for shares of it.
 *
 * @param network - The network.
 * @param record - Names the file.
 */
export async function sealOf(
  network: Pick<TestNetwork, 'services'>,
  { file }: { readonly file: Bytes32 },
): Promise<SealAsked> {
  const header = await readHeader(network.services().contributor.file(file));
  const [stanza] = header === undefined ? [] : await readStanzas(header);
  if (stanza === undefined) throw new Error('the file has no header');
  const { seal, encapsulated } = parseEvidencedStanza(stanza);
  return { seal: bytesToHex(seal), encapsulation: bytesToHex(sha256(encapsulated)) };
}
