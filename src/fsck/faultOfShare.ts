import { join } from 'node:path';
import type { KeyGuard } from '../folder/keyGuard.ts';
import type { NodePorts } from '../folder/NodePorts.ts';
import { openFolder } from '../folder/openFolder.ts';
import { shareFile } from '../folder/shareFile.ts';
import { openShare } from '../node/openShare.ts';
import type { Organisation } from '../protocol/ids.ts';
import type { NetworkFile } from '../protocol/NetworkFile.ts';

/** The folder, and how its secrets are read. */
export interface ShareExamination {
  readonly data: string;
  readonly ports: Pick<NodePorts, 'loadPairing'>;
  readonly guard: KeyGuard;
}

/**
 * Examines an organisation's share of its channel's release key: a node without it runs, and releases nothing.
 *
 * @param examination - The folder.
 * @param network - The network file in force.
 * @param organisation - The organisation.
 * @returns The path of the share's file and its fault; undefined if it is the share that the network file names, or the file names none.
 */
export async function faultOfShare(
  { data, ports, guard }: ShareExamination,
  network: NetworkFile,
  organisation: Organisation,
): Promise<readonly [path: string, what: string] | undefined> {
  const channel = network.channels.find(({ release }) =>
    release?.shares.some((each) => each.organisation === organisation),
  );
  if (channel === undefined) return undefined;
  const folder = `node/${organisation}`;
  const files = await openFolder(join(data, folder));
  const path = `${folder}/share.json`;
  if ((await files.size('share.json')) === undefined) return [path, 'it is lost'];
  const home = { organisation, share: shareFile(files, guard) };
  const share = await openShare(network, channel, home, ports).catch(() => undefined);
  return share === undefined ? [path, 'it was altered'] : undefined;
}
