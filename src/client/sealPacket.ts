import { base64 } from '@scure/base';
import { utf8ToBytes } from '../crypto/bytes.ts';
import { sealBytes } from '../crypto/sealing/sealBytes.ts';
import type { KeptPacket } from '../protocol/AgentPort.ts';
import { canonicalJson } from '../protocol/canonicalJson.ts';
import type { Packet } from '../protocol/epochs.ts';
import type { Category } from '../protocol/vocabulary.ts';
import { confirmRecipient } from './confirmRecipient.ts';
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
 * @param epoch - The newest epoch that it opens.
 * @throws MedsealError `KEY_UNAUTHENTIC`, `PARTY_SUSPENDED` where nothing must be sealed to the grantee.
 */
export async function sealPacket(
  party: Party,
  state: PatientState,
  { grant, digest }: Pick<KnownGrant, 'grant' | 'digest'>,
  epoch: number,
): Promise<KeptPacket> {
  const { grantee, categories } = grant.terms;
  const recipient = await confirmRecipient(party, grantee);
  const identities: Record<string, Partial<Record<Category, string>>> = {};
  for (let past = 1; past <= epoch; past++) {
    const opened: Partial<Record<Category, string>> = {};
    for (const category of categories) {
      opened[category] = epochIdentity(party.seed, state.keyring, past, category);
    }
    identities[past] = opened;
  }
  const packet: Packet = { format: 'medseal-packet/1', handle: state.handle, epoch, identities };
  const sealed = await sealBytes([recipient], utf8ToBytes(canonicalJson(packet)));
  return { grant: digest, epoch, packet: base64.encode(sealed) };
}
