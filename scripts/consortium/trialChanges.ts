import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Ports } from './foundConsortium.ts';

/** A change of who is in a trial network. */
export interface TrialChange {
  readonly organisation: string;
  readonly kind: 'join' | 'leave';
  /** Ports of one that joins. */
  readonly ports?: Ports;
  /** Number of the network file's successor, once it is published. */
  readonly number?: number;
  /** First second at which it is in force, once it is published. */
  readonly from?: number;
  /** True once the node of one that joins has the network file. */
  readonly joined?: boolean;
}

/** Folder of the files of changes, within that of a trial network. */
const CHANGES = 'changes';

/**
 * Reads the changes of a trial network, oldest first.
 *
 * @param folder - The network's folder.
 */
export async function readChanges(folder: string): Promise<readonly TrialChange[]> {
  const path = pathOf(folder);
  return existsSync(path) ? (JSON.parse(await readFile(path, 'utf8')) as TrialChange[]) : [];
}

/**
 * Writes the newest change of a trial network, in the place of what was written of it before.
 *
 * @param folder - The network's folder.
 * @param change - The change.
 */
export async function writeChange(folder: string, change: TrialChange): Promise<void> {
  const before = await readChanges(folder);
  const last = before.at(-1);
  const isSame = last?.organisation === change.organisation && last.kind === change.kind;
  await mkdir(join(folder, CHANGES), { recursive: true, mode: 0o700 });
  const path = pathOf(folder);
  const next = [...(isSame ? before.slice(0, -1) : before), change];
  await writeFile(`${path}.new`, `${JSON.stringify(next, null, 2)}\n`);
  await rename(`${path}.new`, path);
}

/**
 * Returns the organisations that are in a network after changes.
 *
 * @param founders - Those that founded it.
 * @param changes - Its changes, oldest first.
 * @param at - Unix seconds; a change that is published counts from its moment on.
 */
export function membersAfter(
  founders: readonly string[],
  changes: readonly TrialChange[],
  at: number,
): readonly string[] {
  let members = founders;
  for (const { organisation, kind, from = Infinity } of changes) {
    if (from > at) continue;
    members = members.filter((name) => name !== organisation);
    if (kind === 'join') members = [...members, organisation];
  }
  return members;
}

/**
 * Returns the path of a file of a change.
 *
 * @param folder - The network's folder.
 * @param name - The file's name.
 */
export function changeFile(folder: string, name: string): string {
  return join(folder, CHANGES, name);
}

function pathOf(folder: string): string {
  return changeFile(folder, 'changes.json');
}
