import { existsSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A new folder for a test: in memory where the machine has such, for a test opens many networks and syncs a lot. */
export async function scratchFolder(): Promise<string> {
  const above = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
  return await mkdtemp(join(above, 'medseal-test-'));
}
