import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { MedsealError } from '../errors/MedsealError.ts';
import type { NetworkFile } from '../protocol/NetworkFile.ts';
import { parseNetworkFile } from '../protocol/parseNetworkFile.ts';
import { findHome, type Home } from './home/Home.ts';
import { readGivenText } from './readGiven.ts';
import type { HomeOptions } from './sharedOptions.ts';

/** The name of a network file where nothing else is said. */
const NAME = 'network.json';

/**
 * Reads the network file that everything is checked against: the one that was named, or the one that the device has
 * pinned.
 *
 * @param options - `network`: its path, where it was named.
 * @param home - The device.
 * @throws MedsealError `NETWORK_FILE_INVALID`; `HOME_UNJOINED` where the device has none.
 */
export async function readPinnedNetwork(
  { network }: Pick<HomeOptions, 'network'>,
  home: Home,
): Promise<NetworkFile> {
  if (network !== undefined) return await readNetworkFile(network);
  const path = join(home.path, NAME);
  if (!existsSync(path)) throw new MedsealError('HOME_UNJOINED', { path: home.path });
  return await readNetworkFile(path);
}

/**
 * Reads the network file for whoever needs no device: the one that was named, else `network.json` in the present
 * folder, else the one that the device has pinned.
 *
 * @param options - `network`: its path, where it was named.
 * @throws MedsealError `NETWORK_FILE_INVALID`, `HOME_UNJOINED`.
 */
export async function readAnyNetwork(options: HomeOptions): Promise<NetworkFile> {
  if (options.network === undefined && options.home === undefined && existsSync(NAME)) {
    return await readNetworkFile(NAME);
  }
  return await readPinnedNetwork(options, findHome(options));
}

/**
 * Reads a network file.
 *
 * @param path - The file.
 * @throws MedsealError `NETWORK_FILE_INVALID`.
 */
export async function readNetworkFile(path: string): Promise<NetworkFile> {
  let value: unknown;
  try {
    value = JSON.parse(await readGivenText(path));
  } catch (cause) {
    const reason = `${path} can not be read as JSON`;
    throw new MedsealError('NETWORK_FILE_INVALID', { reason }, { cause });
  }
  return parseNetworkFile(value);
}
