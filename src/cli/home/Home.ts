import { readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { servedBy } from '../../client/letters/servedBy.ts';
import { openDeviceFolder } from '../../device/deviceFolder.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { writeJsonFile } from '../../folder/jsonFiles.ts';
import type { Organisation } from '../../protocol/ids.ts';
import { MapOf, OneOf } from '../../protocol/wire/findShapeError.ts';
import type { Of } from '../../protocol/struct/Of.ts';
import { parseShape } from '../../protocol/wire/parseShape.ts';
import { openFolder } from '../../folder/openFolder.ts';
import { requireOwnFolder } from '../../folder/requireOwnFolder.ts';
import type { HomeOptions } from '../program/sharedOptions.ts';
import { readGivenText } from '../program/readGiven.ts';
import { leaveOut, type ToldLeftOut } from './leaveOut.ts';
import { nodesAt, type Nodes } from './Nodes.ts';

/**
 * A device as a folder: the pinned `network.json`, the address of its nodes, contacts, and under `parties/` a folder
 * for each key with what that party's device remembers. The folder of `medseal dev --demo` is one too.
 */
export interface Home {
  readonly path: string;
  /** Folder of the parties' devices. */
  readonly keystore: string;
}

const SETTINGS = 'home.json';
/** Settings that a home remembers beside its keys: the addresses of the nodes. */
const HOME_SETTINGS = {
  format: new OneOf('medseal-home/1'),
  'url?': 'text',
  'urls?': new MapOf(/^[a-z0-9-]{1,31}$/, 'text'),
} as const;

/**
 * Finds the device: the one that was named, else that of the environment, else `.medseal` in the person's own folder.
 * Nothing is made.
 *
 * @param options - `home`: its folder, if it was named.
 * @throws MedsealError `FOLDER_EXPOSED` if others can write to it: they could name another network.
 */
export function findHome({ home }: HomeOptions): Home {
  const named = home ?? process.env['MEDSEAL_HOME'];
  const path = resolve(named === undefined || named === '' ? join(homedir(), '.medseal') : named);
  const keystore = join(path, 'parties');
  requireOwnFolder(path, keystore);
  return { path, keystore };
}

/**
 * Returns the addresses of the nodes that a home remembers, and those that its parties moved to.
 *
 * @param home - The device.
 * @param named - Addresses that were named on the command line, as `nodesAt` takes them; they go first.
 * @param told - Told which parties' devices are damaged: their moves are left out.
 * @throws MedsealError `HOME_UNJOINED` if no address is known; `FOLDER_FOREIGN`, `ARGUMENT_INVALID`.
 */
export async function nodesOf(
  home: Home,
  named: readonly string[] = [],
  told?: ToldLeftOut,
): Promise<Nodes> {
  const said = nodesAt(named);
  if (said.url !== undefined) return said;
  const { url, urls = {} } = (await readSettings(home)) ?? {};
  if (url === undefined) {
    if (named.length > 0) return said;
    throw new MedsealError('HOME_UNJOINED', { path: home.path });
  }
  const others = Object.entries(urls).map(([name, address]) => `${name}=${address}`);
  const known = nodesAt([url, ...others]);
  return { ...known, urls: { ...(await movedTo(home, told)), ...known.urls, ...said.urls } };
}

/**
 * Has a home remember the address of an organisation's node, in place of another that it remembers for it.
 *
 * @param home - The device, which remembers some already.
 * @param organisation - Whose.
 * @param address - Below which its node is.
 * @throws MedsealError `HOME_UNJOINED`, `FOLDER_FOREIGN`.
 */
export async function rememberNode(
  home: Home,
  organisation: Organisation,
  address: string,
): Promise<void> {
  const { url, urls = {} } = (await readSettings(home)) ?? {};
  if (url === undefined) throw new MedsealError('HOME_UNJOINED', { path: home.path });
  const known = Object.hasOwn(urls, organisation) ? urls[organisation] : url;
  if (known === address) return;
  await writeHomeSettings(home, { url, urls: { ...urls, [organisation]: address } });
}

/** Addresses of the nodes that parties of the device moved to, as their moves tell them. */
async function movedTo(
  { keystore }: Home,
  told: ToldLeftOut | undefined,
): Promise<Readonly<Record<Organisation, string>>> {
  const entries = await readdir(keystore, { withFileTypes: true }).catch(() => []);
  const found: Record<Organisation, string> = {};
  for (const entry of entries.filter((each) => each.isDirectory())) {
    try {
      const device = await openDeviceFolder(join(keystore, entry.name));
      const { organisation, url } = (await servedBy({ device })) ?? {};
      if (organisation !== undefined && url !== undefined) found[organisation] = url;
    } catch (error) {
      leaveOut(entry.name, error, told);
    }
  }
  return found;
}

async function readSettings({ path }: Home): Promise<Of<typeof HOME_SETTINGS> | undefined> {
  const value = await readIfThere(join(path, SETTINGS));
  if (value === undefined) return undefined;
  return parseShape(HOME_SETTINGS, value, SETTINGS, () => {
    const what = `${SETTINGS} is of another form`;
    return new MedsealError('FOLDER_FOREIGN', { path, what });
  });
}

/** Remembers where the nodes are. */
export async function writeHomeSettings(home: Home, { url, urls }: Nodes): Promise<void> {
  const settings: Of<typeof HOME_SETTINGS> = {
    format: 'medseal-home/1',
    ...(url !== undefined && { url }),
    ...(Object.keys(urls).length > 0 && { urls }),
  };
  await writeJsonFile(await openFolder(home.path), SETTINGS, settings);
}

/**
 * Reads a JSON file of a device, and makes nothing.
 *
 * @param path - The file.
 * @returns The value, or undefined if there is no such file.
 * @throws MedsealError `FOLDER_FOREIGN` if it cannot be read as JSON.
 */
export async function readIfThere(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readGivenText(path)) as unknown;
  } catch (cause) {
    const reason = isMedsealError(cause) ? cause.cause : cause;
    if ((reason as NodeJS.ErrnoException | undefined)?.code === 'ENOENT') return undefined;
    const what = `${basename(path)} cannot be read as JSON`;
    throw new MedsealError('FOLDER_FOREIGN', { path: dirname(path), what }, { cause });
  }
}
