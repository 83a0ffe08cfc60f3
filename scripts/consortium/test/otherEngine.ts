import { appendFile, copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hashFile } from '../../../src/node/validator/hashFile.ts';
import type { Bytes32 } from '../../../src/protocol/ids.ts';
import { findEngine } from '../../findEngine.ts';

/** A program of the engine beside the one that was built. */
export interface OtherEngine {
  readonly path: string;
  readonly sha256: Bytes32;
}

/**
 * Makes another program of the engine: it does the same and has another hash, for a few bytes lie behind what the system loads.
 *
 * @param folder - The folder that gets it.
 * @param name - Its name; of each name it is another one.
 */
export async function otherEngine(folder: string, name: string): Promise<OtherEngine> {
  const path = join(folder, name);
  await copyFile(findEngine().path, path);
  await appendFile(path, name);
  return { path, sha256: (await hashFile(path)) ?? '0x' };
}
