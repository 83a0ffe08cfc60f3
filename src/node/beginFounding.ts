import { bytesToHex } from '../crypto/bytes.ts';
import { seconds } from '../protocol/Clock.ts';
import type { Organisation } from '../protocol/ids.ts';
import type { Files } from '../vault/Files.ts';
import { FOLDER_FORMAT, type Founding } from './Founding.ts';
import { readJsonFile, writeJsonFile } from './jsonFiles.ts';
import type { NodePorts } from './NodePorts.ts';
import type { OrganisationIdentity } from './OrganisationIdentity.ts';

/**
 * Writes down what a network is founded with, where the folder has none of it yet.
 *
 * @param files - The founder's folder.
 * @param network - Its organisations, the founder first, and the identities of those in other folders.
 * @param ports - Randomness and clock.
 */
export async function beginFounding(
  files: Files,
  network: {
    readonly demo: boolean;
    readonly organisations: readonly Organisation[];
    readonly others?: readonly OrganisationIdentity[];
  },
  { random, clock }: Pick<NodePorts, 'random' | 'clock'>,
): Promise<void> {
  if ((await readJsonFile(files, 'founding.json')) !== undefined) return;
  const founding: Founding = {
    format: FOLDER_FORMAT,
    networkId: bytesToHex(random(32)),
    chainId: 2 ** 30 + (new DataView(random(4).slice().buffer).getUint32(0) % 2 ** 30),
    timestamp: seconds(clock),
    channel: 'care',
    threshold: Math.floor(network.organisations.length / 2) + 1,
    ...network,
  };
  await writeJsonFile(files, 'founding.json', founding);
}
