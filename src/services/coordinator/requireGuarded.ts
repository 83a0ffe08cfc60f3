import { equalBytes } from '../../crypto/bytes.ts';
import { parseHybridStanza } from '../../crypto/sealing/hybridStanza.ts';
import { readHeader } from '../../crypto/sealing/readHeader.ts';
import { readStanzas } from '../../crypto/sealing/readStanzas.ts';
import { parseEvidencedStanza } from '../../crypto/threshold/evidencedStanza.ts';
import type { PairingPort } from '../../crypto/threshold/PairingPort.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import type { ChannelKey } from '../../protocol/release/releaseKeyOf.ts';
import type { Vault } from '../../vault/Vault.ts';

/** No guarded file has a longer header, in bytes. */
const LONGEST = 8192;

/**
 * Requires that opening a sealed file takes a release: its header has the stanza that is bound to the channel's key, the
 * patient's own, and no other. Whom they are sealed to nobody can see.
 *
 * @param vault - Vault that has the file.
 * @param pairing - Arithmetic.
 * @param key - The channel's release key.
 * @param file - SHA-256 of the file, and its size in bytes.
 * @throws MedsealError `SEAL_UNGUARDED`.
 */
export async function requireGuarded(
  vault: Pick<Vault, 'get'>,
  pairing: PairingPort,
  key: ChannelKey,
  { hash, size }: { readonly hash: Bytes32; readonly size: number },
): Promise<void> {
  const header = await readHeader(vault.get(hash, { from: 0, to: Math.min(size, LONGEST) }));
  const [evidenced, own, ...others] = header === undefined ? [] : await stanzasIn(header);
  if (evidenced === undefined || own === undefined || others.length > 0) throw unguarded();
  try {
    const { keyId, point } = parseEvidencedStanza(evidenced);
    if (!equalBytes(keyId, key.id.subarray(0, keyId.length))) throw unguarded();
    pairing.requireG2(point);
    parseHybridStanza(own);
  } catch (cause) {
    throw unguarded(cause);
  }
}

async function stanzasIn(header: Uint8Array): ReturnType<typeof readStanzas> {
  return await readStanzas(header).catch((cause: unknown) => {
    throw unguarded(cause);
  });
}

function unguarded(cause?: unknown): MedsealError {
  return new MedsealError('SEAL_UNGUARDED', {}, { cause });
}
