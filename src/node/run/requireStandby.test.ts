import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { failsWith } from '../../protocol/test/failsWith.ts';
import type { FolderRole } from './readRole.ts';
import { requireStandby } from './requireStandby.ts';

type Settings = Parameters<typeof requireStandby>[0];

const SETTINGS: Settings = {
  database: { url: 'postgres://medseal@db.example.org/medseal', secrets: '/srv/secrets' },
  vault: { store: 's3:https://objects.example.org/medseal', region: 'us-east-1' },
};
const ROLE = { serves: undefined, validating: undefined } as const;

describe('a node that is to take over from another machine’s', () => {
  it('is accepted if that machine has nothing of its own, also one that passes the ledger on', () => {
    requireStandby(SETTINGS, ROLE);
    requireStandby(SETTINGS, { ...ROLE, serves: 'relayed' });
  });

  it('is refused for each part that only one machine has', () => {
    const { url = '', secrets = '' } = SETTINGS.database;
    const validating = {} as NonNullable<FolderRole['validating']>;
    const refused: readonly (readonly [Settings, Partial<FolderRole>, RegExp])[] = [
      [{ ...SETTINGS, database: { secrets } }, {}, /database\.url/],
      [{ ...SETTINGS, database: { url } }, {}, /database\.secrets/],
      [{ ...SETTINGS, vault: { ...SETTINGS.vault, store: 'folder' } }, {}, /vault\.store/],
      [SETTINGS, { serves: 'own' }, /ledger is in its folder/],
      [SETTINGS, { validating }, /validator/],
    ];
    for (const [settings, role, reason] of refused) {
      assert.throws(
        () => requireStandby(settings, { ...ROLE, ...role }),
        (error: Error) => {
          failsWith('STANDBY_REFUSED')(error);
          assert.match(error.message, reason);
          return true;
        },
      );
    }
  });
});
