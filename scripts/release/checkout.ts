import { chmodSync, copyFileSync, mkdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ReleaseError, runTool } from './runTool.ts';

/** Sources that a release is made of. */
export interface Checkout {
  /** Version in package.json. */
  readonly version: string;
  /** Version by which the release's files are called: with `-dirty` if files differ from the commit. */
  readonly label: string;
  readonly commit: string;
  /** Seconds since 1970 of the commit: the date of all files in a release. */
  readonly date: number;
  readonly dirty: boolean;
}

/**
 * Says which commit the sources are of, and whether they differ from it.
 *
 * @throws ReleaseError if Git knows no commit of the folder.
 */
export function readCheckout(root: string): Checkout {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    version: string;
  };
  const [commit = '', date = ''] = runTool('git', ['log', '-1', '--format=%H %ct'], root)
    .trim()
    .split(' ');
  const dirty = runTool('git', ['status', '--porcelain'], root).trim() !== '';
  if (!/^[0-9a-f]{40}$/.test(commit)) throw new ReleaseError('Git names no commit of this folder.');
  return {
    version,
    label: dirty ? `${version}-dirty` : version,
    commit,
    date: Number(date),
    dirty,
  };
}

/**
 * Copies what Git tracks, or would, to another folder; with the packages that are installed, by a link.
 *
 * @param to - The new folder.
 */
export function copySources(root: string, to: string): void {
  const listed = runTool(
    'git',
    ['ls-files', '-z', '--cached', '--others', '--exclude-standard'],
    root,
  );
  for (const path of new Set(listed.split('\0'))) {
    const from = join(root, path);
    const stats = path === '' ? undefined : statSync(from, { throwIfNoEntry: false });
    if (stats?.isFile() !== true) continue;
    mkdirSync(dirname(join(to, path)), { recursive: true });
    copyFileSync(from, join(to, path));
    // As Git writes them for everybody, whatever the mask here.
    chmodSync(join(to, path), (stats.mode & 0o100) === 0 ? 0o644 : 0o755);
  }
  symlinkSync(join(root, 'node_modules'), join(to, 'node_modules'));
}
