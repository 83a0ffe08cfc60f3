import type { Page } from 'playwright-core';

/** Waits until the device has drafts. */
export async function untilWritten(page: Page): Promise<void> {
  await page.waitForFunction(async () => {
    for (const { name = '' } of await indexedDB.databases()) {
      if (!name.includes('0x')) continue;
      const opening = indexedDB.open(name);
      await new Promise((resolve) => opening.addEventListener('success', resolve));
      const reading = opening.result.transaction('values').objectStore('values').getAllKeys();
      await new Promise((resolve) => reading.addEventListener('success', resolve));
      opening.result.close();
      if (reading.result.includes('drafts')) return true;
    }
    return false;
  });
}
