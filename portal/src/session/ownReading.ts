import type { Session } from './Session.ts';

/** Work that opens a patient's own chart in the background. */
interface OwnReading {
  readonly end: () => void;
  /** Tells whether it opens more by itself. */
  readonly isBusy: () => boolean;
}

const readings = new WeakMap<Session['party'], OwnReading>();

/**
 * Keeps a reading until its session ends, or another one takes its place.
 *
 * @param party - The patient.
 * @param reading - The reading, which has begun.
 */
export function keepReading(party: Session['party'], reading: OwnReading): void {
  endReading(party);
  readings.set(party, reading);
}

/** Ends it: nothing more is opened. */
export function endReading(party: Session['party']): void {
  readings.get(party)?.end();
  readings.delete(party);
}

/** Tells whether the patient's own records are being opened, each set of them by an event of the chart. */
export function isReadingOwn(party: Session['party']): boolean {
  return readings.get(party)?.isBusy() ?? false;
}
