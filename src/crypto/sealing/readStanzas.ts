import { Decrypter, type Stanza } from 'age-encryption';
import { MedsealError } from '../../errors/MedsealError.ts';

/**
 * The stanzas of a sealed file's header. That nobody altered it, only a reader's file key can tell.
 *
 * @param header - From the version line to the line of the MAC; not trusted.
 * @throws MedsealError `SEAL_UNREADABLE` if it is not the header of an age v1 file.
 */
export async function readStanzas(header: Uint8Array): Promise<readonly Stanza[]> {
  // The library shows stanzas to identities alone: this one only looks.
  let stanzas: readonly Stanza[] | undefined;
  const decrypter = new Decrypter();
  decrypter.addIdentity({
    unwrapFileKey(shown) {
      stanzas = shown;
      return null;
    },
  });
  await decrypter.decryptHeader(header).catch(() => undefined);
  if (stanzas === undefined) throw new MedsealError('SEAL_UNREADABLE', {});
  return stanzas;
}
