import { atSessionEnd } from './atSessionEnd.ts';
import type { Session } from './Session.ts';

/** Work that opens a patient's own chart in the background. */
interface OwnReading {
  readonly end: () => void;
  /** Tells whether it opens more by itself. */
  readonly isBusy: () => boolean;
}

/** Milliseconds after which a reading no longer counts as work: a node that holds one file back hides no events by it. */
const LONG = 30_000;

const readings = new WeakMap<Session['party'], OwnReading & { readonly since: number }>();

/**
 * Keeps a reading until its session ends, or another one takes its place.
 *
 * @param party - The patient.
 * @param reading - The reading, which has begun.
 */
export function keepReading(party: Session['party'], reading: OwnReading): void {
  endReading(party);
  readings.set(party, { ...reading, since: party.clock.now() });
  atSessionEnd(party, endReading);
}

/** Ends it: nothing more is opened. */
function endReading(party: Session['party']): void {
  readings.get(party)?.end();
  readings.delete(party);
}

/** Tells whether the patient's own records are being opened, each set of them by an event of the chart. */
export function isReadingOwn(party: Session['party']): boolean {
  const reading = readings.get(party);
  return reading !== undefined && party.clock.now() - reading.since < LONG && reading.isBusy();
}
