import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { MedsealError } from '../errors/MedsealError.ts';
import { openFolder } from '../folder/openFolder.ts';
import { readStoresMark, STORES_FILE } from '../folder/StoresMark.ts';
import type { FrozenStores } from '../database/FrozenStores.ts';
import { seconds, type Clock } from '../protocol/Clock.ts';
import { databasesIn } from '../database/files/databasesIn.ts';
import { linkDatabase } from '../database/files/linkDatabase.ts';
import { writeDatabase } from '../database/files/writeDatabase.ts';
import { PASSING, SNAPSHOT, type SnapshotAnswer } from './snapshotProtocol.ts';
import type { WriteGate } from '../database/WriteGate.ts';

/** Folder of the patient IDs that a member of the authority issued, in its own and in that of its organisation's machines. */
const ISSUED = 'issued';

/**
 * Takes a snapshot of a running node's databases, all of one moment, into a folder beside them: the same as a `kill` at
 * that moment would leave. Writes are held back meanwhile, for milliseconds, since tables are linked. Files that are
 * only added, such as sealed files and issued patient IDs, are copied from the data folder afterwards. Stores that are at a server
 * are copied into databases of the snapshot after the pause, as they were in it.
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
  const elsewhere = await storesElsewhere(data, gate);
  const isElsewhere = (path: string): boolean =>
    elsewhere.some(({ within }) => path.startsWith(`${within}/`));
  const databases = (await databasesIn(data)).filter(
    (path) => !PASSING.test(path) && !isElsewhere(path),
  );
  for (const path of databases)
    await mkdir(dirname(join(root, path)), { recursive: true, mode: 0o700 });
  const frozen: { readonly within: string; readonly stores: FrozenStores }[] = [];
  try {
    const taken = await gate.pause(async () => {
      const begun = performance.now();
      for (const { within, freeze } of elsewhere) frozen.push({ within, stores: await freeze() });
      for (const path of databases) await linkDatabase(join(data, path), join(root, path));
      await copyParties(data, root);
      return { at: seconds(clock), paused: Math.ceil(performance.now() - begun) };
    });
    for (const { within, stores } of frozen) await copyStores(stores, within, { data, root });
    return taken;
  } finally {
    for (const { stores } of frozen) stores.close();
  }
}

/** Finds the organisations whose stores are at a server; each must be open in this process. */
async function storesElsewhere(
  data: string,
  gate: WriteGate,
): Promise<readonly { readonly within: string; readonly freeze: () => Promise<FrozenStores> }[]> {
  const found: { readonly within: string; readonly freeze: () => Promise<FrozenStores> }[] = [];
  for (const name of await readdir(join(data, 'node')).catch(() => [])) {
    const within = `node/${name}`;
    const folder = join(data, within);
    if (!existsSync(join(folder, STORES_FILE))) continue;
    const files = await openFolder(folder);
    if ((await readStoresMark(files))?.at !== 'postgres') continue;
    const freeze = gate.elsewhere.get(files.path);
    if (freeze === undefined) {
      const reason = `its node does not have the stores of ${name} open: ask the machine that serves, once it is ready`;
      throw new MedsealError('BACKUP_FAILED', { reason });
    }
    found.push({ within, freeze });
  }
  return found;
}

/** Copies stores into databases as they would lie in the folder, and files that machines share beside its own. */
async function copyStores(
  stores: FrozenStores,
  within: string,
  { data, root }: { readonly data: string; readonly root: string },
): Promise<void> {
  for (const name of stores.names) await writeDatabase(join(root, within, name), stores.rows(name));
  if (stores.shared === undefined) return;
  const issued = join(within.replace(/^node/, 'authority'), ISSUED);
  for (const name of await readdir(join(stores.shared, ISSUED)).catch(() => [])) {
    const path = join(issued, name);
    if (PASSING.test(path) || existsSync(join(data, path))) continue;
    await mkdir(join(root, issued), { recursive: true, mode: 0o700 });
    await copyFile(join(stores.shared, ISSUED, name), join(root, path));
  }
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
