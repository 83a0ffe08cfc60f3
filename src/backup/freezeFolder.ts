import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isMedsealError } from '../errors/isMedsealError.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import { seconds } from '../protocol/Clock.ts';
import type { Bytes32 } from '../protocol/ids.ts';
import type { ServiceDatabase } from '../database/synced.ts';
import { openFolder } from '../folder/openFolder.ts';
import { openCopy } from '../database/files/openCopy.ts';
import { lockFolder } from '../folder/lockFolder.ts';
import type { NodePorts } from '../folder/NodePorts.ts';
import { askSnapshot } from './askSnapshot.ts';
import { openBackupKeys } from './openBackupKeys.ts';
import { requireAllStoresHere } from '../folder/StoresMark.ts';
import { noteBackedUp } from './backupNotes.ts';
import { refuseBackup } from './refuseBackup.ts';
import type { BackupSignature } from './Manifest.ts';
import { SNAPSHOT } from './snapshotProtocol.ts';

/** A data folder as it stands at one moment, whether its node runs or not. */
export interface FrozenFolder {
  /** Unix seconds. */
  readonly at: number;
  /** Milliseconds for which a running node held back its writes; undefined if none runs. */
  readonly paused: number | undefined;
  /** Folder with the databases and the devices of parties, arranged as in the data folder. */
  readonly databases: string;
  /** Folder for temporary files. */
  readonly scratch: string;
  /**
   * Opens a copy of a database.
   * @param path - Within the data folder.
   */
  open(path: string): Promise<ServiceDatabase>;
  /**
   * Signs the backup of it.
   * @param sha256 - Of all lines of its manifest but the last.
   * @throws MedsealError `BACKUP_FAILED`.
   */
  sign(sha256: Bytes32): Promise<readonly BackupSignature[]>;
  /** @throws MedsealError `BACKUP_FAILED` if the node stopped, which removes the snapshot. */
  requireThere(): void;
  /** Ends it: releases the lock, or removes the snapshot. */
  release(): Promise<void>;
}

/**
 * Holds a data folder still: takes its lock, or asks the node that runs on it for a snapshot.
 *
 * @param data - The folder.
 * @param ports - The clock, curve and hashes.
 * @param askPassphrase - Called if no node runs, and the keys are under a passphrase.
 * @throws MedsealError `BACKUP_FAILED`, `FOLDER_BACKUP`, `FOLDER_UNWRITABLE`.
 */
export async function freezeFolder(
  data: string,
  ports: NodePorts,
  askPassphrase?: () => Promise<string>,
): Promise<FrozenFolder> {
  const files = await openFolder(data);
  await refuseBackup(files);
  await requireAllStoresHere(files);
  const unlock = await lockFolder(files, { leaveAsFound: true }).catch((error: unknown) => {
    if (isMedsealError(error, 'FOLDER_LOCKED')) return undefined;
    throw error;
  });
  const root = join(data, SNAPSHOT);
  const scratch = join(root, 'scratch');
  if (unlock === undefined) {
    const held = await askSnapshot(data);
    return {
      ...held,
      databases: root,
      ...copies(root, scratch),
      requireThere() {
        if (!held.isThere())
          throw new MedsealError('BACKUP_FAILED', { reason: 'the node stopped' });
      },
      release: async () => await held.release(),
    };
  }
  const at = seconds(ports.clock);
  const sign = await openBackupKeys(files, ports, askPassphrase).catch(async (error: unknown) => {
    await unlock();
    throw error;
  });
  await rm(root, { recursive: true, force: true });
  return {
    at,
    async sign(sha256) {
      const signatures = await sign({ at, sha256 });
      await noteBackedUp(files, at).catch(() => undefined);
      return signatures;
    },
    paused: undefined,
    databases: data,
    ...copies(data, scratch),
    requireThere: () => undefined,
    async release() {
      await rm(root, { recursive: true, force: true });
      await unlock();
    },
  };
}

function copies(databases: string, scratch: string): Pick<FrozenFolder, 'scratch' | 'open'> {
  return {
    scratch,
    open: async (path) => await openCopy(join(databases, path), join(scratch, path)),
  };
}
