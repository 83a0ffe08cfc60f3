import type { Words } from '../../words/useWords.tsx';

/**
 * Says an age: in months until the second birthday, then in years.
 *
 * @param months - The age in whole months.
 * @param say - The reader's words.
 */
export function ageInWords(months: number, say: Words['say']): string {
  return months < 24
    ? say('chart.age-months', { count: months })
    : say('chart.age-years', { count: Math.floor(months / 12) });
}
