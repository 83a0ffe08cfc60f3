import type { WordKey } from '../words/WordKey.ts';
import type { CardGroup } from '../session/EmergencyCard.ts';

/** Returns the heading of a group of lines. */
export function groupWord(group: CardGroup): WordKey {
  const isOfChart = group === 'allergies' || group === 'problems' || group === 'medicines';
  return isOfChart ? `chart.${group}` : `emergency.${group}`;
}
