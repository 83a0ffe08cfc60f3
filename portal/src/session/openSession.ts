import {
  confirmFacts,
  isMedsealError,
  openParty,
  readPatientState,
  restorePatient,
  webPorts,
  type Party,
} from '../../../src/client/index.ts';
import { addressOfSeed } from '../../../src/crypto/keys/addressOfSeed.ts';
import { deviceKey } from '../vault/deviceKey.ts';
import { openShelf } from '../vault/openShelf.ts';
import { sealedDevice } from '../vault/sealedDevice.ts';
import type { Place } from './Place.ts';
import type { Session } from './Session.ts';

/**
 * Opens a person's key in this page: the device that belongs to it, its role as the quorum confirms it, and for a patient
 * the chart, which is restored from the nodes if this browser does not have it.
 *
 * @param place - The organisation's agent.
 * @param seed - The person's seed, 32 bytes.
 * @param called - Name that the person chose.
 * @throws MedsealError what `openParty`, `confirmFacts` and `restorePatient` throw.
 */
export async function openSession(
  place: Place,
  seed: Uint8Array,
  called: string,
): Promise<Session> {
  const device = sealedDevice(
    await openShelf(addressOfSeed(webPorts.primitives, seed)),
    await deviceKey(seed),
  );
  const { network, agent, log } = place;
  const party = await openParty({ ...webPorts, network, agent, log, device, seed });
  return await refreshSession({ place, party, called });
}

/**
 * Reads again what the network says of a person: the role, and a patient's chart.
 *
 * @param session - The session as it was.
 * @throws MedsealError what `confirmFacts` and `restorePatient` throw.
 */
export async function refreshSession(session: Session): Promise<Session> {
  const { party } = session;
  const { party: facts } = await confirmFacts(party, { party: party.address });
  const { place, called } = session;
  if (facts === undefined) return { place, party, called };
  const { role } = facts as { readonly role: NonNullable<Session['role']> };
  if (role !== 'patient') return { place, party, called, role };
  return { place, party, called, role, handle: (await ownState(party)).handle };
}

async function ownState(party: Party): Promise<{ readonly handle: `0x${string}` }> {
  try {
    return await readPatientState(party);
  } catch (error) {
    if (!isMedsealError(error, 'NOT_FOUND')) throw error;
    return (await restorePatient(party)).state;
  }
}
