import { ReleaseError } from './runTool.ts';

/**
 * Returns the section of a version in the change log, without its heading.
 *
 * @throws ReleaseError if there is no such section, or it is empty.
 */
export function changeSection(changes: string, version: string): string {
  const heading = `## ${version}`;
  const lines = changes.split('\n');
  const from = lines.indexOf(heading);
  const to = lines.findIndex((line, at) => at > from && line.startsWith('## '));
  const section =
    from < 0
      ? ''
      : lines
          .slice(from + 1, to < 0 ? undefined : to)
          .join('\n')
          .trim();
  if (section === '') {
    throw new ReleaseError(
      `CHANGELOG.md has no section “${heading}” with changes. Write it, or correct the version in package.json.`,
    );
  }
  return section;
}
