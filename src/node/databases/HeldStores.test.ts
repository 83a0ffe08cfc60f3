import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { OrganisationFolder } from '../../folder/OrganisationFolder.ts';
import { word } from '../../protocol/test/sampleNetwork.ts';
import { HeldStores } from './HeldStores.ts';

describe('the stores that a process holds', () => {
  it('are held while each lease of those that are open is, and none is asked for once it is closed', async () => {
    const held = new Map([
      ['hospital', true],
      ['laboratory', true],
    ]);
    const stores = new HeldStores(async (organisation) => {
      return await Promise.resolve({
        database: async () => await Promise.reject(new Error('not asked for')),
        close: async () => await Promise.resolve(void held.set(organisation, false)),
        get isHeld() {
          return held.get(organisation) === true;
        },
      });
    });
    assert.equal(stores.areHeld(), true);
    const folder = undefined as unknown as OrganisationFolder;
    await stores.openDatabases('hospital', folder, word('network'));
    const other = await stores.openDatabases('laboratory', folder, word('network'));
    assert.equal(stores.areHeld(), true);
    held.set('laboratory', false);
    assert.deepEqual([stores.areHeld(), other.isHeld], [false, false]);
    // Its organisation left: the other one goes on.
    await other.close();
    assert.equal(stores.areHeld(), true);
    held.set('hospital', false);
    assert.equal(stores.areHeld(), false);
  });
});
