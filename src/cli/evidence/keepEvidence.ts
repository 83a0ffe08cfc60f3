import { join } from 'node:path';
import { brokenPromiseOf, type BrokenPromise } from '../../client/audit/fetchReceipt.ts';
import { formatEvidenceFile } from '../../protocol/evidence/parseEvidenceFile.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { makeWritableFolder } from '../program/makeWritableFolder.ts';
import { writeFileWhole } from '../program/writeFileWhole.ts';

/**
 * Keeps evidence of broken promises, as files that `medseal verify` takes and their owner alone can read.
 *
 * @param folder - The folder to keep it in; made if it does not exist.
 * @param broken - The evidence.
 * @returns The files.
 * @throws MedsealError `FOLDER_UNWRITABLE`.
 */
export async function keepEvidence(
  folder: string,
  { acknowledgement, history, later }: BrokenPromise,
): Promise<readonly string[]> {
  await makeWritableFolder(folder);
  const log = acknowledgement.log.replace('/', '-');
  const { size, root } = history.checkpoint;
  // Whole hashes: who chooses salts finds entries that begin alike, and a log may show two roots of one size.
  const kept = [
    [`promised-${log}-${acknowledgement.entry.slice(2)}.json`, acknowledgement],
    [`history-${log}-${size}-${root.slice(2)}.json`, history],
    ...later.map((each) => [`later-${log}-${each.entry.slice(2)}.json`, each] as const),
  ] as const;
  for (const [name, evidence] of kept) {
    await writeFileWhole(join(folder, name), formatEvidenceFile(evidence));
  }
  return kept.map(([name]) => join(folder, name));
}

/**
 * Does work that may find a promise broken; if it does, keeps the evidence and says where.
 *
 * @param terminal - Says it.
 * @param folder - The folder to keep it in.
 * @param work - The work, which may throw `PROMISE_BROKEN`.
 */
export async function keepingEvidence<Result>(
  terminal: Pick<Terminal, 'note'>,
  folder: string,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const broken = brokenPromiseOf(error);
    if (broken !== undefined) {
      const files = await keepEvidence(folder, broken);
      terminal.note(`Proof of misbehaviour is saved in: ${files.join(' ')}`);
    }
    throw error;
  }
}
