import assert from 'node:assert/strict';
import { glob, readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { importsOf } from './importsOf.ts';

/**
 * Sources that read which keys a party had from what a party sent along, each with what says besides that the key was the
 * party's: a former key signs a change to any other.
 */
const READERS: Readonly<Record<string, string>> = {
  'src/protocol/evidence/readEvidence.ts': 'k coordinators judged the entry',
  'src/services/contributor/hasCard.ts': 'compared with the key on the ledger',
  'src/services/agent/ledgerDoors.ts': 'compared with the key on the ledger',
  'src/services/agent/partyDoors.ts': 'compared with the key on the ledger',
  'src/services/deposits/checkDeposit.ts': 'compared with the key on the ledger',
  'src/services/letters/examineLetters.ts': 'finds only if a row of the folder was altered',
  'src/services/push/countPushes.ts': 'finds only if a row of the folder was altered',
  'src/client/party/Party.ts': 'the party’s own keys, whose last it holds',
  'src/client/mandates/actFor.ts': 'compared with the key that k coordinators confirm',
  'src/client/recovery/askRecovery.ts': 'compared with the key that k coordinators confirm',
  'src/client/recovery/finishRecovery.ts':
    'must end with the key that the recovery gave, as the ledger has it',
  'src/client/party/findParty.ts': 'the party’s own keys: it has the words of the last one',
  'src/protocol/evidence/verifyOwn.ts': 'see those who import it',
};

describe('the keys that a party had', () => {
  // @class whoever adds a reader of a key's history | takes it from a message without asking the ledger or k coordinators
  it('are read from a message nowhere but where the ledger, or k coordinators, say that the key is the party’s', async () => {
    const readers: string[] = [];
    for await (const path of glob('{demo,src,portal/src}/**/*.{ts,tsx}')) {
      if (path.includes('.test.') || path.includes('/test/')) continue;
      const source = await readFile(path, 'utf8');
      if (!/keyAfter|verifyOwn/.test(source)) continue;
      const imports = await importsOf(source);
      const named = imports.some((name) => /\/(keyAfter|verifyOwn)\.ts$/.test(name ?? ''));
      // The largest number of changes says nothing of a key.
      if (named && /keyAfter\(|verifyOwn\(/.test(source)) readers.push(path);
    }
    assert.deepEqual(readers.toSorted(), Object.keys(READERS).toSorted());
  });
});
