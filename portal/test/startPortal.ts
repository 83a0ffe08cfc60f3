import { rm } from 'node:fs/promises';
import { openDev } from '../../src/cli/openDev.ts';
import type { NodePorts } from '../../src/folder/NodePorts.ts';
import { machinePorts } from '../../src/folder/NodePorts.ts';
import { beginFounding } from '../../src/node/founding/beginFounding.ts';
import { dealAlone } from '../../src/node/founding/dealAlone.ts';
import { openNodeFolder } from '../../src/node/NodeFolder.ts';
import { DEFAULT_ORGANISATIONS } from '../../src/node/openNetwork.ts';
import { scratchFolder } from '../../src/node/test/scratchFolder.ts';
import type { ClaimTerms } from '../../src/protocol/network/NetworkFile.ts';

/** A demonstration with filled charts that serves its portal. */
export interface RunningPortal {
  /** Address of the node, such as `http://127.0.0.1:40123`. */
  readonly url: string;
  /** Folder of the network. */
  readonly data: string;
  close(): Promise<void>;
}

/** Terms of a demonstration, if they are not the usual ones. */
export interface PortalTerms {
  readonly claims: ClaimTerms;
  /** Clock of its nodes. */
  readonly clock: NodePorts['clock'];
}

/** Choices of a demonstration. */
export interface PortalChoice {
  /** Its terms; the usual ones if absent. */
  readonly terms?: PortalTerms;
  /** True if the first patient wears a device that measures; false if absent. */
  readonly wearable?: boolean;
}

/**
 * Founds a demonstration in a new folder, fills its charts and serves it on free ports.
 *
 * @param choice - Choices that differ from the usual ones.
 */
export async function startPortal({
  terms,
  wearable = false,
}: PortalChoice = {}): Promise<RunningPortal> {
  const data = await scratchFolder();
  const ports = terms && { ...(await machinePorts()), clock: terms.clock };
  if (ports) await found(data, terms.claims, ports);
  const options = { data, demo: true, charts: true, wearable, port: 0, rpcPort: 0 };
  const network = await openDev({ ...options, ...(ports && { ports }) });
  return {
    url: network.ready.url,
    data,
    async close() {
      await network.close();
      await rm(data, { recursive: true, force: true });
    },
  };
}

/** Begins the founding with these terms: who opens the folder goes on with it. */
async function found(data: string, claims: ClaimTerms, ports: NodePorts): Promise<void> {
  const create = { demo: true, hosts: DEFAULT_ORGANISATIONS };
  const folder = await openNodeFolder(data, { ports, create });
  const organisations = folder.homes.map(({ organisation }) => organisation);
  const deal = async (threshold: number) => await dealAlone(folder, threshold, ports);
  await beginFounding(folder.files, { demo: true, organisations, claims, deal }, ports);
  await folder.close();
}
