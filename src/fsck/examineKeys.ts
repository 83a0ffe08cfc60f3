import { join } from 'node:path';
import type { Files } from '../folder/Files.ts';
import type { KeyGuard } from '../folder/keyGuard.ts';
import type { NodePorts } from '../folder/NodePorts.ts';
import { openSharedFolder } from '../folder/openFolder.ts';
import {
  openAuthorityKey,
  openOrganisationKeys,
  type AccountKey,
  type LaterKeys,
  type OrganisationKeys,
} from '../folder/organisationKeys.ts';
import type { OrganisationHome } from '../node/NodeFolder.ts';
import { homeIn } from '../node/succession/homeIn.ts';
import { requireKeysOf } from '../node/founding/readNetwork.ts';
import type { Address, Organisation } from '../protocol/ids.ts';
import type { NetworkFile } from '../protocol/network/NetworkFile.ts';
import { numberOf } from '../protocol/wire/numberOf.ts';
import { succeeds } from '../protocol/wire/succeeds.ts';
import { examineDevice } from './examineDevice.ts';
import { examineLaterKeys } from './examineLaterKeys.ts';
import type { FolderReader } from './FolderReader.ts';

/** Keys of a folder's organisations, as far as they are there and whole. */
export interface ExaminedKeys {
  readonly keys: ReadonlyMap<Organisation, OrganisationKeys>;
  /** Keys of the members of the authority. */
  readonly members: ReadonlyMap<Organisation, AccountKey>;
  /** Keys that were made later. */
  readonly later: ReadonlyMap<Organisation, OrganisationHome['later']>;
}

/**
 * Examines the keys of a folder's organisations and of the authority.
 *
 * @param folder - The folder.
 * @param organisations - The organisations.
 * @param ports - Primitives, and protection of the keys on disk.
 */
export async function examineKeys(
  folder: FolderReader,
  organisations: readonly Organisation[],
  ports: NodePorts & { readonly guard: KeyGuard },
): Promise<ExaminedKeys> {
  const keys = new Map<Organisation, OrganisationKeys>();
  const members = new Map<Organisation, AccountKey>();
  const later = new Map<Organisation, OrganisationHome['later']>();
  const readLater = async (path: string): Promise<LaterKeys> =>
    await examineLaterKeys(join(folder.data, path), ports, (file, what) => {
      folder.say('keys', `${path}/${file}`, what);
    });
  for (const name of organisations) {
    const [node, authority] = [`node/${name}`, `authority/${name}`];
    const found = await readKeys(folder, node, async (at) => await openOrganisationKeys(at, ports));
    if (found !== undefined) keys.set(name, found);
    const member = await readKeys(
      folder,
      authority,
      async (at) => await openAuthorityKey(at, ports),
    );
    if (member !== undefined) members.set(name, member);
    later.set(name, { node: await readLater(node), member: await readLater(authority) });
    if ((await folder.namesIn('authority')).includes(name)) {
      await examineDevice(await openSharedFolder(join(folder.data, authority)), (file) => {
        folder.say('device', `${authority}/${file}`, 'it was altered');
      });
    }
  }
  return { keys, members, later };
}

/**
 * Examines whether the folder has the keys that a successor of the network file names.
 *
 * @param folder - The folder.
 * @param examined - Its keys.
 * @param file - The successor.
 */
export function examineKeysOf(
  folder: Pick<FolderReader, 'say'>,
  { keys, members, later }: ExaminedKeys,
  file: NetworkFile,
): void {
  for (const [organisation, own] of keys) {
    const authorityKey = members.get(organisation);
    const made = later.get(organisation);
    if (authorityKey === undefined || made === undefined) continue;
    const home = homeIn(file, { organisation, keys: own, authorityKey, later: made });
    if (succeeds(() => (requireKeysOf(file, home), true))) continue;
    const which = `successor ${numberOf(file)} of the network file`;
    folder.say('keys', `node/${organisation}`, `${which} does not name the keys that are here`);
  }
}

/** Addresses of all keys of seats that a folder has. */
export function addressesOf({ keys, members, later }: ExaminedKeys): readonly Address[] {
  return [
    ...[...keys.values()].map(({ coordinator }) => coordinator),
    ...members.values(),
    ...[...later.values()].flatMap(({ node, member }) => [...node.seats, ...member.seats]),
  ].map(({ address }) => address);
}

async function readKeys<Keys>(
  folder: FolderReader,
  path: string,
  open: (files: Files) => Promise<Keys>,
): Promise<Keys | undefined> {
  try {
    // To open absent keys would make new ones.
    if (await folder.isThere(`${path}/keys.json`))
      return await open(await openSharedFolder(join(folder.data, path)));
    folder.say('keys', `${path}/keys.json`, 'it is lost');
  } catch {
    folder.say('keys', `${path}/keys.json`, 'it was altered');
  }
  return undefined;
}
