import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import type { Bytes32 } from '../../src/protocol/ids.ts';

/** Saves the file of a claim as a person does, and returns its text. */
export async function saved(page: Page): Promise<string> {
  const saving = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save the file' }).click();
  return await readFile(await (await saving).path(), 'utf8');
}

/** The claim whose page is open. */
export function claimOn(page: Page): Bytes32 {
  return page.url().replace(/^.*\//, '') as Bytes32;
}

/** A file of a claim, as a person chooses it. */
export function fileOf(text: string): { name: string; mimeType: string; buffer: Buffer } {
  return { name: 'claim.json', mimeType: 'application/json', buffer: Buffer.from(text) };
}
