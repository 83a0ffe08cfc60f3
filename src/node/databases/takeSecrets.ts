import { readdir, rename, rm } from 'node:fs/promises';
import { MedsealError } from '../../errors/MedsealError.ts';
import { openFolder } from '../../folder/openFolder.ts';

/** File by which a database is opened once; a process that stands still on another machine may hold it for ever. */
const LOCK = 'LOCK';
/** Names that fences give, and 0. */
const FENCE = /^(?:0|[1-9]\d{0,18})$/;

/**
 * Takes over the folder of secrets that the organisation's machines share. It bears the number of its writer's fence, and a
 * new writer gives it its own: a former one that stood still and wakes finds its paths gone, and writes to files that
 * nobody reads.
 *
 * @param path - The shared folder of the organisation in its network.
 * @param options.fence - The fence of this writer, which holds the lease.
 * @param options.isNew - True if nothing was kept there yet.
 * @param options.at - The database, for messages.
 * @returns The folder of this writer.
 * @throws MedsealError `DATABASE_UNUSABLE` if the secrets are not there, or others beside those that were moved there; `LEASE_LOST` if a later writer has them;
 * `FOLDER_UNWRITABLE`, `FOLDER_EXPOSED`.
 */
export async function takeSecrets(
  path: string,
  { fence, isNew, at }: { readonly fence: string; readonly isNew: boolean; readonly at: string },
): Promise<string> {
  const shared = await openFolder(path);
  const own = BigInt(fence);
  for (;;) {
    const found = (await shared.list(''))
      .filter((name) => FENCE.test(name))
      .map(BigInt)
      .toSorted((a, b) => (a < b ? 1 : -1));
    const [newest, ...others] = found;
    // No writer has fence 0: somebody moved these secrets here, and which ones belong to the rows is not to be guessed.
    if (others.includes(0n)) {
      const reason = `secrets of its bodies are both in ${path}/0 and in ${path}/${newest}: delete those that the stopped node did not use last`;
      throw new MedsealError('DATABASE_UNUSABLE', { at, reason });
    }
    // The same one is of a server that went on from older rows.
    if (newest !== undefined && newest >= own) throw new MedsealError('LEASE_LOST', { at });
    if (newest === undefined && !isNew) {
      const reason = `the secrets of its bodies are not in ${path}; those of a stopped node that has them in its folder are to be moved to ${path}/0`;
      throw new MedsealError('DATABASE_UNUSABLE', { at, reason });
    }
    if (newest === undefined) await shared.makeFolder(fence);
    else if (!(await isMoved(`${path}/${newest}`, `${path}/${fence}`))) continue;
    // Made by writers that woke after they had lost the lease; the server has no row of theirs.
    for (const each of others) await rm(`${path}/${each}`, { recursive: true, force: true });
    await shared.syncFolder('');
    await removeLocks(`${path}/${fence}/logs`);
    return `${path}/${fence}`;
  }
}

/** Moves a folder; false if it is gone, because a former writer moved it meanwhile. */
async function isMoved(from: string, to: string): Promise<boolean> {
  if (from === to) return true;
  try {
    await rename(from, to);
    return true;
  } catch (cause) {
    if ((cause as { readonly code?: unknown }).code === 'ENOENT') return false;
    throw new MedsealError('FOLDER_UNWRITABLE', { path: to }, { cause });
  }
}

async function removeLocks(logs: string): Promise<void> {
  const names = await readdir(logs).catch(() => []);
  for (const name of names) await rm(`${logs}/${name}/${LOCK}`, { force: true });
}
