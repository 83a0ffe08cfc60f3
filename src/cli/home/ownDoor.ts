import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readConfiguration } from '../../node/configuration/readConfiguration.ts';
import { nodesOf } from './Home.ts';
import { nodesAt, type Nodes } from './Nodes.ts';

/**
 * Finds the address of a folder's node, as the device in the same folder knows it, or as it is configured.
 *
 * @param data - The node's folder.
 */
export async function ownDoor(data: string): Promise<Nodes> {
  if (existsSync(join(data, 'home.json'))) {
    return await nodesOf({ path: data, keystore: join(data, 'parties') }, undefined);
  }
  const { environment, line } = { environment: process.env, line: new Map<string, string>() };
  const { listen } = await readConfiguration({ folder: data, file: undefined, environment, line });
  return nodesAt([`http://127.0.0.1:${listen.port}`]);
}
