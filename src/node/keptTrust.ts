import { forkFileName, type ForkProof } from '../consortium/forkOf.ts';
import { parseTrustedBlock, trustedBlockFile } from '../consortium/parseTrustedBlock.ts';
import type { TrustedBlock } from '../consortium/verifyBlock.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import type { Files } from '../folder/Files.ts';
import { conflictFileName, type BlockConflict } from '../protocol/evidence/blockConflict.ts';
import { readJsonFile, writeJsonFile } from '../folder/jsonFiles.ts';

/** The newest block that a node verified, if it reads the ledger from a machine that is not its own. */
export const TRUSTED = 'trusted-block.json';

/** Keeps the newest block of a consortium's ledger that was verified: trust in it lasts 21 days. */
export interface KeptTrust {
  /** Undefined before the first. */
  read(): Promise<TrustedBlock | undefined>;
  keep(block: TrustedBlock): Promise<void>;
  /** Keeps proof that validators signed two blocks of one height, for its operator to show. */
  keepFork(proof: ForkProof): Promise<void>;
  /** Keeps proof that coordinators signed two different blocks of one height. */
  keepConflict(conflict: BlockConflict): Promise<void>;
}

/**
 * Keeps it in a node's folder.
 *
 * @param files - The folder. `read` throws MedsealError `FOLDER_FOREIGN` if its file is malformed.
 */
export function keptTrust(files: Files): KeptTrust {
  return {
    async read() {
      const value = await readJsonFile(files, TRUSTED);
      if (value === undefined) return undefined;
      const { path } = files;
      return parseTrustedBlock(value, (what) => new MedsealError('FOLDER_FOREIGN', { path, what }));
    },
    async keep(block) {
      await writeJsonFile(files, TRUSTED, trustedBlockFile(block));
    },
    async keepFork(proof) {
      await writeJsonFile(files, forkFileName(proof), proof);
    },
    async keepConflict(conflict) {
      await writeJsonFile(files, conflictFileName(conflict), conflict);
    },
  };
}
