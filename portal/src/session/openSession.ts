import {
  confirmFacts,
  guardChart,
  isMedsealError,
  readPatientState,
  restorePatient,
  type Party,
  type PartyOptions,
  forgetEnded,
  signersOf,
} from '../../../src/client/index.ts';
import { MedsealError } from '../../../src/errors/MedsealError.ts';
import type { Handle } from '../../../src/protocol/ids.ts';
import type { PartyFacts } from '../../../src/protocol/evidence/facts.ts';
import { openKeyDevice } from '../vault/openKeyDevice.ts';
import { askAuditAhead } from './audits.ts';
import { draftsOf } from './draftsOf.ts';
import { openPartyHere } from './openPartyHere.ts';
import type { Place } from './Place.ts';
import type { Session } from './Session.ts';
import { watchHere } from './watchHere.ts';

/** A person's key. */
export interface KeyOfPerson extends Pick<PartyOptions, 'seed' | 'address' | 'formerSeeds'> {
  /** Name that the person chose. */
  readonly called: string;
}

/**
 * Opens a person's key in this page: the device that belongs to it, its role as the quorum confirms it, and for a patient
 * the chart, which is restored from the nodes if this browser does not have it, and whose keys turn once if its channel got a
 * release key since.
 *
 * @param place - The organisation's agent.
 * @param key - Seed of 32 bytes, the party's address if the seed is a later key's, and the person's name.
 * @throws MedsealError `KEY_CHANGED` if the party has taken another key since; what `openParty`, `confirmFacts` and
 * `restorePatient` throw.
 */
export async function openSession(place: Place, { called, ...key }: KeyOfPerson): Promise<Session> {
  const { device } = await openKeyDevice(key.seed);
  const party = await openPartyHere(place, { device, ...key });
  const session = await refreshSession({ place, party, called }, true);
  await Promise.all([
    // Without it the chart is as readable as before; the next opening tries again.
    session.handle !== undefined && guardChart(party).catch(() => undefined),
    watchHere(party),
    // Forms have their drafts from the first moment.
    draftsOf(session).renew(),
  ]);
  // Rights may have ended meanwhile; without an answer the next request hears of it.
  void forgetEnded(party).catch(() => undefined);
  return session;
}

/**
 * Reads again what the network says of a person: the role, and a patient's chart.
 *
 * @param session - The session as it was.
 * @param isAhead - True to begin a patient's audit meanwhile, which Home shows next.
 * @throws MedsealError `KEY_CHANGED` if the party has taken another key since; what `confirmFacts` and `restorePatient`
 * throw.
 */
export async function refreshSession(session: Session, isAhead = false): Promise<Session> {
  const { party } = session;
  const { party: facts } = await confirmFacts(party, { party: party.address });
  const { place, called } = session;
  if (facts === undefined) return { place, party, called };
  if ((facts.key?.signer ?? facts.party) !== signersOf(party).at(-1)) {
    throw new MedsealError('KEY_CHANGED', {});
  }
  const { role } = facts as { readonly role: NonNullable<Session['role']> };
  const ends = facts.recovery && { endsAt: facts.recovery.readyAt };
  if (role !== 'patient') return { place, party, called, role, ...ends };
  const { handle } = facts;
  if (isAhead && handle !== undefined) askAuditAhead({ party, handle });
  return { place, party, called, role, ...ends, handle: (await ownState(party, facts)).handle };
}

async function ownState(party: Party, facts: PartyFacts): Promise<{ readonly handle: Handle }> {
  try {
    return await readPatientState(party);
  } catch (error) {
    if (!isMedsealError(error, 'NOT_FOUND')) throw error;
    return (await restorePatient(party, facts)).state;
  }
}
