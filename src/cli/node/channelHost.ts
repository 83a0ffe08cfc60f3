import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { MedsealError } from '../../errors/MedsealError.ts';
import { openFolder } from '../../folder/openFolder.ts';
import type { NodePorts } from '../../folder/NodePorts.ts';
import { readNewestNetwork } from '../../folder/readNewestNetwork.ts';
import { readConfiguration } from '../../node/configuration/readConfiguration.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { readNetworkFile } from '../home/readPinnedNetwork.ts';

/** The network on whose ledger a channel is founded. */
export interface ChannelHost {
  readonly network: NetworkFile;
  /** The folder of the organisation's node in it, if that is on this machine. */
  readonly folder?: string;
  /** JSON-RPC of the ledger that this node runs or passes on. */
  readonly url?: string;
}

/**
 * Reads the network on whose ledger a channel is to be.
 *
 * @param on - The folder of the organisation's node in it, or its network file.
 * @param ports - Hashes and the curve.
 * @throws MedsealError `NETWORK_ABSENT`, `NETWORK_FILE_INVALID`, `ARGUMENT_INVALID`.
 */
export async function readChannelHost(on: string, ports: NodePorts): Promise<ChannelHost> {
  const folder = resolve(on);
  const found = await stat(folder).catch(() => undefined);
  if (found?.isDirectory() !== true) return { network: await readNetworkFile(on) };
  const network = await readNewestNetwork(await openFolder(folder), ports);
  if (network === undefined) throw new MedsealError('NETWORK_ABSENT', { path: folder });
  const { ledger, validator } = await readConfiguration({
    folder,
    environment: {},
    line: new Map(),
  });
  const port = network.contracts.validators === undefined ? ledger.port : validator.rpcPort;
  return { network, folder, url: ledger.url ?? `http://127.0.0.1:${port}` };
}
