import { join } from 'node:path';
import { falseReleaseOf } from '../../client/records/keyReleased.ts';
import type { RecordRead } from '../../client/records/readRecord.ts';
import { formatEvidenceFile } from '../../protocol/evidence/parseEvidenceFile.ts';
import type { ReleaseProof } from '../../protocol/release/ReleaseProof.ts';
import { writeFileWhole } from '../program/writeFileWhole.ts';
import type { Terminal } from '../terminal/Terminal.ts';

/**
 * Saves the proof of who released the key of each record that was read, as a file that `medseal verify` takes; says it if a
 * share was false.
 *
 * @param terminal - Says it.
 * @param folder - The folder, which exists.
 * @param reads - Records that were read to their end.
 * @returns The files.
 */
export async function saveReleases(
  terminal: Pick<Terminal, 'note'>,
  folder: string,
  reads: readonly Pick<RecordRead<unknown>, 'released'>[],
): Promise<readonly string[]> {
  const files: string[] = [];
  for (const { released } of reads) {
    if (released === undefined) continue;
    const proof = released.prove();
    const file = await saveProof(folder, proof);
    files.push(file);
    if (!proof.statements.some(({ share }) => share !== undefined)) continue;
    terminal.note(`A released share was false. Proof of misbehaviour is saved in: ${file}`);
  }
  if (files.length === 0) terminal.note('The record opens without a release: nothing was saved.');
  return files;
}

/**
 * Does work that may find too many released shares false; if it does, saves the proof and says where.
 *
 * @param terminal - Says it.
 * @param folder - The folder to save it in; nothing is saved if absent.
 * @param work - The work, which may throw `RELEASE_FALSE`.
 */
export async function keepingReleases<Result>(
  terminal: Pick<Terminal, 'note'>,
  folder: string | undefined,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const proof = folder === undefined ? undefined : falseReleaseOf(error);
    if (proof !== undefined && folder !== undefined) {
      terminal.note(`Proof of misbehaviour is saved in: ${await saveProof(folder, proof)}`);
    }
    throw error;
  }
}

async function saveProof(folder: string, proof: ReleaseProof): Promise<string> {
  const { log, entry } = proof.view;
  const file = join(folder, `release-${log.replace('/', '-')}-${entry.slice(2)}.json`);
  await writeFileWhole(file, formatEvidenceFile(proof));
  return file;
}
