import { existsSync } from 'node:fs';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';

const CHROMIUM = '/usr/bin/chromium';
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Why tests in a browser are skipped; false if there is a browser. */
export const browserMissing = existsSync(CHROMIUM)
  ? false
  : `there is no Chromium at ${CHROMIUM}: install Debian's package chromium`;

/** A page, and everything that its browser complained of. */
export interface Visit {
  readonly page: Page;
  /** Errors of the console, broken policies, and pages that failed. */
  readonly complaints: readonly string[];
  /** Ends the visit, with everything that the browser kept of it. */
  close(): Promise<void>;
}

/** Starts the browser. */
export async function openBrowser(): Promise<Browser> {
  return await chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS });
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
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('crash', () => complaints.push('the page crashed'));
  return { page, complaints, close: async () => await context.close() };
}
