import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Primitives } from '../../crypto/Primitives.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import {
  CONFLICT_FILES,
  requireBlockConflict,
  type ProvenConflict,
} from '../../protocol/evidence/blockConflict.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { readIfThere } from '../home/Home.ts';
import type { Finding } from './Finding.ts';

/**
 * Findings of the proofs in a device's folder that coordinators signed two different blocks of one height.
 *
 * @param primitives - Hashes and the curve.
 * @param files - Network files whose coordinators count.
 * @param folder - The device's folder.
 * @returns A fault for each that proves it.
 */
export async function keptConflicts(
  primitives: Primitives,
  files: readonly NetworkFile[],
  folder: string,
): Promise<readonly Finding[]> {
  const names = namesIn(folder).filter((name) => name.startsWith(CONFLICT_FILES));
  const findings: Finding[] = [];
  for (const name of names.toSorted()) {
    try {
      const value = await readIfThere(join(folder, name));
      const proven = requireBlockConflict({ primitives }, files, value);
      findings.push(conflictFinding(proven, join(folder, name)));
    } catch (error) {
      // It accuses nobody if it proves nothing here.
      if (!isMedsealError(error)) throw error;
    }
  }
  return findings;
}

function conflictFinding({ height, signed }: ProvenConflict, path: string): Finding {
  const words = signed.map(({ organisation, coordinator, block }) => {
    return `the coordinator of ${organisation} (${coordinator}) signed ${block.hash}`;
  });
  return {
    what: `block ${height} of the ledger`,
    safe: false,
    detail: words.join('; '),
    notes: [`the proof is in ${path}: show it to all organisations`],
  };
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
