import { seconds } from '../../protocol/Clock.ts';
import { fileInForce } from '../../protocol/network/followSuccessors.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { parseNetworkFile } from '../../protocol/network/parseNetworkFile.ts';
import type { Files } from '../../folder/Files.ts';
import { readJsonFile } from '../../folder/jsonFiles.ts';
import type { NodePorts } from '../../folder/NodePorts.ts';
import { SUCCESSORS } from '../../folder/readNewestNetwork.ts';
import { openSuccession } from '../succession/openSuccession.ts';

/** The network of a folder, as its validator needs it. */
export interface ValidatorNetwork {
  /** The network's first file, which the ledger began with. */
  readonly began: NetworkFile;
  /** Reads the network file in force now, and those to come, oldest first. */
  readonly present: () => Promise<readonly [NetworkFile, ...NetworkFile[]]>;
}

/**
 * Opens the network of a folder for a validator.
 *
 * @param files - The folder.
 * @param ports - Clock, hashes and the curve.
 * @returns Undefined if the folder has no network file, or no validators hold its ledger.
 * @throws MedsealError `NETWORK_FILE_INVALID`, `SUCCESSOR_INVALID`.
 */
export async function openValidatorNetwork(
  files: Files,
  ports: Pick<NodePorts, 'clock' | 'primitives'>,
): Promise<ValidatorNetwork | undefined> {
  const written = await readJsonFile(files, 'network.json');
  if (written === undefined) return undefined;
  const began = parseNetworkFile(written);
  if (began.contracts.validators === undefined) return undefined;
  let all: readonly NetworkFile[] = [began];
  let read: number | undefined;
  const present = async (): Promise<readonly [NetworkFile, ...NetworkFile[]]> => {
    // A list of successors only grows; its signatures are verified when it has grown.
    const size = await files.size(SUCCESSORS);
    if (size !== read) {
      ({ files: all } = await openSuccession(files, began, ports));
      read = size;
    }
    const inForce = fileInForce(all, seconds(ports.clock));
    return [inForce, ...all.slice(all.indexOf(inForce) + 1)];
  };
  await present();
  return { began, present };
}
