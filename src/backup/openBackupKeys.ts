import { MedsealError } from '../errors/MedsealError.ts';
import type { Organisation } from '../protocol/ids.ts';
import type { Files } from '../folder/Files.ts';
import { openFolder } from '../folder/openFolder.ts';
import { readFolderFile } from '../folder/FolderFile.ts';
import { readNewestNetwork } from '../folder/readNewestNetwork.ts';
import { openKeyGuard } from '../folder/keyGuard.ts';
import type { NodePorts } from '../folder/NodePorts.ts';
import { openOrganisationKeys, readLaterKeys } from '../folder/organisationKeys.ts';
import type { BackupSignature } from './Manifest.ts';
import { signManifest, type SignedManifest } from './signManifest.ts';

/**
 * Opens the keys that sign a backup of a stopped node's folder.
 *
 * @param files - The folder; the caller holds its lock.
 * @param ports - Curve and hashes.
 * @param askPassphrase - Called if the keys are under a passphrase.
 * @returns Function that signs a manifest for each organisation of the folder; before the network is founded, for none.
 * @throws MedsealError `NODE_ABSENT`, `BACKUP_FAILED` if a key is lost; `PASSPHRASE_MISSING`, `PASSPHRASE_WRONG`;
 * `FOLDER_FOREIGN`.
 */
export async function openBackupKeys(
  files: Files,
  ports: NodePorts,
  askPassphrase?: () => Promise<string>,
): Promise<(manifest: SignedManifest) => Promise<readonly BackupSignature[]>> {
  const folder = await readFolderFile(files);
  if (folder === undefined) throw new MedsealError('NODE_ABSENT', { path: files.path });
  const network = await readNewestNetwork(files, ports);
  if (network === undefined) return async () => await Promise.resolve([]);
  const guard = await openKeyGuard(files, askPassphrase);
  const seeds = new Map<Organisation, readonly Uint8Array[]>();
  for (const name of folder.hosts) {
    // A lost key is not replaced by a new one.
    if ((await files.size(`node/${name}/keys.json`)) === undefined) {
      throw new MedsealError('BACKUP_FAILED', { reason: `node/${name}/keys.json is lost` });
    }
    const own = await openFolder(`${files.path}/node/${name}`);
    const { note } = await openOrganisationKeys(own, { ...ports, guard });
    const { notes } = await readLaterKeys(own, { ...ports, guard });
    seeds.set(name, [note, ...notes]);
  }
  return async (manifest) =>
    await Promise.resolve(signManifest(ports.primitives, network, seeds, manifest));
}
