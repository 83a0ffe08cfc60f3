import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { MedsealError } from '../../errors/MedsealError.ts';
import { writeJsonFile } from '../../node/jsonFiles.ts';
import { openFolder } from '../../vault/openFolder.ts';
import type { HomeOptions } from '../sharedOptions.ts';

/**
 * A device as a folder: the pinned `network.json`, the address of its nodes, contacts, and under `parties/` a folder
 * for each key with what that party's device remembers. The folder of `medseal dev --demo` is one too.
 */
export interface Home {
  readonly path: string;
  /** Folder of the parties' devices. */
  readonly keystore: string;
}

/** What a home remembers beside its keys. */
export interface HomeSettings {
  readonly format: 'medseal-home/1';
  /** Address of the nodes; each organisation's is below it. */
  readonly url: string;
}

const SETTINGS = 'home.json';

/**
 * Finds the device: the one that was named, else that of the environment, else `.medseal` in the person's own folder.
 * Nothing is made.
 *
 * @param options - `home`: its folder, where it was named.
 */
export function findHome({ home }: HomeOptions): Home {
  const named = home ?? process.env['MEDSEAL_HOME'];
  const path = resolve(named === undefined || named === '' ? join(homedir(), '.medseal') : named);
  return { path, keystore: join(path, 'parties') };
}

/**
 * Reads the address of the nodes that a home remembers.
 *
 * @param home - The device.
 * @param named - An address that was named on the command line; it goes first.
 * @throws MedsealError `HOME_UNJOINED` where there is none.
 */
export async function nodesOf(home: Home, named?: string): Promise<string> {
  if (named !== undefined) return addressOf(named);
  const { url } = ((await readIfThere(join(home.path, SETTINGS))) ?? {}) as Partial<HomeSettings>;
  if (typeof url !== 'string') throw new MedsealError('HOME_UNJOINED', { path: home.path });
  return addressOf(url);
}

/** Remembers the address of the nodes. */
export async function writeHomeSettings(home: Home, url: string): Promise<void> {
  const settings: HomeSettings = { format: 'medseal-home/1', url: addressOf(url) };
  await writeJsonFile(await openFolder(home.path), SETTINGS, settings);
}

/**
 * Reads a JSON file of a device, and makes nothing.
 *
 * @param path - The file.
 * @returns The value, or undefined where there is no such file.
 * @throws MedsealError `FOLDER_FOREIGN` where it can not be read as JSON.
 */
export async function readIfThere(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as unknown;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    const what = `${basename(path)} can not be read as JSON`;
    throw new MedsealError('FOLDER_FOREIGN', { path: dirname(path), what }, { cause });
  }
}

/**
 * An address of nodes, as it is remembered.
 *
 * @throws MedsealError `ARGUMENT_INVALID`.
 */
export function addressOf(url: string): string {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    const reason = `${url} is not an address such as http://127.0.0.1:8480`;
    throw new MedsealError('ARGUMENT_INVALID', { argument: 'url', reason });
  }
  return url.replace(/\/$/, '');
}
