import { firstFingerprint } from '../protocol/network/firstFingerprint.ts';
import type { Bytes32 } from '../protocol/ids.ts';
import type { NetworkFile } from '../protocol/network/NetworkFile.ts';
import { parseNetworkFile } from '../protocol/network/parseNetworkFile.ts';
import { readJsonFile } from '../folder/jsonFiles.ts';
import type { NodePorts } from '../folder/NodePorts.ts';
import { openSharedFolder } from '../folder/openFolder.ts';
import { CHANNELS, hasNodeFolder } from '../node/founding/channelFiles.ts';
import type { ExaminationHearer } from '../services/examination/OrganisationExamination.ts';

/**
 * Examines the folders of the organisation's nodes in further channels that a folder notes: each is there, and its node
 * uses this network's ledger. The folders' content is left alone.
 *
 * @param folders - The folders.
 * @param network - The first file of the network whose node's folder notes them.
 * @param ports - SHA-256.
 * @param hearer - The receiver of findings.
 */
export async function examineChannels(
  folders: readonly string[],
  network: NetworkFile,
  { primitives }: Pick<NodePorts, 'primitives'>,
  hearer: ExaminationHearer,
): Promise<void> {
  const ours = network.ledger.of?.network ?? firstFingerprint(primitives, network);
  for (const folder of folders) {
    const found = await examine(folder);
    if (found === undefined) continue;
    const { what, remedy } = found;
    hearer.fault({
      kind: 'network-file',
      path: CHANNELS,
      what: `${CHANNELS}: ${folder}: ${what}`,
      remedy,
    });
  }

  async function examine(
    folder: string,
  ): Promise<{ readonly what: string; readonly remedy: 'backup' | 'none' } | undefined> {
    if (!hasNodeFolder(folder)) {
      const what = 'no node is there now; if it was moved, "init --on" tells where it is';
      return { what, remedy: 'none' };
    }
    const value = await readJsonFile(await openSharedFolder(folder), 'network.json').catch(
      () => null,
    );
    // One that is to join has none yet.
    if (value === undefined) return undefined;
    if (ledgerNetworkOf(value) === ours) return undefined;
    return { what: 'the network file there names the ledger of another network', remedy: 'backup' };
  }
}

/** The network whose ledger a further channel uses; undefined if the file is malformed, or has a ledger of its own. */
function ledgerNetworkOf(value: unknown): Bytes32 | undefined {
  try {
    return parseNetworkFile(value).ledger.of?.network;
  } catch {
    return undefined;
  }
}
