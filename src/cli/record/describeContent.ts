import type { PartContent } from '../../fhir/Part.ts';

/**
 * Describes the content of a part of a FHIR bundle for people, such as `12 Observation, 1 DiagnosticReport`; of a
 * document its title and media type. Nobody has validated what lies on a chart, so a part may hold anything.
 *
 * @param part - The part.
 */
export function describeContent({ entries }: Pick<PartContent, 'entries'>): string {
  const [first] = entries;
  const content = first?.resource?.resourceType === 'DocumentReference' && first.resource.content;
  if (entries.length === 1 && Array.isArray(content)) return content.map(describeFile).join(', ');
  const counts = new Map<string, number>();
  for (const { resource } of entries) {
    const type = textOf(resource?.resourceType) ?? 'no resource';
    counts.set(type, (counts.get(type) ?? 0) + 1);
  }
  return [...counts].map(([type, count]) => `${count} ${type}`).join(', ') || 'nothing';
}

function describeFile(content: unknown): string {
  const { attachment } = (content ?? {}) as { attachment?: Record<string, unknown> | null };
  const type = textOf(attachment?.['contentType']);
  return [
    textOf(attachment?.['title']) ?? 'untitled',
    ...(type === undefined ? [] : [`(${type})`]),
  ].join(' ');
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
