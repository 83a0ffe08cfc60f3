import { globSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');
/** Rooms whose quick tests share a process: they change nothing of it, and most load the same. */
const ROOMS = {
  client: ['client', 'scenario'],
  pure: ['bindings', 'consortium', 'crypto', 'errors', 'fhir', 'log', 'protocol', 'vault'],
  disk: ['backup', 'database', 'folder', 'fsck', 'http', 'peers'],
  services: ['services'],
} as const;

/** A group of test files that share a process. */
export type Group = keyof typeof ROOMS;
/** All groups. */
export const GROUPS = Object.keys(ROOMS) as readonly Group[];

/** The quick test files of a group, from the project's folder. */
export function filesOf(group: Group): readonly string[] {
  return quickTests(`src/@(${ROOMS[group].join('|')})/**/!(*.slow).test.ts`);
}

/** The files that a pattern names, from the project's folder, in their order. */
export function quickTests(pattern: string): readonly string[] {
  return globSync(pattern, { cwd: ROOT }).toSorted();
}
