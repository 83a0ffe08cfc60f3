import { base64 } from '@scure/base';
import { bytesToUtf8 } from '../../crypto/bytes.ts';
import { openBytes } from '../../crypto/sealing/openBytes.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Base64 } from '../../protocol/evidence/evidence.ts';
import type { Handle } from '../../protocol/ids.ts';
import { identitiesOf } from '../party/identitiesOf.ts';
import type { Party } from '../party/Party.ts';

/**
 * Opens a JSON value about one patient that was sealed to the party.
 *
 * @param party - Party that it is sealed to.
 * @param handle - Patient that the value must be about.
 * @param sealed - An age file.
 * @throws MedsealError `SEAL_UNREADABLE` if it is sealed to another, altered, or about another patient.
 */
export async function openSealed<Value extends { readonly handle: Handle }>(
  party: Party,
  handle: Handle,
  sealed: Base64,
): Promise<Value> {
  const value = await decoded<Value>(party, sealed).catch((cause: unknown) => {
    throw new MedsealError('SEAL_UNREADABLE', {}, { cause });
  });
  if (value?.handle !== handle) throw new MedsealError('SEAL_UNREADABLE', {});
  return value;
}

async function decoded<Value>(party: Party, sealed: Base64): Promise<Value> {
  const { cipher } = party;
  const options = { ...(cipher && { cipher }) };
  const opened = await openBytes(identitiesOf(party), base64.decode(sealed), options);
  return JSON.parse(bytesToUtf8(opened)) as Value;
}
