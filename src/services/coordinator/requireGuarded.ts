import { base64nopad } from '@scure/base';
import { concatBytes, equalBytes } from '../../crypto/bytes.ts';
import { headerLength } from '../../crypto/sealing/ageHeader.ts';
import { readStanzas } from '../../crypto/sealing/readStanzas.ts';
import { parseEvidencedStanza } from '../../crypto/threshold/evidencedStanza.ts';
import type { PairingPort } from '../../crypto/threshold/PairingPort.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import type { ChannelKey } from '../../protocol/release/releaseKeyOf.ts';
import type { Vault } from '../../vault/Vault.ts';

/** No guarded file has a longer header. */
const LONGEST = 8192;
/** The patient's stanza: age's type, the bytes of its encapsulation, and of the wrapped key. */
const OWN = { type: 'mlkem768x25519', encapsulated: 1_120, wrapped: 32 } as const;

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
  file: { readonly hash: Bytes32; readonly size: number },
): Promise<void> {
  const header = await headerOf(vault, file);
  const [evidenced, own, ...others] = header === undefined ? [] : await stanzasIn(header);
  if (evidenced === undefined || own === undefined || others.length > 0) throw unguarded();
  try {
    const { keyId, point } = parseEvidencedStanza(evidenced);
    if (!equalBytes(keyId, key.id.subarray(0, keyId.length))) throw unguarded();
    pairing.requireG2(point);
    const [type, encapsulated, ...more] = own.args;
    const isOwn =
      type === OWN.type &&
      more.length === 0 &&
      base64nopad.decode(encapsulated ?? '').length === OWN.encapsulated &&
      own.body.length === OWN.wrapped;
    if (!isOwn) throw unguarded();
  } catch (cause) {
    throw unguarded(cause);
  }
}

async function headerOf(
  vault: Pick<Vault, 'get'>,
  { hash, size }: { readonly hash: Bytes32; readonly size: number },
): Promise<Uint8Array | undefined> {
  let beginning: Uint8Array = new Uint8Array();
  for await (const piece of vault.get(hash, { from: 0, to: Math.min(size, LONGEST) })) {
    beginning = concatBytes(beginning, piece.subarray(0, LONGEST));
    const length = headerLength(beginning);
    if (length !== undefined) return beginning.subarray(0, length);
    if (beginning.length >= LONGEST) return undefined;
  }
  return undefined;
}

async function stanzasIn(header: Uint8Array): ReturnType<typeof readStanzas> {
  return await readStanzas(header).catch((cause: unknown) => {
    throw unguarded(cause);
  });
}

function unguarded(cause?: unknown): MedsealError {
  return new MedsealError('SEAL_UNGUARDED', {}, { cause });
}
