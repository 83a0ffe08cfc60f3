import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { freePorts } from '../../scripts/freePorts.ts';
import { machinePorts } from '../../src/folder/NodePorts.ts';
import { openFolder } from '../../src/folder/openFolder.ts';
import { parseConfiguration } from '../../src/node/configuration/parseConfiguration.ts';
import { foundFromFiles, joinFromFiles } from '../../src/node/founding/ceremony.ts';
import { writeIdentity } from '../../src/node/founding/identityFiles.ts';
import { openNodeFolder, type NodeFolder } from '../../src/node/NodeFolder.ts';
import { readOperatorAccess } from '../../src/node/operator/OperatorCode.ts';
import { runNode, type NodeProcess } from '../../src/node/runNode.ts';
import { scratchFolder } from '../../src/node/test/scratchFolder.ts';

/** A node of an organisation, which serves its portal and its operator's page. */
export interface PortalNode {
  /** Address of its agent's portal. */
  readonly portal: string;
  /** Address of its operator's page. */
  readonly page: string;
  /** The operator's code. */
  readonly code: string;
  /** Folder of the node. */
  readonly data: string;
}

/** Nodes of one network, each in a folder of its own, none of which accepts anybody by itself. */
export interface PortalNodes {
  readonly nodes: ReadonlyMap<string, PortalNode>;
  close(): Promise<void>;
}

/** Founds a network of nodes and runs them on free ports. */
export async function startNodes(names: readonly string[]): Promise<PortalNodes> {
  const root = await scratchFolder();
  const exchange = join(root, 'exchange');
  await mkdir(exchange, { recursive: true });
  const ports = await machinePorts();
  const free = await freePorts(names.length);
  const portOf = new Map(names.map((name, place) => [name, free[place] ?? 0]));
  const running: NodeProcess[] = [];
  const open = async (name: string): Promise<NodeFolder> =>
    await openNodeFolder(join(root, name), { ports, create: { demo: false, hosts: [name] } });
  const during = async (name: string, work: (folder: NodeFolder) => Promise<unknown>) => {
    const folder = await open(name);
    await work(folder);
    await folder.close();
  };
  for (const name of names) {
    const url = `http://127.0.0.1:${portOf.get(name)}`;
    await during(name, async (folder) => await writeIdentity(folder, url, exchange, ports));
  }
  const [founder = '', ...others] = names;
  await during(
    founder,
    async (folder) => await foundFromFiles(folder, exchange, ports, { unguarded: true }),
  );
  for (const name of others) {
    await during(name, async (folder) => await joinFromFiles(folder, exchange, ports));
  }
  for (const name of names) {
    const line = new Map([
      ...['listen', 'ledger', 'operate'].map((door) => [`${door}.port`, '0'] as const),
      ['peers.port', String(portOf.get(name))],
    ]);
    const log = { debug: silent, info: silent, warn: silent, error: silent };
    const configuration = parseConfiguration({ line });
    running.push(
      await runNode({ folder: await open(name), configuration, ports, log, version: 'test' }),
    );
  }
  await Promise.all(running.map(async ({ ready }) => await ready));
  const nodes = new Map<string, PortalNode>();
  for (const [place, name] of names.entries()) {
    const data = join(root, name);
    const { url, code } = await readOperatorAccess(await openFolder(data));
    const portal = `${running[place]?.urls.agents}/${name}/portal/`;
    nodes.set(name, { portal, page: `${url}/portal/`, code, data });
  }
  return {
    nodes,
    async close() {
      for (const node of running.toReversed()) await node.stop();
      await rm(root, { recursive: true, force: true });
    },
  };
}

function silent(): undefined {
  return undefined;
}
