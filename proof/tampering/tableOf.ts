import type { ClassCounts } from './campaign.ts';

/**
 * A table in Markdown of what became of each class of alterations.
 *
 * @param classes - Counts by class.
 */
export function tableOf(classes: ReadonlyMap<string, ClassCounts>): string {
  const rows = [...classes.values()].map(({ subject, ways, found, harmless, missed }) => [
    subject,
    sum(ways),
    sum(found),
    told(found),
    told(harmless),
    missed,
  ]);
  const head = ['altered', 'how often', 'found', 'by', 'harmless', 'neither'];
  const lines = [
    head,
    head.map(() => '---'),
    ...rows.toSorted(([one], [other]) => (String(one) < String(other) ? -1 : 1)),
  ];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function sum(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((all, count) => all + count, 0);
}

function told(counts: ReadonlyMap<string, number>): string {
  const sorted = [...counts].toSorted(([, one], [, other]) => other - one);
  return sorted.map(([name, count]) => `${name} ${count}`).join(', ') || '–';
}
