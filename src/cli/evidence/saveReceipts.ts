import { join } from 'node:path';
import { fetchReceipt } from '../../client/audit/fetchReceipt.ts';
import type { Party } from '../../client/party/Party.ts';
import type { Acknowledgement, Receipt } from '../../protocol/evidence/evidence.ts';
import { keepingEvidence } from './keepEvidence.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { formatEvidenceFile } from '../../protocol/evidence/parseEvidenceFile.ts';
import { makeWritableFolder } from '../program/makeWritableFolder.ts';
import { writeFileWhole } from '../program/writeFileWhole.ts';

/** A receipt that was fetched and verified, and where it is kept. */
export interface SavedReceipt {
  readonly receipt: Receipt;
  /** Path of its file; absent if none was kept. */
  readonly file?: string;
}

/**
 * Fetches the receipts of entries, verifies each with the network file alone, and keeps them if a folder is named:
 * a file for each that its owner alone can read, such as `care-hospital-3.json`, of the one spelling that `medseal verify` takes.
 *
 * @param entries - The acknowledged entries; one that is there twice counts once.
 * @param parties - Whose agents are asked, each for its own organisation's log.
 * @param folder - The folder to keep them in, with evidence of broken promises; made if it does not exist.
 * @param terminal - Says where the evidence is kept.
 * @returns The receipts, in the order of the entries.
 * @throws MedsealError `FOLDER_UNWRITABLE`; as `fetchReceipt`.
 */
export async function saveReceipts(
  entries: readonly Acknowledgement[],
  parties: readonly Party[],
  folder: string | undefined,
  terminal: Pick<Terminal, 'note'>,
): Promise<readonly SavedReceipt[]> {
  if (folder !== undefined) await makeWritableFolder(folder);
  const saved = new Map<string, SavedReceipt>();
  for (const entry of entries) {
    const name = `${entry.log.replace('/', '-')}-${entry.index}.json`;
    const party = parties.find(({ log }) => log === entry.log);
    if (party === undefined || saved.has(name)) continue;
    const receipt = await keepingEvidence(
      terminal,
      folder ?? '.',
      async () => await fetchReceipt(party, entry, { later: entries }),
    );
    const file = folder && join(folder, name);
    if (file) await writeFileWhole(file, formatEvidenceFile(receipt));
    saved.set(name, { receipt, ...(file && { file }) });
  }
  return [...saved.values()];
}
