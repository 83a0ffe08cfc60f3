import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { openOrganisationFolder } from '../../folder/OrganisationFolder.ts';
import { systemClock } from '../../folder/systemClock.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { word } from '../../protocol/test/sampleNetwork.ts';
import { ReadingsSpool, ROWS, SPOOL_LIMITS } from './ReadingsSpool.ts';

const MESSAGE = new Uint8Array(12_000).map((_, i) => (i * 7919) & 0xff);
/** A request of about the size that a gateway prepares. */
const PREPARED = 'x'.repeat(3500);
const BYTES = 8_388_608;

/** Bytes of a folder's files. */
async function sizeOf(path: string): Promise<number> {
  const names = await readdir(path, { recursive: true });
  const sizes = await Promise.all(
    names.map(async (name) => {
      const found = await stat(join(path, name)).catch(() => undefined);
      return found?.isFile() === true ? found.size : 0;
    }),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

describe('the disk that a spool takes', () => {
  // @actor a device that sends without end | to fill the gateway's disk
  it('is bounded, however often it was full, and whatever goes through it', async () => {
    const path = await mkdtemp(join(tmpdir(), 'medseal-spool-'));
    const folder = await openOrganisationFolder(path);
    const database = await folder.database('readings');
    const limits = { ...SPOOL_LIMITS, bytes: BYTES, perDevice: 1_000_000, ended: 1000 };
    try {
      const spool = await ReadingsSpool.open(database, systemClock, limits);
      const most = Math.floor(BYTES / (MESSAGE.length + ROWS));
      let largest = 0;
      for (let round = 0; round < 16; round++) {
        const device = `0x${'11'.repeat(20)}` as const;
        const digests = Array.from({ length: most }, (_, i) => word(`${round} ${i}`));
        await Promise.all(
          digests.map(async (digest) => await spool.store({ digest, device }, MESSAGE)),
        );
        const further = spool.store({ digest: word(`${round}`), device }, MESSAGE);
        await assert.rejects(further, failsWith('STORAGE_FULL'));
        for (;;) {
          const batches = await spool.take(128);
          if (batches.length === 0) break;
          await Promise.all(
            batches.map(async (batch) => {
              await spool.keepPrepared(batch, PREPARED);
              await spool.end(batch, { state: 'entered', log: 'care/hospital', index: 1 });
            }),
          );
        }
        largest = Math.max(largest, await sizeOf(path));
      }
      // LevelDB keeps its log, and rows that were deleted until it merges files.
      assert.ok(largest <= 6 * BYTES, `${largest} bytes`);
    } finally {
      await database.close();
      await rm(path, { recursive: true, force: true });
    }
  });
});
