import type { Files } from '../folder/Files.ts';
import type { NodePorts } from '../folder/NodePorts.ts';
import { readNewestNetwork } from '../folder/readNewestNetwork.ts';
import { configuredStores } from '../node/configuration/configuredStores.ts';
import type { Configuration } from '../node/configuration/Configuration.ts';
import type { NetworkFile } from '../protocol/network/NetworkFile.ts';
import type { OpenStore } from '../vault/storeOpener.ts';
import { ServerStores } from './ServerStores.ts';

/** The stores of a stopped node, wherever its configuration says that they are. */
export interface StoresAtRest {
  /** Opens the store of sealed files. */
  readonly openStore: OpenStore;
  /** Those at a database server. */
  readonly elsewhere: ServerStores;
}

/**
 * Opens the stores of a stopped node for an examination.
 *
 * @param files - Its folder, whose lock is held.
 * @param configuration - Settings of one's own, or that one trusts: the servers that they name are called, with the password and
 * credentials of the files that they name.
 * @param network - The pinned network file; the folder's own if absent.
 * @param ports - Hashes and the curve.
 * @returns To be closed (`elsewhere`).
 * @throws MedsealError `CONFIGURATION_INVALID`; as `ServerStores.open` does.
 */
export async function storesAtRest(
  files: Files,
  { vault, database }: Pick<Configuration, 'vault' | 'database'>,
  network: NetworkFile | undefined,
  ports: NodePorts,
): Promise<StoresAtRest> {
  const openStore = await configuredStores(vault, ports);
  // A folder whose network file is damaged is examined too.
  const known = network ?? (await readNewestNetwork(files, ports).catch(() => undefined));
  const at = { files, settings: database, networkId: known?.networkId };
  return { openStore, elsewhere: await ServerStores.open(at) };
}
