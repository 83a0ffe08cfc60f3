import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { MedsealError } from '../errors/MedsealError.ts';
import type { NetworkFile } from '../protocol/NetworkFile.ts';
import { parseNetworkFile } from '../protocol/parseNetworkFile.ts';

/** Where a command looks for the network file. */
export interface NetworkOptions {
  /** Its path, where it was named. */
  readonly network?: string;
  /** The keystore, beside which it lies where it was not named. */
  readonly keystore?: string;
}

/**
 * Reads the network file that everything is checked against: the one that was named, or `network.json` beside the
 * keystore or, without one, in the folder of the command.
 *
 * @param options - Where to look.
 * @throws MedsealError `NETWORK_FILE_INVALID`.
 */
export async function readPinnedNetwork(options: NetworkOptions): Promise<NetworkFile> {
  const folder = options.keystore === undefined ? '.' : dirname(resolve(options.keystore));
  const path = options.network ?? join(folder, 'network.json');
  let value: unknown;
  try {
    value = JSON.parse(await readFile(path, 'utf8'));
  } catch (cause) {
    const reason = `${path} can not be read as JSON`;
    throw new MedsealError('NETWORK_FILE_INVALID', { reason }, { cause });
  }
  return parseNetworkFile(value);
}
