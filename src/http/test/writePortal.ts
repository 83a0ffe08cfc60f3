import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const FILES = {
  'assets/main-1.js': `export const a = '${'a'.repeat(2000)}';\n`,
  'icon.svg': '<svg/>\n',
};

const POLICY = "default-src 'none'";

/**
 * Writes a small portal, pinned as a built one is.
 *
 * @param folder - The folder.
 * @param files - Its files besides the page, by path.
 */
export async function writePortal(
  folder: string,
  files: Readonly<Record<string, string>> = FILES,
): Promise<void> {
  const integrity: Record<string, string> = {};
  await mkdir(join(folder, 'assets'), { recursive: true });
  for (const [path, content] of Object.entries(files)) {
    await writeFile(join(folder, path), content);
    integrity[`./${path}`] = `sha256-${createHash('sha256').update(content).digest('base64')}`;
  }
  const map = JSON.stringify({ integrity });
  const page = `<!doctype html><meta http-equiv="Content-Security-Policy" content="${POLICY}"><script type="importmap">${map}</script><p>The portal</p>\n`;
  const sha256 = createHash('sha256').update(page).digest('hex');
  await writeFile(join(folder, 'index.html'), page);
  await writeFile(join(folder, 'portal.json'), JSON.stringify({ sha256, policy: POLICY }));
}
