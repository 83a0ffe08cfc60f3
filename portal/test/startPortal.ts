import { rm } from 'node:fs/promises';
import { openDev, type OpenDev, type OpenDevOptions } from '../../src/cli/openDev.ts';
import { openFoundedDev } from '../../src/cli/test/openFoundedDev.ts';
import type { NodePorts } from '../../src/folder/NodePorts.ts';
import { machinePorts } from '../../src/folder/NodePorts.ts';
import { beginFounding } from '../../src/node/founding/beginFounding.ts';
import { dealAlone } from '../../src/node/founding/dealAlone.ts';
import { openNodeFolder } from '../../src/node/NodeFolder.ts';
import { DEFAULT_ORGANISATIONS } from '../../src/node/openNetwork.ts';
import type { PushSettings } from '../../src/node/push/createPushPort.ts';
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
  /** Push services that its organisations may call; they tell no browser of news if absent. */
  readonly push?: PushSettings;
}

/**
 * Serves a demonstration with filled charts on free ports, in a new folder.
 *
 * @param choice - Choices that differ from the usual ones.
 */
export async function startPortal({
  terms,
  wearable = false,
  push,
}: PortalChoice = {}): Promise<RunningPortal> {
  const data = await scratchFolder();
  const options = { data, charts: true, wearable, ...(push && { push }) };
  const network = await (terms ? openWithTerms(options, terms) : openFoundedDev(options));
  return {
    url: network.ready.url,
    data,
    async close() {
      await network.close();
      await rm(data, { recursive: true, force: true });
    },
  };
}

/** Founds it with these terms, in a folder that no other test has. */
async function openWithTerms(
  options: Pick<OpenDevOptions, 'data' | 'charts' | 'wearable' | 'push'>,
  { claims, clock }: PortalTerms,
): Promise<OpenDev> {
  const ports = { ...(await machinePorts()), clock };
  await beginTerms(options.data, claims, ports);
  return await openDev({ ...options, ports, demo: true, port: 0, rpcPort: 0 });
}

/** Begins the founding with these terms: who opens the folder goes on with it. */
async function beginTerms(data: string, claims: ClaimTerms, ports: NodePorts): Promise<void> {
  const create = { demo: true, hosts: DEFAULT_ORGANISATIONS };
  const folder = await openNodeFolder(data, { ports, create });
  const organisations = folder.homes.map(({ organisation }) => organisation);
  const deal = async (threshold: number) => await dealAlone(folder, threshold, ports);
  await beginFounding(folder.files, { demo: true, organisations, claims, deal }, ports);
  await folder.close();
}
