import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runTool } from './runTool.ts';

/**
 * Unpacks the npm package and installs what it needs beside it, from the archives that its shrinkwrap names by their hashes.
 * No script of a package runs: the two that have one bring their programs along.
 *
 * @param archive - The package, as `npm pack` makes it.
 * @param into - A new folder.
 */
export function installPackage(archive: string, into: string): void {
  mkdirSync(into);
  runTool('tar', ['-xzf', archive, '--strip-components=1', '-C', into], '.');
  const manifest = join(into, 'package.json');
  const whole = readFileSync(manifest, 'utf8');
  // npm would look for workspaces, which only the clone has.
  const {
    workspaces: _,
    devDependencies: __,
    ...needed
  } = JSON.parse(whole) as Record<string, unknown>;
  writeFileSync(manifest, JSON.stringify(needed));
  const options = [
    '--omit=dev',
    '--ignore-scripts',
    '--prefer-offline',
    '--no-audit',
    '--no-fund',
    '--silent',
  ];
  runTool('npm', ['ci', ...options], into);
  writeFileSync(manifest, whole);
  // npm's own note of what it did; it differs from run to run.
  rmSync(join(into, 'node_modules/.package-lock.json'), { force: true });
  rmSync(join(into, 'node_modules/.bin'), { recursive: true, force: true });
}
