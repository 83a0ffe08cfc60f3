/** Loaded by the test runner: keeps for a run of tests what several of its files found alike, and removes it at the end. */
import { rm } from 'node:fs/promises';
import { scratchFolder } from '../../src/node/test/scratchFolder.ts';

let folder: string | undefined;

/** Makes the folder that test files copy from (`src/cli/test/openFoundedDev.ts`), and names it to them. */
export async function globalSetup(): Promise<void> {
  folder = await scratchFolder();
  process.env['FOUNDED'] = folder;
}

/** Removes it. */
export async function globalTeardown(): Promise<void> {
  if (folder !== undefined) await rm(folder, { recursive: true });
}
