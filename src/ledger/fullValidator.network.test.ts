import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cp, mkdtemp, rm, statfs, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fourOf, founders, ask, type Header, heightOf, grow } from './test/askValidators.ts';
import { engineMissing, startEngines } from './test/startEngines.ts';

describe('a validator whose disk is full', { skip: engineMissing ?? false }, () => {
  it('ends and says why, while the others go on, and goes on once there is room', async (t) => {
    const disk = await mkdtemp(join(tmpdir(), 'medseal-disk-'));
    const mount = ['-t', 'tmpfs', '-o', 'size=64m', 'tmpfs', disk];
    if (spawnSync('mount', mount).status !== 0) {
      t.skip('this machine mounts no small disk');
      return;
    }
    t.after(() => spawnSync('umount', ['--lazy', disk]));
    const network = await startEngines({ validators: 4, senders: founders });
    t.after(async () => {
      await network.close();
    });
    const [first, , , last] = fourOf(network);
    await last.stop();
    await cp(last.home, join(disk, 'home'), { recursive: true });
    await rm(last.home, { recursive: true });
    await symlink(join(disk, 'home'), last.home);
    await last.start();
    await grow(last, 3);

    const ballast = join(disk, 'ballast');
    const { bavail, bsize } = await statfs(disk);
    await writeFile(ballast, new Uint8Array((bavail - 20) * bsize));
    assert.equal(await last.ended(), 1);
    assert.match(last.log(), /no space left on device/);
    await grow(first, 5);
    await assert.rejects(last.start(), /no space left on device/);

    await rm(ballast);
    await last.start();
    await grow(last, 5);
    const at = (await heightOf(last)) - 1;
    const [one, other] = await Promise.all(
      [first, last].map(async (each) => await ask<Header>(each, `header?height=${at}`)),
    );
    assert.deepEqual(one, other);
  });
});
