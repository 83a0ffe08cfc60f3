import type { NetworkFile } from '../protocol/NetworkFile.ts';
import { beginFounding } from './beginFounding.ts';
import { parseFounding } from './Founding.ts';
import { readJsonFile } from './jsonFiles.ts';
import type { NodeFolder } from './NodeFolder.ts';
import { openFoundersLedger } from './nodeLedger.ts';
import type { NodePorts } from './NodePorts.ts';
import { readNetwork } from './readNetwork.ts';

/**
 * Founds the network of a folder that holds all of its organisations. Safe to repeat.
 *
 * @param folder - The folder.
 * @param ports - Clock, randomness, curve.
 * @throws MedsealError as `readNetwork` does.
 */
export async function foundAlone(folder: NodeFolder, ports: NodePorts): Promise<NetworkFile> {
  const { files, demo, homes } = folder;
  const organisations = homes.map(({ organisation }) => organisation);
  await beginFounding(files, { demo, organisations }, ports);
  const founding = parseFounding(await readJsonFile(files, 'founding.json'), files.path);
  const own = await openFoundersLedger(folder, founding, ports);
  try {
    return await readNetwork(folder, founding, own, ports);
  } finally {
    await own.close();
  }
}
