import { copyFile, mkdir, readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { seconds, type Clock } from '../protocol/Clock.ts';
import { databasesIn } from '../database/files/databasesIn.ts';
import { linkDatabase } from '../database/files/linkDatabase.ts';
import { PASSING, SNAPSHOT, type SnapshotAnswer } from './snapshotProtocol.ts';
import type { WriteGate } from '../database/WriteGate.ts';

/**
 * Takes a snapshot of a running node's databases, all of one moment, into a folder beside them: the same as a `kill` at
 * that moment would leave. Writes are held back meanwhile, for milliseconds, since tables are linked. Files that are
 * only added, such as sealed files and issued patient IDs, are copied from the data folder afterwards.
 *
 * @param data - The data folder.
 * @param gate - Gate that all of the node's databases write through.
 * @param clock - Tells the moment.
 */
export async function takeSnapshot(
  data: string,
  gate: WriteGate,
  clock: Clock,
): Promise<Extract<SnapshotAnswer, { at: number }>> {
  const root = join(data, SNAPSHOT);
  await rm(root, { recursive: true, force: true });
  await mkdir(root, { mode: 0o700 });
  const databases = (await databasesIn(data)).filter((path) => !PASSING.test(path));
  for (const path of databases)
    await mkdir(dirname(join(root, path)), { recursive: true, mode: 0o700 });
  return await gate.pause(async () => {
    const begun = performance.now();
    for (const path of databases) await linkDatabase(join(data, path), join(root, path));
    await copyParties(data, root);
    return { at: seconds(clock), paused: Math.ceil(performance.now() - begun) };
  });
}

/** Copies the devices in the folder, whose memory must not be newer than the ledger. */
async function copyParties(data: string, root: string): Promise<void> {
  const from = join(data, 'parties');
  const entries = await readdir(from, { recursive: true, withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name).slice(data.length + 1);
    if (!entry.isFile() || PASSING.test(path)) continue;
    await mkdir(dirname(join(root, path)), { recursive: true, mode: 0o700 });
    await copyFile(join(data, path), join(root, path));
  }
}
