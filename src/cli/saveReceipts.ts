import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fetchReceipt } from '../client/fetchReceipt.ts';
import type { Party } from '../client/Party.ts';
import type { Acknowledgement } from '../protocol/evidence.ts';
import { formatEvidenceFile } from '../protocol/parseEvidenceFile.ts';

/**
 * Fetches the receipts of entries, verifies each with the network file alone, and keeps them where a folder is named:
 * a file for each, such as `care-hospital-3.json`, of the one spelling that `medseal verify` takes.
 *
 * @param entries - What was acknowledged; one that is there twice counts once.
 * @param parties - Whose agents are asked, each for its own organisation's log.
 * @param folder - Where to; it is made where it does not exist.
 * @returns How many receipts there are.
 * @throws MedsealError `NOT_YET` where a checkpoint does not come; `EVIDENCE_INVALID`.
 */
export async function saveReceipts(
  entries: readonly Acknowledgement[],
  parties: readonly Party[],
  folder: string | undefined,
): Promise<number> {
  if (folder !== undefined) await mkdir(folder, { recursive: true });
  const kept = new Set<string>();
  for (const entry of entries) {
    const name = `${entry.log.replace('/', '-')}-${entry.index}.json`;
    const party = parties.find(({ log }) => log === entry.log);
    if (party === undefined || kept.has(name)) continue;
    const receipt = await fetchReceipt(party, entry);
    if (folder !== undefined) await writeFile(join(folder, name), formatEvidenceFile(receipt));
    kept.add(name);
  }
  return kept.size;
}
