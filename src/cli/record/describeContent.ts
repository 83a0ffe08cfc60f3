import type { PartContent } from '../../fhir/Part.ts';

/**
 * What a part of a FHIR bundle holds, for people, such as `12 Observation, 1 DiagnosticReport`; of a document its title
 * and media type.
 *
 * @param part - The part.
 */
export function describeContent({ entries }: PartContent): string {
  const documents = entries.flatMap(({ resource }) =>
    resource?.resourceType === 'DocumentReference' ? [resource.content] : [],
  );
  if (documents.length === 1 && entries.length === 1) {
    return (documents[0] ?? [])
      .map(({ attachment: { title, contentType } }) =>
        [title ?? 'untitled', ...(contentType === undefined ? [] : [`(${contentType})`])].join(' '),
      )
      .join(', ');
  }
  const counts = new Map<string, number>();
  for (const { resource } of entries) {
    const type = resource?.resourceType ?? 'no resource';
    counts.set(type, (counts.get(type) ?? 0) + 1);
  }
  return [...counts].map(([type, count]) => `${count} ${type}`).join(', ') || 'nothing';
}
