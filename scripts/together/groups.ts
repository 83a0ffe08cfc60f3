import { globSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');
/** Folders whose quick tests share a process: they change nothing of it, and most load the same. */
const PARTS = {
  client: ['src/client/**', 'demo/scenario/**'],
  commands: ['src/cli/**', 'demo/{parties,stage}/**'],
  pure: ['src/{bindings,consortium,crypto,errors,fhir,log,protocol,vault}/**', 'demo/charts/**'],
  disk: ['src/{backup,database,folder,fsck,http,peers,sensors}/**'],
  machine: ['src/{device,ledger,native,node}/**'],
  services: ['src/services/**'],
  portal: ['portal', 'portal/{src,test}/**'],
  pages: ['scripts/**'],
  proof: ['proof/**'],
} as const;

/** A group of test files that share a process. */
export type Group = keyof typeof PARTS;
/** All groups. */
export const GROUPS = Object.keys(PARTS) as readonly Group[];

/** Folders whose slow tests share a process for the same reason: most run over a network in memory. */
const SLOW_PARTS = {
  client: ['src/client/{epochs,party}/**'],
  // Without those that look at how much memory the process has.
  services: ['src/services/{care,contributor,deposits,entries}/**'],
} as const;

/** A group of slow test files that share a process. */
export type SlowGroup = keyof typeof SLOW_PARTS;
/** All groups of slow tests. */
export const SLOW_GROUPS = Object.keys(SLOW_PARTS) as readonly SlowGroup[];

/** The slow test files of a group, from the project's folder. */
export function slowFilesOf(group: SlowGroup): readonly string[] {
  return SLOW_PARTS[group].flatMap((part) => testFiles(`${part}/*.slow.test.ts`));
}

/** The test files of a group, from the project's folder: those whose name has no word before `.test.ts`. */
export function filesOf(group: Group): readonly string[] {
  return PARTS[group].flatMap((part) => testFiles(`${part}/!(*.*).test.ts`));
}

/** The files that a pattern names, from the project's folder, in their order. */
export function testFiles(pattern: string): readonly string[] {
  return globSync(pattern, { cwd: ROOT }).toSorted();
}
