import { readdir } from 'node:fs/promises';
import { MedsealError } from '../errors/MedsealError.ts';
import { seconds } from '../protocol/Clock.ts';
import type { Organisation } from '../protocol/ids.ts';
import type { Files } from '../folder/Files.ts';
import { openFolder } from '../folder/openFolder.ts';
import { PARTIAL_SUFFIX } from '../folder/partialFiles.ts';
import { refuseBackup } from '../backup/refuseBackup.ts';
import { backupsEndedAfter, noteBackedUp, readBackedUp } from '../backup/backupNotes.ts';
import { readRestored, RESTORED, type Restored } from '../backup/Restored.ts';
import type { BackupSignature } from '../backup/Manifest.ts';
import { serveSnapshots } from '../backup/serveSnapshots.ts';
import { signManifest, type SignedManifest } from '../backup/signManifest.ts';
import { WriteGate } from '../database/WriteGate.ts';
import { readNewestNetwork } from '../folder/readNewestNetwork.ts';
import {
  readFolderFile,
  stateFolder,
  writeFolderFile,
  type FolderOwner,
} from '../folder/FolderFile.ts';
import { areOrganisations } from '../folder/Founding.ts';
import { writeJsonFile } from '../folder/jsonFiles.ts';
import { lockKeys, openKeyGuard } from '../folder/keyGuard.ts';
import { lockFolder } from '../folder/lockFolder.ts';
import { migrations } from './migrations.ts';
import { migrateFolder, type Migration } from '../folder/migrateFolder.ts';
import type { NodePorts } from '../folder/NodePorts.ts';
import { shareFiles, type ShareFiles } from '../folder/shareFiles.ts';
import { openOrganisationFolder, type OrganisationFolder } from '../folder/OrganisationFolder.ts';
import type { PkcsToken } from './token/PkcsToken.ts';
import type { SignerSettings } from './validator/RemoteSigner.ts';
import { openNodeValidatorKeys, type ValidatorKeys } from './validator/validatorKeys.ts';
import {
  openAuthorityKey,
  openOrganisationKeys,
  readLaterKeys,
  type AccountKey,
  type KeyPorts,
  type LaterKeys,
  type OrganisationKeys,
} from '../folder/organisationKeys.ts';

/** Options of `openNodeFolder`. */
export interface NodeFolderOptions {
  readonly ports: NodePorts;
  /** Owner of a folder that was never used; if absent, such a folder is refused. */
  readonly create?: FolderOwner & {
    /** Encrypts its keys with this passphrase; if absent, they are plain files of mode 0600. */
    readonly passphrase?: string;
    /** Options of `sealWithPassphrase`. */
    readonly workFactor?: number;
  };
  /** Called if the keys are under a passphrase. */
  readonly askPassphrase?: () => Promise<string>;
  /** The token that has keys of its organisations; it is closed with the folder. */
  readonly token?: PkcsToken | undefined;
  /** Called with each step that brings an older layout to the present one. */
  readonly onMigrated?: (step: Migration) => void;
  /** Called as in `openOrganisationFolder`. */
  readonly onForward?: (store: string, rows: number) => void;
}

/** An organisation whose node is in a folder. */
export interface OrganisationHome {
  readonly organisation: Organisation;
  readonly folder: OrganisationFolder;
  readonly keys: OrganisationKeys;
  /** The folder of its member of the authority. */
  readonly authorityFiles: Files;
  readonly authorityKey: AccountKey;
  /** Its shares of the channel's release keys, on disk. */
  readonly shares: ShareFiles;
  /** Keys that were made later, for successors of the network file. */
  readonly later: { readonly node: LaterKeys; readonly member: LaterKeys };
}

/** A node's folder, which this process has locked, with its keys. */
export interface NodeFolder {
  readonly files: Files;
  readonly demo: boolean;
  readonly homes: readonly OrganisationHome[];
  /** Moment of the newest backup of it that is known, Unix seconds; undefined before the first. */
  readonly backedUp: number | undefined;
  /** The token that has keys of its organisations. */
  readonly token?: PkcsToken;
  /**
   * Opens the keys of its organisation's validator, or makes them the first time.
   * @throws MedsealError as `openNodeValidatorKeys` does.
   */
  validatorKeys(settings: SignerSettings): Promise<ValidatorKeys>;
  /** Reads again the keys that another process may have made meanwhile, for successors of the network file. */
  renewKeys(): Promise<void>;
  /** Opens a part of it; its databases, like those of the homes, can be held still for a snapshot. */
  part(name: string): Promise<OrganisationFolder>;
  /**
   * Time when it was restored from a backup, Unix seconds, and who has caught up; absent once all its organisations
   * have.
   */
  readonly restored?: { readonly at: number; readonly rejoined: readonly Organisation[] };
  /** Notes that an organisation was rolled back and must catch up, as if it had been restored now. */
  rolledBack(organisation: Organisation): Promise<void>;
  /** Notes that an organisation has caught up; safe to repeat. */
  rejoined(organisation: Organisation): Promise<void>;
  /** Returns when nothing that was destroyed at a moment was in a backup any more; undefined if one may have it. */
  backupsEnded(at: number): Promise<number | undefined>;
  /** Resolves with the failure, once one of its databases takes no more writes: the folder has to be opened again. */
  readonly halted: Promise<unknown>;
  /** Releases the lock. */
  close(): Promise<void>;
}

/**
 * Opens a node's folder, or makes one: nodes under `node/`, the authority under `authority/`, devices under `parties/`.
 *
 * @param path - The folder.
 * @param options - Owner, and how to ask for the passphrase.
 * @throws MedsealError `FOLDER_EXPOSED`, `FOLDER_UNWRITABLE`, `FOLDER_LOCKED`, `FOLDER_FOREIGN`, `FOLDER_BACKUP`, `FOLDER_NEWER`,
 * `FOLDER_OLDER`, `NODE_ABSENT`;
 * `PASSPHRASE_MISSING`, `PASSPHRASE_WRONG`, `PASSPHRASE_WEAK`; as `PkcsToken.take` does if the token is to make keys; `ARGUMENT_INVALID` for organisations without different
 * short names.
 */
export async function openNodeFolder(
  path: string,
  options: NodeFolderOptions,
): Promise<NodeFolder> {
  const { ports, askPassphrase, token } = options;
  const files = await openFolder(path);
  await requireOurs(files);
  await refuseBackup(files);
  const unlock = await lockFolder(files);
  const gate = new WriteGate();
  const halted = Promise.withResolvers<unknown>();
  const part = async (name: string): Promise<OrganisationFolder> =>
    await openOrganisationFolder(`${files.path}/${name}`, gate, halted.resolve, options.onForward);
  try {
    for (const step of await migrateFolder(files, migrations)) options.onMigrated?.(step);
    const before = await readFolderFile(files);
    if (before !== undefined) await stateFolder(files, before);
    const { demo, hosts } = before ?? (await created(files, options));
    const guard = await openKeyGuard(files, askPassphrase ?? passphraseOf(options));
    await requireKeys(files, hosts);
    const keyPortsOf = (organisation: Organisation): KeyPorts => ({
      ...ports,
      guard,
      ...(token && { token: { organisation, keys: token } }),
    });
    const laterOf = async (
      organisation: Organisation,
      node: Files,
      authority: Files,
    ): Promise<OrganisationHome['later']> => ({
      node: await readLaterKeys(node, keyPortsOf(organisation)),
      member: await readLaterKeys(authority, keyPortsOf(organisation)),
    });
    let homes: readonly OrganisationHome[] = [];
    for (const organisation of hosts) {
      const folder = await part(`node/${organisation}`);
      const authorityFiles = await openFolder(`${files.path}/authority/${organisation}`);
      const keyPorts = keyPortsOf(organisation);
      const keys = await openOrganisationKeys(folder.files, keyPorts);
      const authorityKey = await openAuthorityKey(authorityFiles, keyPorts);
      const later = await laterOf(organisation, folder.files, authorityFiles);
      const shares = shareFiles(folder.files, guard);
      homes = [
        ...homes,
        { organisation, folder, keys, authorityFiles, authorityKey, shares, later },
      ];
    }
    const renewKeys = async (): Promise<void> => {
      homes = await Promise.all(
        homes.map(async (home) => {
          const later = await laterOf(home.organisation, home.folder.files, home.authorityFiles);
          return { ...home, later };
        }),
      );
    };
    const sign = async (manifest: SignedManifest): Promise<readonly BackupSignature[]> => {
      const network = await readNewestNetwork(files, ports);
      if (network === undefined) return [];
      const seeds = new Map<Organisation, readonly Uint8Array[]>();
      for (const { organisation, folder, keys } of homes) {
        const { notes } = await readLaterKeys(folder.files, { ...ports, guard });
        seeds.set(organisation, [keys.note, ...notes]);
      }
      return signManifest(ports.primitives, network, seeds, manifest);
    };
    let backedUp = await readBackedUp(files);
    const onSigned = async (at: number): Promise<void> => {
      backedUp = at;
      await noteBackedUp(files, at);
    };
    const served = { data: files.path, gate, clock: ports.clock, sign, onSigned };
    const endSnapshots = await serveSnapshots(served).catch(
      () => async () => await Promise.resolve(),
    );
    const close = async (): Promise<void> => {
      await endSnapshots();
      await token?.close();
      await unlock();
    };
    const restored = await readRestored(files, ports.clock);
    const known = { ...(restored && { restored }), ...notesIn(files, hosts, restored, ports) };
    return {
      files,
      demo,
      get homes() {
        return homes;
      },
      get backedUp() {
        return backedUp;
      },
      validatorKeys: async (settings) =>
        await openNodeValidatorKeys(files, { ...ports, guard }, settings),
      renewKeys,
      ...(token && { token }),
      part,
      ...known,
      backupsEnded: async (at) => await backupsEndedAfter(files, at),
      halted: halted.promise,
      close,
    };
  } catch (error) {
    await token?.close();
    await unlock();
    throw error;
  }
}

async function created(files: Files, { create, ports }: NodeFolderOptions): Promise<FolderOwner> {
  if (create === undefined) throw new MedsealError('NODE_ABSENT', { path: files.path });
  const { demo, hosts, passphrase, ...cost } = create;
  if (!areOrganisations(hosts)) {
    throw new MedsealError('ARGUMENT_INVALID', {
      argument: 'organisations',
      reason: 'they must be different short names',
    });
  }
  if (passphrase !== undefined) await lockKeys(files, ports.random, passphrase, cost);
  await writeFolderFile(files, { demo, hosts });
  return { demo, hosts };
}

/** A passphrase that was just given need not be asked for. */
function passphraseOf({ create }: NodeFolderOptions): (() => Promise<string>) | undefined {
  const passphrase = create?.passphrase;
  return passphrase === undefined ? undefined : async () => await Promise.resolve(passphrase);
}

/** Notes which organisations of a restored folder have caught up; the last one deletes the note. */
function notesIn(
  files: Files,
  hosts: readonly Organisation[],
  found: Restored | undefined,
  { clock }: NodePorts,
): Pick<NodeFolder, 'rolledBack' | 'rejoined'> {
  let restored = found;
  return {
    async rolledBack(organisation) {
      const { rejoined = hosts } = restored ?? {};
      await note({
        at: seconds(clock),
        rejoined: rejoined.filter((name) => name !== organisation),
      });
    },
    async rejoined(organisation) {
      if (restored === undefined || restored.rejoined.includes(organisation)) return;
      const { at } = restored;
      const rejoined = [...restored.rejoined, organisation];
      if (hosts.some((name) => !rejoined.includes(name))) return await note({ at, rejoined });
      restored = undefined;
      await files.remove(RESTORED);
      await files.syncFolder('');
    },
  };

  async function note(next: Omit<Restored, 'format'>): Promise<void> {
    restored = { format: 'medseal-restored/2', ...next };
    await writeJsonFile(files, RESTORED, restored);
  }
}

/**
 * Refuses to make keys again that a network knows: new ones would only hide that they are lost. Refuses too if there
 * are keys of an organisation that folder.json does not name.
 */
async function requireKeys(files: Files, hosts: readonly Organisation[]): Promise<void> {
  for (const name of await files.list('node')) {
    if (hosts.includes(name) || (await files.size(`node/${name}/keys.json`)) === undefined)
      continue;
    const what = `it has keys of ${name}, whom folder.json does not name`;
    throw new MedsealError('FOLDER_FOREIGN', { path: files.path, what });
  }
  if ((await files.size('network.json')) === undefined) return;
  for (const path of hosts.flatMap((name) => [`node/${name}`, `authority/${name}`])) {
    if ((await files.size(`${path}/keys.json`)) !== undefined) continue;
    const what = `${path}/keys.json is gone, and only a backup has it`;
    throw new MedsealError('FOLDER_FOREIGN', { path: files.path, what });
  }
}

/**
 * Files that a folder may hold before it is a node's: its lock, its configuration, the devices of parties, and the rest
 * of a first attempt that was killed.
 */
const BEFORE = new RegExp(
  String.raw`^(?:lock|parties|(?:medseal(?:\.schema)?|process|folder|folder-key|founding)\.json(?:${PARTIAL_SUFFIX})?)$`,
);

/** Refuses a folder that holds something else, before anything is written. */
async function requireOurs(files: Files): Promise<void> {
  const names = await readdir(files.path);
  const ours = names.includes('folder.json') || names.includes('founding.json');
  if (ours || names.every((name) => BEFORE.test(name))) return;
  const what = 'it holds files that do not belong to a Medseal network';
  throw new MedsealError('FOLDER_FOREIGN', { path: files.path, what });
}
