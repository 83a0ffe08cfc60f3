import { base64 } from '@scure/base';
import { bytesToUtf8, hexToBytes } from '../../crypto/bytes.ts';
import {
  ageIdentity,
  identitySeed,
  recipientKey,
  recipientOf,
} from '../../crypto/keys/ageIdentity.ts';
import type { SealTarget } from '../../crypto/sealing/ageHeader.ts';
import { openBytes } from '../../crypto/sealing/openBytes.ts';
import { portableKem } from '../../crypto/sealing/portableKem.ts';
import { whoHalfOf } from '../../crypto/threshold/evidencedKem.ts';
import { evidencedRecipient } from '../../crypto/threshold/evidencedStanza.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { seconds } from '../../protocol/Clock.ts';
import type { Base64 } from '../../protocol/evidence/evidence.ts';
import { ZERO32, type Handle } from '../../protocol/ids.ts';
import { changeSealedFor } from '../../protocol/release/changeSealedFor.ts';
import { releaseKeyOf } from '../../protocol/release/releaseKeyOf.ts';
import { takeoverOf, viewIdentity } from '../../protocol/release/viewIdentity.ts';
import type { View } from '../../protocol/struct/requests.ts';
import { submitEvidence } from '../agent/submit.ts';
import type { Party } from '../party/Party.ts';
import { guardedOpener } from '../records/guardedOpener.ts';
import { othersThanLiars } from '../records/othersThanLiars.ts';
import { newReader, type ViewReleased } from '../records/releasedShares.ts';
import { sealedUnder, type SealedUnder } from '../records/sealedUnder.ts';
import type { StoredState } from './PatientState.ts';

/** A state that is sealed ahead, and the change of key that it is sealed ahead for. */
interface Box extends SealedUnder {
  readonly key: NonNullable<SealedUnder['key']>;
  readonly number: number;
}

/**
 * Returns whom a state is sealed to beside its keys, the **heir's box**: whoever coordinators release for once the authority recovered
 * the patient's key. The first stanza of a state is this one, as it is of a guarded record.
 *
 * @param party - The patient, or who acts for the patient.
 * @param handle - The patient's chart.
 * @returns Undefined in a channel without a release key: nothing can be sealed ahead there.
 */
export async function heirTarget(party: Party, handle: Handle): Promise<SealTarget | undefined> {
  const { network, log, cipher, primitives, random } = party;
  const key = releaseKeyOf(network, log);
  if (key === undefined) return undefined;
  const kem = cipher?.kem ?? portableKem;
  const identity = viewIdentity(network, key, takeoverOf(handle, nextChange(party)));
  const recipient = await recipientOf(openHalf(party, identity), kem);
  const target = {
    recipientKey: recipientKey(recipient),
    publicKey: key.publicKey,
    identity,
    keyId: key.id,
  };
  return evidencedRecipient(primitives.group, kem, target, random);
}

/**
 * Opens the state that a lost key sealed, by what coordinators release to the key that the authority recovered: the view of it becomes
 * evidence on the chart.
 *
 * @param party - The patient, with the recovered key.
 * @param handle - The patient's chart.
 * @param sealed - The state, of which a device of the patient signed the hash.
 * @throws MedsealError `SEAL_UNREADABLE` if it was not sealed ahead, or for no change of this key; `RIGHT_MISSING` for a key that no
 * recovery gave; `RELEASE_PENDING` if too few organisations release; `RELEASE_FALSE`.
 */
export async function openForHeir(
  party: Party,
  handle: Handle,
  sealed: Base64,
): Promise<StoredState> {
  const { cipher, clock, log, network } = party;
  const bytes = base64.decode(sealed);
  const box = await boxIn(party, handle, bytes);
  const reader = box && (await newReader(party));
  if (box === undefined || reader === undefined) throw new MedsealError('SEAL_UNREADABLE', {});
  const view: View = {
    log,
    ...takeoverOf(handle, box.number),
    grant: ZERO32,
    purpose: 'PATRQT',
    deadline: seconds(clock) + 300,
    salt: reader.saltOf(0),
  };
  const { acknowledgement } = await submitEvidence(party, 'View', view);
  const [found] = await reader.collect([{ ...box, view: acknowledgement, place: 0 }], {});
  if (found === undefined) throw new MedsealError('RELEASE_UNKNOWN', {});
  if (found instanceof MedsealError) throw found;
  const identity = viewIdentity(network, box.key, view);
  for (let released: ViewReleased = found; ;) {
    try {
      const opener = guardedOpener(party, identity, whoFor(party, identity), released);
      const opened = await openBytes([opener], bytes, { ...(cipher && { cipher }) });
      const state = JSON.parse(bytesToUtf8(opened)) as StoredState;
      if (state.handle !== handle) throw new MedsealError('SEAL_UNREADABLE', {});
      return state;
    } catch (error) {
      if (!isMedsealError(error, 'SEAL_UNREADABLE')) throw error;
      // Each time at least one organisation more is left out.
      released = await othersThanLiars(party, released, error);
    }
  }
}

/** The stanza of a state that is sealed ahead for one of the changes of the party's key. */
async function boxIn(party: Party, handle: Handle, bytes: Uint8Array): Promise<Box | undefined> {
  const { network, primitives } = party;
  const found = await sealedUnder(party, [bytes]);
  const key = found?.key;
  if (found === undefined || key === undefined) return undefined;
  const { group } = primitives;
  const seal = { encapsulation: hexToBytes(found.encapsulation), seal: hexToBytes(found.seal) };
  const number = changeSealedFor(
    { network, group },
    key,
    { handle, upTo: nextChange(party) },
    seal,
  );
  return number === undefined ? undefined : { ...found, key, number };
}

/** The first change of key that can come after the present key: recoveries that were stopped have numbers too. */
function nextChange({ keyChanges = [] }: Pick<Party, 'keyChanges'>): number {
  return (keyChanges.at(-1)?.message.change ?? 0) + 1;
}

/** The identity of the half that everybody has: the box opens by what coordinators release alone. */
function openHalf({ primitives }: Pick<Party, 'primitives'>, identity: Uint8Array): string {
  return ageIdentity(primitives.sha256(identity));
}

function whoFor(party: Party, identity: Uint8Array): (encapsulated: Uint8Array) => Uint8Array {
  const kem = party.cipher?.kem ?? portableKem;
  const seed = identitySeed(openHalf(party, identity));
  return (encapsulated) => whoHalfOf(kem.decapsulate(seed, encapsulated), encapsulated, identity);
}
