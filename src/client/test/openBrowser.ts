import { existsSync } from 'node:fs';
import { chromium, type Browser, type BrowserContext } from 'playwright-core';

/** Without the frame of a window, which Chromium draws as pages of its own: these take as much time as a page of ours. */
const WITHOUT_FRAME = '/usr/bin/chromium-headless-shell';
const CHROMIUM = existsSync(WITHOUT_FRAME) ? WITHOUT_FRAME : '/usr/bin/chromium';
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
  : `there is no Chromium at ${CHROMIUM}: install Debian's package chromium-headless-shell`;

/** Starts the browser of this machine, without a window. */
export async function openBrowser(): Promise<Browser> {
  return await chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS });
}

/**
 * Starts a browser that keeps what pages store in a folder, as a person's own does; visits in another one are as in a
 * private window, which keeps files in memory.
 *
 * @param folder - The folder.
 */
export async function openProfile(folder: string): Promise<BrowserContext> {
  const options = { executablePath: CHROMIUM, args: ARGUMENTS, locale: 'en-GB' };
  return await chromium.launchPersistentContext(folder, options);
}
