import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { runApart } from '../node/test/runApart.ts';

const SCRIPT = join(import.meta.dirname, 'test/fillNode.ts');

it('medseal up on a disk that fills up refuses first, ends with why at last, and has everything afterwards', async (t) => {
  const disk = await mkdtemp(join(tmpdir(), 'medseal-disk-'));
  t.after(async () => await rm(disk, { recursive: true }));
  const mount = `mount -t tmpfs -o size=48m tmpfs '${disk}'`;
  if (runApart(mount).status !== 0) {
    t.skip('this machine lets nobody mount a small disk; src/node/fullDisk.test.ts makes one up');
    return;
  }
  const { status, output } = runApart(
    `${mount} && exec '${process.execPath}' '${SCRIPT}' '${disk}'`,
  );
  assert.equal(status, 0, output);
  t.diagnostic(output.trim());
});
