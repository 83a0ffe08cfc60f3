import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { POWERS } from '../protocol/care/mandates.ts';

/** The powers that a contract's source has, by their names there in small letters. */
async function powersIn(contract: string): Promise<Readonly<Record<string, number>>> {
  const source = await readFile(
    new URL(`../../contracts/${contract}.sol`, import.meta.url),
    'utf8',
  );
  const found = source.matchAll(/uint8 (?:public|private) constant (\w+) = (\d+);/g);
  return Object.fromEntries(
    [...found].map(([, name = '', bit]) => [name.toLowerCase(), Number(bit)]),
  );
}

describe('the powers of an acting key', () => {
  it('are the same bits in the contract of mandates and here', async () => {
    assert.deepEqual(await powersIn('Mandates'), POWERS);
  });

  it('are the same bits in the contract of rights, which asks for two of them', async () => {
    const { rules, keys } = POWERS;
    assert.deepEqual(await powersIn('Consent'), { rules, keys });
  });
});
