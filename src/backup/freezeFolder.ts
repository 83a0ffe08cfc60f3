import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isMedsealError } from '../errors/isMedsealError.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import { seconds } from '../protocol/Clock.ts';
import type { Bytes32 } from '../protocol/ids.ts';
import type { ServiceDatabase } from '../database/synced.ts';
import { WriteGate } from '../database/WriteGate.ts';
import type { Files } from '../folder/Files.ts';
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
import { takeSnapshot } from './takeSnapshot.ts';

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
 * Opens the stores of a stopped node that are at a server, which then are in snapshots by the gate.
 *
 * @param files - The data folder, whose lock is held.
 * @param gate - The gate.
 * @returns Call it to close them.
 */
export type OpenElsewhere = (files: Files, gate: WriteGate) => Promise<() => Promise<void>>;

/** Knowledge that a backup needs beside the folder. */
export interface FreezeOptions {
  /** Called if no node runs, and the keys, which sign the backup, are under a passphrase. */
  readonly askPassphrase?: () => Promise<string>;
  /** Called if no node runs; stores at a server are refused if absent. */
  readonly openElsewhere?: OpenElsewhere;
}

/**
 * Holds a data folder still: takes its lock, or asks the node that runs on it for a snapshot.
 *
 * @param data - The folder.
 * @param ports - The clock, curve and hashes.
 * @param options - Answers to what the folder alone does not say.
 * @throws MedsealError `BACKUP_FAILED`, `FOLDER_BACKUP`, `FOLDER_UNWRITABLE`; as `openElsewhere` does.
 */
export async function freezeFolder(
  data: string,
  ports: NodePorts,
  { askPassphrase, openElsewhere = refuseElsewhere }: FreezeOptions = {},
): Promise<FrozenFolder> {
  const files = await openFolder(data);
  await refuseBackup(files);
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
  let closeStores: (() => Promise<void>) | undefined;
  const release = async (): Promise<void> => {
    await closeStores?.();
    await unlock();
  };
  try {
    const sign = await openBackupKeys(files, ports, askPassphrase);
    await rm(root, { recursive: true, force: true });
    const gate = new WriteGate();
    closeStores = await openElsewhere(files, gate);
    const isHere = gate.elsewhere.size === 0;
    const at = isHere ? seconds(ports.clock) : (await takeSnapshot(data, gate, ports.clock)).at;
    const databases = isHere ? data : root;
    return {
      at,
      async sign(sha256) {
        const signatures = await sign({ at, sha256 });
        await noteBackedUp(files, at).catch(() => undefined);
        return signatures;
      },
      paused: undefined,
      databases,
      ...copies(databases, scratch),
      requireThere: () => undefined,
      async release() {
        await rm(root, { recursive: true, force: true });
        await release();
      },
    };
  } catch (error) {
    await rm(root, { recursive: true, force: true });
    await release();
    throw error;
  }
}

async function refuseElsewhere(files: Files): Promise<() => Promise<void>> {
  await requireAllStoresHere(files);
  return async () => await Promise.resolve();
}

function copies(databases: string, scratch: string): Pick<FrozenFolder, 'scratch' | 'open'> {
  return {
    scratch,
    open: async (path) => await openCopy(join(databases, path), join(scratch, path)),
  };
}
