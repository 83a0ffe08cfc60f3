import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { listClaims, type Party } from '../../src/client/index.ts';
import type { Bytes32 } from '../../src/protocol/ids.ts';

/** Saves the file of a claim as a person does, and returns its text. */
export async function saved(page: Page): Promise<string> {
  const saving = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save the file' }).click();
  return await readFile(await (await saving).path(), 'utf8');
}

/** The one claim that waits for an insurer: the address of its page has a short name in place of the claim. */
export async function waitingClaim(insurer: Party): Promise<Bytes32> {
  const waiting = (await listClaims(insurer)).claims.filter(({ facts }) => facts.state === 'open');
  assert.equal(waiting.length, 1);
  return waiting[0]?.digest ?? assert.fail();
}

/** A file of a claim, as a person chooses it. */
export function fileOf(text: string): { name: string; mimeType: string; buffer: Buffer } {
  return { name: 'claim.json', mimeType: 'application/json', buffer: Buffer.from(text) };
}
