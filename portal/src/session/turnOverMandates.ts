import { turnPastMandates } from '../../../src/client/index.ts';
import type { Session } from './Session.ts';

/** Milliseconds until it is due again. */
const PAUSE = 3_600_000;
const last = new WeakMap<Session['party'], number>();

/**
 * Turns a patient's keys past mandates that are over, as a device does when it connects: once a session and then once an hour.
 *
 * @param session - The person; nothing happens for who has no chart, or acts for a patient.
 * @throws MedsealError what `turnPastMandates` throws; the next call tries again.
 */
export async function turnOverMandates({
  party,
  handle,
  acting,
}: Pick<Session, 'party' | 'handle' | 'acting'>): Promise<void> {
  const now = party.clock.now();
  const isDue = now - (last.get(party) ?? -PAUSE) >= PAUSE;
  if (handle === undefined || acting !== undefined || !isDue) return;
  await turnPastMandates(party);
  last.set(party, now);
}
