import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { runApart } from './test/runApart.ts';

const SCRIPT = join(import.meta.dirname, 'test/fillDisk.ts');
/** Bytes of the disk; a network takes a few million. */
const SIZE = '24m';

it('a node on a disk that is full refuses, and has everything afterwards that it acknowledged', async (t) => {
  const disk = await mkdtemp(join(tmpdir(), 'medseal-disk-'));
  t.after(async () => await rm(disk, { recursive: true }));
  const mount = `mount -t tmpfs -o size=${SIZE} tmpfs '${disk}'`;
  const { status: mounted } = runApart(mount);
  if (mounted !== 0) {
    t.skip('this machine lets nobody mount a small disk; simulated disks are full elsewhere');
    return;
  }
  const { status, output } = runApart(
    `${mount} && exec '${process.execPath}' '${SCRIPT}' '${disk}'`,
  );
  assert.equal(status, 0, output);
  const { rows, networks } = JSON.parse(output) as {
    readonly rows: { readonly kept: number; readonly refused: number };
    readonly networks: readonly { readonly refused: readonly string[] }[];
  };
  assert.ok(rows.kept >= 100 && rows.refused >= 50, output);
  for (const { refused } of networks) assert.ok(refused.length > 0, output);
  t.diagnostic(output.trim());
});
