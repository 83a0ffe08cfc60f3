import type { Page } from 'playwright-core';

/**
 * Has a page’s policy refuse WebAssembly, as some browsers do by their settings.
 *
 * @param page - A page whose service workers are blocked: they would serve the portal by themselves.
 */
export async function refuseWebAssembly(page: Page): Promise<void> {
  await page.route('**/portal/', async (route) => {
    const response = await route.fetch();
    const headers = response.headers();
    const policy = headers['content-security-policy']?.replace(" 'wasm-unsafe-eval'", '') ?? '';
    await route.fulfill({ response, headers: { ...headers, 'content-security-policy': policy } });
  });
}
