import { join } from 'node:path';
import type { Party } from '../../client/party/Party.ts';
import { openVisitor } from '../home/openVisitor.ts';
import { openTerminal } from '../terminal/openTerminal.ts';
import { captureStreams } from './captureStreams.ts';
import type { People } from './startPeople.ts';

/**
 * Opens somebody's device as the commands do.
 *
 * @param people - Those who have devices.
 * @param name - Whose device.
 */
export async function partyAt({ folder }: Pick<People, 'folder'>, name: string): Promise<Party> {
  const passphraseFile = process.env['MEDSEAL_PASSPHRASE_FILE'] ?? '';
  const at = { home: join(folder, name), passphraseFile };
  return (await openVisitor(openTerminal(captureStreams(), {}), at)).party;
}
