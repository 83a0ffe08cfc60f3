import { suspensionFileOf } from '../../client/rights/suspensionFile.ts';
import type { SignedSuspension } from '../../protocol/AgentPort.ts';
import { writeRound } from './writeRound.ts';

/**
 * Writes the file by which members of the authority suspend a party, or lift its suspension, one after another.
 *
 * @param path - The file.
 * @param signed - The suspension, with the signatures so far.
 */
export async function writeSuspension(path: string, signed: SignedSuspension): Promise<void> {
  await writeRound(path, suspensionFileOf(signed));
}
