import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { beginFounding } from './beginFounding.ts';
import { dealAlone } from './dealAlone.ts';
import { parseFounding, type FoundingTerms } from '../../folder/Founding.ts';
import { readJsonFile } from '../../folder/jsonFiles.ts';
import type { NodeFolder } from '../NodeFolder.ts';
import { openFoundersLedger } from '../nodeLedger.ts';
import type { NodePorts } from '../../folder/NodePorts.ts';
import { readNetwork } from './readNetwork.ts';

/**
 * Founds the network of a folder that holds all of its organisations. Safe to repeat.
 *
 * @param folder - The folder.
 * @param ports - Clock, randomness, curve.
 * @param terms - Thresholds, the confirmation to ask for first, and whether it is unguarded.
 * @throws MedsealError as `beginFounding` and `readNetwork` do.
 */
export async function foundAlone(
  folder: NodeFolder,
  ports: NodePorts,
  { agree, unguarded = false, ...numbers }: FoundingTerms = {},
): Promise<NetworkFile> {
  const { files, demo, homes } = folder;
  const organisations = homes.map(({ organisation }) => organisation);
  const deal = unguarded
    ? undefined
    : async (threshold: number) => await dealAlone(folder, threshold, ports);
  await beginFounding(files, { demo, organisations, ...numbers, deal }, ports, agree);
  const founding = parseFounding(await readJsonFile(files, 'founding.json'), files.path);
  const own = await openFoundersLedger(folder, founding, ports);
  try {
    return await readNetwork(folder, founding, own, ports);
  } finally {
    await own.close();
  }
}
