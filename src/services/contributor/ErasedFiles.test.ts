import assert from 'node:assert/strict';
import { it } from 'node:test';
import { MemoryDatabase } from '../../database/test/MemoryDatabase.ts';
import type { Handle } from '../../protocol/ids.ts';
import { word } from '../../protocol/test/sampleNetwork.ts';
import type { Vault } from '../../vault/Vault.ts';
import type { Erasures } from '../entries/Erasures.ts';
import { ErasedFiles } from './ErasedFiles.ts';

// @attack a patient whose erasure takes minutes of merges holds up the deletion of what others erased | it is deleted meanwhile
it('files of one patient are deleted while the deletion of another one’s is being noted', async () => {
  const [slow, quick] = [word('slow'), word('quick')];
  const merged = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  const deleted: Handle[] = [];
  const noted: Handle[] = [];
  const erased = new ErasedFiles({
    database: new MemoryDatabase(),
    vault: {
      erase: async (_: string, handle: Handle) => await Promise.resolve(deleted.push(handle) > 0),
      removeStray: async () => await Promise.resolve(false),
    } as unknown as Vault,
    erasures: {
      has: () => true,
      handles: () => [],
      async *files(handle: Handle) {
        yield await Promise.resolve([{ hash: handle, handle, size: 1 }]);
      },
    } as unknown as Erasures,
    destructions: {
      reopen: async () => await Promise.resolve(),
      async note(handle) {
        if (handle === slow) {
          begun.resolve();
          await merged.promise;
        }
        noted.push(handle);
        return true;
      },
    },
    onFailure: (error) => assert.fail(String(error)),
  });
  erased.entered([slow]);
  await begun.promise;
  erased.entered([quick]);
  await erased.triedFor(quick);
  assert.deepEqual([deleted, noted], [[slow, quick], []]);
  merged.resolve();
  await erased.idle();
  assert.deepEqual(noted, [slow, quick]);
});
