import { existsSync } from 'node:fs';
import { chromium, type Browser, type BrowserContext } from 'playwright-core';
import { firefoxMissing, openFirefox } from './openFirefox.ts';

/** The browser that people have. Without a window it still draws the frame of one, as pages that take as much time as ours. */
const WHOLE = '/usr/bin/chromium';
/** The same without that frame, and without viewers of its own. */
const SHELL = '/usr/bin/chromium-headless-shell';
const CHROMIUM = existsSync(SHELL) ? SHELL : WHOLE;
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
export const browserMissing = existsSync(WHOLE)
  ? false
  : `there is no Chromium at ${WHOLE}: install Debian's packages chromium and chromium-headless-shell`;

/** Name of a browser in which the portal is tried. */
export type BrowserName = 'chromium' | 'firefox';

/** The browsers in which the portal is tried, each with the reason for which its tests are skipped; false if it is there. */
export const BROWSERS: Readonly<Record<BrowserName, string | false>> = {
  chromium: browserMissing,
  firefox: firefoxMissing,
};

/** Choices of a browser. */
export interface BrowserChoice {
  /** Chromium if absent; Firefox has neither of the choices below. */
  readonly name?: BrowserName;
  /** True if Firefox is to have dark colours, which Chromium has by each visit. */
  readonly isDark?: boolean;
  /** True for one with viewers of its own, for PDFs and the like, and with questions to its person, which it answers with no. */
  readonly viewers?: boolean;
  /** File of its camera's pictures (YUV4MPEG2), which is read when a page turns the camera on. */
  readonly film?: string;
}

/**
 * Starts the browser of this machine, without a window. With a film it has a camera, which pages may use, unless it asks its person.
 *
 * @param choice - Choices that differ from the usual ones.
 */
export async function openBrowser({
  name = 'chromium',
  isDark = false,
  viewers = false,
  film,
}: BrowserChoice = {}): Promise<Browser> {
  if (name === 'firefox') return await openFirefox(isDark);
  const filming = [
    '--use-fake-device-for-media-stream',
    `--use-file-for-fake-video-capture=${film}`,
  ];
  const args = [
    ...ARGUMENTS,
    ...(film === undefined ? [] : filming),
    ...(film === undefined || viewers ? [] : ['--use-fake-ui-for-media-stream']),
  ];
  return await chromium.launch({ executablePath: viewers ? WHOLE : CHROMIUM, args });
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
