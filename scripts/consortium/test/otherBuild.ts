import { cp, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const CLONE = fileURLToPath(new URL('../../../', import.meta.url));

/**
 * Puts a build of this program into a folder, with the next version's number.
 *
 * @param folder - An empty folder.
 * @returns Its version, and the file of its `medseal` command.
 */
export async function otherBuild(
  folder: string,
): Promise<{ readonly version: string; readonly medseal: string }> {
  for (const part of ['demo', 'src']) {
    await cp(join(CLONE, part), join(folder, part), { recursive: true });
  }
  await symlink(join(CLONE, 'node_modules'), join(folder, 'node_modules'));
  const manifest = JSON.parse(await readFile(join(CLONE, 'package.json'), 'utf8')) as {
    readonly version: string;
  };
  const version = manifest.version.replace(/\d+$/, (last) => String(Number(last) + 1));
  await writeFile(join(folder, 'package.json'), JSON.stringify({ ...manifest, version }));
  return { version, medseal: join(folder, 'src', 'cli', 'main.ts') };
}
