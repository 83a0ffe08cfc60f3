import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

/** Said by the driver of the browser as it keeps a page from its service worker. */
const BLOCKED = 'Service Worker registration blocked by Playwright';

/** A page, and everything that its browser complained of. */
export interface Visit {
  readonly page: Page;
  /** Errors of the console, broken policies, and pages that failed. */
  readonly complaints: readonly string[];
  /** Ends the visit, with everything that the browser kept of it. */
  close(): Promise<void>;
}

/**
 * Opens a page in a browser of its own, that shares nothing with another visit.
 *
 * @param browser - The browser.
 * @param options - Its window, colours and more.
 */
export async function openVisit(
  browser: Browser,
  options: BrowserContextOptions = {},
): Promise<Visit> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    locale: 'en-GB',
    ...options,
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (!['error', 'warning'].includes(message.type())) return;
    // A visit without a service worker is told so.
    if (message.text() === BLOCKED) return;
    const { url } = message.location();
    complaints.push(url === '' ? message.text() : `${message.text()} at ${url}`);
  });
  // Firefox does not tell the console of an answer that is a failure.
  if (browser.browserType().name() === 'firefox') {
    page.on('response', (answer) => {
      if (answer.status() >= 400) complaints.push(`${answer.status()} at ${answer.url()}`);
    });
    page.on('requestfailed', (request) => {
      complaints.push(`${request.failure()?.errorText ?? 'no answer'} at ${request.url()}`);
    });
  }
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('crash', () => complaints.push('the page crashed'));
  return { page, complaints, close: async () => await context.close() };
}
