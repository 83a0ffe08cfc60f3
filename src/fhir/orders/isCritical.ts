import { codesIn } from '../codeOf.ts';
import { fieldOf, listOf } from '../fieldOf.ts';

/** HL7’s codes of an interpretation that somebody must act upon now. */
const CRITICAL: readonly string[] = ['LL', 'HH', 'AA', 'LU', 'HU'];

/**
 * Tells whether its author calls a result critical, or a component of it.
 *
 * @param observation - Not trusted.
 */
export function isCritical(observation: unknown): boolean {
  const parts = [observation, ...listOf(fieldOf(observation, 'component'))];
  return parts.some((part) => {
    return codesIn(fieldOf(part, 'interpretation')).some((code) => CRITICAL.includes(code));
  });
}
