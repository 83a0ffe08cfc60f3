import { atSessionEnd } from './atSessionEnd.ts';
import type { Session } from './Session.ts';

/** Milliseconds for which the rest of Home lets the news go first: the first audit of a long chart takes a minute. */
const LONGEST = 1_000;

const shown = new WeakMap<Session['party'], PromiseWithResolvers<void>>();

/**
 * Waits until Home shows the first news of a session, or cannot, but for a second at most: a browser does one thing after another, and
 * what patients look for first is who looked.
 *
 * @param party - The patient.
 */
export async function afterNews(party: Session['party']): Promise<void> {
  const { promise, resolve } = newsOf(party);
  party.clock.after(LONGEST, resolve);
  await promise;
}

/** Notes that the news of a session is shown, or does not come. */
export function noteNews(party: Session['party']): void {
  newsOf(party).resolve();
}

function newsOf(party: Session['party']): PromiseWithResolvers<void> {
  const known = shown.get(party);
  if (known !== undefined) return known;
  const news = Promise.withResolvers<void>();
  shown.set(party, news);
  atSessionEnd(party, forget);
  return news;
}

function forget(party: Session['party']): void {
  shown.get(party)?.resolve();
  shown.delete(party);
}
