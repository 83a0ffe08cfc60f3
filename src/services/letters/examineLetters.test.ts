import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MemoryDatabase } from '../../database/test/MemoryDatabase.ts';
import { bytesToHex, utf8ToBytes } from '../../crypto/bytes.ts';
import { saltOfStep } from '../../protocol/care/saltOfStep.ts';
import { digestOf, sign } from '../../protocol/struct/signing.ts';
import {
  context,
  network,
  primitives,
  signatory,
  word,
} from '../../protocol/test/sampleNetwork.ts';
import type { OrganisationExamination } from '../examination/OrganisationExamination.ts';
import { examineLetters } from './examineLetters.ts';
import { letterRows, LetterStore, type StoredLetter } from './LetterStore.ts';

const NOW = 1_800_000_000;
const sender = signatory('pharmacist');
const step = word('step');

function letterOf(sealed: string, until: number): StoredLetter {
  const message = {
    to: signatory('patient').address,
    letter: bytesToHex(primitives.sha256(utf8ToBytes(sealed))),
    until,
    salt: saltOfStep(step),
  };
  const request = sign(context, sender, 'Letter', message);
  const id = digestOf(context, 'Letter', message);
  return { id, letter: { request, step, sealed }, giver: 'step' };
}

async function faultsIn(database: MemoryDatabase): Promise<readonly string[]> {
  const faults: string[] = [];
  const examination = {
    organisation: 'hospital',
    network,
    ports: { primitives },
    hearer: {
      fault: ({ what }) => void faults.push(what),
      part: () => undefined,
      progress: () => undefined,
    },
  } as Pick<OrganisationExamination, 'organisation' | 'network' | 'hearer'>;
  await examineLetters(examination as OrganisationExamination, database);
  return faults;
}

async function stored(...letters: readonly StoredLetter[]): Promise<MemoryDatabase> {
  const database = new MemoryDatabase();
  const store = new LetterStore(database);
  for (const letter of letters) await store.keep(letter, NOW);
  return database;
}

describe('the examination of letters about steps', () => {
  it('finds each row that is lost or altered', async () => {
    const letter = letterOf('c2VhbGVk', NOW + 60);
    assert.deepEqual(await faultsIn(await stored(letter)), []);
    for (const [key, value] of letterRows(letter)) {
      const lost = await stored(letter);
      await lost.del(key);
      assert.ok((await faultsIn(lost)).length > 0, `${key} is lost`);
      const altered = await stored(letter);
      await altered.put(
        key,
        value.replace(/\d/, (digit) => (digit === '1' ? '2' : '1')),
      );
      assert.ok((await faultsIn(altered)).length > 0, `${key} is altered`);
    }
  });

  // @actor whoever can write to a node's folder | puts a former letter about a dispense back beside the newer one of the same step, which fsck found sound
  it('finds a former letter that was put back beside the one that took its place', async () => {
    const [former, later] = [letterOf('b2xk', NOW + 60), letterOf('bmV3', NOW + 61)];
    const database = await stored(former, later);
    assert.deepEqual(await faultsIn(database), []);
    for (const [key, value] of letterRows(former)) await database.put(key, value);
    assert.equal((await faultsIn(database)).length, 1);
  });
});
