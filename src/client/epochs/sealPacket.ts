import { base64 } from '@scure/base';
import { utf8ToBytes } from '../../crypto/bytes.ts';
import { sealBytes } from '../../crypto/sealing/sealBytes.ts';
import type { DepositedPacket } from '../../protocol/AgentPort.ts';
import { canonicalJson } from '../../protocol/wire/canonicalJson.ts';
import type { Packet } from '../../protocol/rights/epochs.ts';
import type { Category } from '../../protocol/vocabulary.ts';
import { epochIdentity, holdsKey, predatesSensitive, spanEnds } from './epochIdentity.ts';
import { isBeingErased } from './isBeingErased.ts';
import type { Party } from '../party/Party.ts';
import type { KnownGrant, PatientState } from '../state/PatientState.ts';
import type { RecordKeys } from '../records/recordKeys.ts';

/** Recipient and epoch of a packet. */
export interface PacketFor {
  /** The newest epoch that it opens. */
  readonly epoch: number;
  /** Confirmed recipient of the grantee. */
  readonly recipient: string;
  /** Keys of the files, for a grant to one record alone. */
  readonly files?: RecordKeys;
}

/**
 * Seals the keys that a grant gives to its grantee: the identities of the granted categories in an epoch, from which
 * those of the epochs before follow; or the keys of the files of one record. The size depends on categories and spans
 * of epochs, or on versions of the one record, and not on how many records there are. The packet of a right that only turns the
 * keys, whose grantee is the patient, holds none.
 *
 * @param party - The patient.
 * @param state - The patient's keyring.
 * @param known - The grant.
 * @param to - Recipient and epoch.
 */
export async function sealPacket(
  party: Party,
  state: PatientState,
  { grant, digest }: Pick<KnownGrant, 'grant' | 'digest'>,
  { epoch, recipient, files }: PacketFor,
): Promise<DepositedPacket> {
  const { cipher } = party;
  const { handle } = state;
  const { categories } = grant.terms;
  const format = 'medseal-packet/1';
  // The patient's devices have the keyring; a packet with its keys would open with the phrase what an erasure destroys.
  const isOwn = grant.terms.grantee === party.address;
  const identities = isOwn || files ? {} : identitiesUpTo(epoch, state, categories);
  const keys = isOwn ? { identities } : { identities, ...(files && { files }) };
  const packet: Packet = { format, handle, epoch, ...keys };
  const plaintext = utf8ToBytes(canonicalJson(packet));
  const sealed = await sealBytes([recipient], plaintext, { ...(cipher && { cipher }) });
  return { grant: digest, epoch, packet: base64.encode(sealed) };
}

function identitiesUpTo(
  epoch: number,
  state: PatientState,
  categories: readonly Category[],
): Packet['identities'] {
  const identities: Record<string, Partial<Record<Category, string>>> = {};
  const { keyring } = state;
  const ended = spanEnds(keyring).filter((last) => last < epoch);
  for (const past of epoch > 0 ? [...ended, epoch] : []) {
    const opened: Partial<Record<Category, string>> = {};
    for (const category of categories) {
      const isErased =
        past < epoch &&
        (!holdsKey(keyring, past, category) ||
          isBeingErased(state, epoch, { category, epoch: past }));
      const isYounger = category === 'sensitive' && predatesSensitive(keyring, past);
      if (!isErased && !isYounger) opened[category] = epochIdentity(keyring, past, category);
    }
    identities[past] = opened;
  }
  return identities;
}
