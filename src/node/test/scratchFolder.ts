import { existsSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Makes a new folder for a test: in memory if the machine can, because tests open many networks and sync a lot. */
export async function scratchFolder(): Promise<string> {
  const above = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
  return await mkdtemp(join(above, 'medseal-test-'));
}
