import { join, resolve } from 'node:path';
import { suspensionFileOf } from '../../client/rights/suspensionFile.ts';
import { writeJsonFile } from '../../folder/jsonFiles.ts';
import { openSharedFolder } from '../../folder/openFolder.ts';
import type { SignedSuspension } from '../../protocol/AgentPort.ts';

/**
 * Writes the file by which members of the authority suspend a party, or lift its suspension, one after another.
 *
 * @param path - The file.
 * @param signed - The suspension, with the signatures so far.
 */
export async function writeSuspension(path: string, signed: SignedSuspension): Promise<void> {
  const full = resolve(path);
  const folder = await openSharedFolder(join(full, '..'));
  await writeJsonFile(folder, full.slice(folder.path.length + 1), suspensionFileOf(signed));
}
