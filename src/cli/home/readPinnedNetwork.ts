import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { MedsealError } from '../../errors/MedsealError.ts';
import { createNativePrimitives } from '../../native/nativePrimitives.ts';
import { systemClock } from '../../folder/systemClock.ts';
import { seconds } from '../../protocol/Clock.ts';
import { fileInForce, followSuccessors } from '../../protocol/network/followSuccessors.ts';
import { fingerprintOf } from '../../protocol/network/fingerprintOf.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { parseNetworkFile } from '../../protocol/network/parseNetworkFile.ts';
import { findHome, type Home } from './Home.ts';
import { readGivenText } from '../program/readGiven.ts';
import type { HomeOptions } from '../program/sharedOptions.ts';

/** The name of a network file where nothing else is said. */
const NAME = 'network.json';

/**
 * Reads the network file that everything is checked against: the one that was named, or the one that the device has
 * pinned.
 *
 * @param options - `network`: its path, if it was named; `successors`: that of its successors.
 * @param home - The device.
 * @throws MedsealError `NETWORK_FILE_INVALID`; `HOME_UNJOINED` if the device has none.
 */
export async function readPinnedNetwork(
  { network, successors }: Pick<HomeOptions, 'network' | 'successors'>,
  home: Home,
): Promise<NetworkFile> {
  if (network !== undefined) return await present(await readNetworkFile(network), successors);
  return await present(await requirePinned(home), successors ?? followedPath(home));
}

/**
 * Reads the network file for whoever needs no device: the one that was named, else the one that the device has pinned.
 * A `network.json` in the present folder is not believed for lying there: whoever gives somebody a false receipt can put
 * a false network file beside it.
 *
 * @param options - `network`: its path, if it was named; `home`.
 * @throws MedsealError `NETWORK_FILE_AMBIGUOUS` if the present folder has another than the device, and neither file
 * nor device was named; `NETWORK_FILE_UNNAMED` if the device has none and the folder has; `HOME_UNJOINED`,
 * `NETWORK_FILE_INVALID`.
 */
export async function readAnyNetwork(options: HomeOptions): Promise<NetworkFile> {
  const pinned = await readAnyPinned(options);
  const followed = options.network === undefined ? followedPath(findHome(options)) : undefined;
  return await present(pinned, options.successors ?? followed);
}

/**
 * Reads the network file for whoever needs no device, as `readAnyNetwork` does, but as it was pinned or named: whatever
 * follows it.
 *
 * @param options - `network`: its path, if it was named; `home`.
 * @throws MedsealError as `readAnyNetwork`.
 */
export async function readAnyPinned(
  options: Pick<HomeOptions, 'home' | 'network'>,
): Promise<NetworkFile> {
  const home = findHome(options);
  if (options.network !== undefined) return await readNetworkFile(options.network);
  if (options.home !== undefined) return await requirePinned(home);
  const primitives = await createNativePrimitives();
  const pinned = await readIfPinned(home);
  const path = resolve(NAME);
  const here = await readNetworkFile(path).catch(() => undefined);
  const found = here && fingerprintOf(primitives, here);
  if (pinned === undefined) {
    if (found !== undefined) throw new MedsealError('NETWORK_FILE_UNNAMED', { path, found });
    throw new MedsealError('HOME_UNJOINED', { path: home.path });
  }
  const expected = fingerprintOf(primitives, pinned);
  if (found !== undefined && found !== expected) {
    throw new MedsealError('NETWORK_FILE_AMBIGUOUS', { pinned: expected, path, found });
  }
  return pinned;
}

/**
 * Reads the successors of a network file, and verifies them.
 *
 * @param network - The pinned network file.
 * @param path - The file with its successors.
 * @returns The network file and those that follow it, oldest first; it alone if there is no such file.
 * @throws MedsealError `SUCCESSOR_INVALID`, `NETWORK_FILE_INVALID`.
 */
export async function readFollowed(
  network: NetworkFile,
  path: string,
): Promise<readonly NetworkFile[]> {
  if (!existsSync(path)) return [network];
  const primitives = await createNativePrimitives();
  let value: unknown;
  try {
    value = JSON.parse(await readGivenText(path));
  } catch (cause) {
    const reason = `${path} cannot be read as JSON`;
    throw new MedsealError('SUCCESSOR_INVALID', { reason }, { cause });
  }
  return followSuccessors({ primitives }, network, value);
}

/** The file in force of a network file and its successors. */
async function present(network: NetworkFile, path: string | undefined): Promise<NetworkFile> {
  if (path === undefined) return network;
  return fileInForce(await readFollowed(network, path), seconds(systemClock));
}

/** The network file that a device has pinned; it must have one. */
async function requirePinned(home: Home): Promise<NetworkFile> {
  const pinned = await readIfPinned(home);
  if (pinned === undefined) throw new MedsealError('HOME_UNJOINED', { path: home.path });
  return pinned;
}

/**
 * The path of the successors that a device has followed, whether they are there or not.
 * @param home - The device.
 */
export function followedPath(home: Home): string {
  return join(home.path, 'successors.json');
}

/**
 * Reads the network file that a device has pinned.
 *
 * @param home - The device.
 * @returns Undefined if it has none.
 * @throws MedsealError `NETWORK_FILE_INVALID`.
 */
export async function readIfPinned(home: Home): Promise<NetworkFile | undefined> {
  const path = pinnedPath(home);
  return existsSync(path) ? await readNetworkFile(path) : undefined;
}

/**
 * The path of the network file that a device has pinned, whether it is there or not.
 * @param home - The device.
 */
export function pinnedPath(home: Home): string {
  return join(home.path, NAME);
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
    const reason = `${path} cannot be read as JSON`;
    throw new MedsealError('NETWORK_FILE_INVALID', { reason }, { cause });
  }
  return parseNetworkFile(value);
}
