import { base64 } from '@scure/base';
import { utf8ToBytes } from '../crypto/bytes.ts';
import { sealBytes } from '../crypto/sealing/sealBytes.ts';
import type { KeptPacket } from '../protocol/AgentPort.ts';
import { canonicalJson } from '../protocol/canonicalJson.ts';
import type { Packet } from '../protocol/epochs.ts';
import type { Category } from '../protocol/vocabulary.ts';
import { epochIdentity } from './epochIdentity.ts';
import type { Party } from './Party.ts';
import type { KnownGrant, PatientState } from './PatientState.ts';

/**
 * Seals to a grantee what a grant lets it open: the identities of the granted categories up to an epoch. The size
 * depends on categories and epochs, not on records.
 *
 * @param party - The patient.
 * @param state - The patient's keyring.
 * @param known - The grant.
 * @param to - The newest epoch that it opens, and the grantee's recipient, which was confirmed.
 */
export async function sealPacket(
  party: Party,
  { handle, keyring }: PatientState,
  { grant, digest }: Pick<KnownGrant, 'grant' | 'digest'>,
  { epoch, recipient }: { readonly epoch: number; readonly recipient: string },
): Promise<KeptPacket> {
  const { seed, cipher } = party;
  const identities: Record<string, Partial<Record<Category, string>>> = {};
  for (let past = 1; past <= epoch; past++) {
    const opened: Partial<Record<Category, string>> = {};
    for (const category of grant.terms.categories) {
      opened[category] = epochIdentity(seed, keyring, past, category);
    }
    identities[past] = opened;
  }
  const packet: Packet = { format: 'medseal-packet/1', handle, epoch, identities };
  const plaintext = utf8ToBytes(canonicalJson(packet));
  const sealed = await sealBytes([recipient], plaintext, { ...(cipher && { cipher }) });
  return { grant: digest, epoch, packet: base64.encode(sealed) };
}
