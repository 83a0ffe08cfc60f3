import { objectionEnds } from '../rights/objectionEnds.ts';
import type { LifeFacts } from './vitalRecords.ts';
import { VITALS, type Vital } from '../struct/vitalTypes.ts';

/**
 * Picks what a patient is told first of all about their own life: what they can still object to, and a death.
 *
 * @param life - The patient's own life; undefined if the ledger says nothing.
 * @param at - The moment, Unix seconds.
 */
export function pressingVitals(life: LifeFacts | undefined, at: number): readonly Vital[] {
  if (life === undefined) return [];
  return VITALS.filter((what) => {
    return at < objectionEnds(life[what]) || (what === 'death' && life.death.stage !== 'none');
  });
}
