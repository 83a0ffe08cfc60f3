import { existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import process from 'node:process';
import { firefox, type Browser } from 'playwright-core';

/** Debian's own browser. */
const FIREFOX = '/usr/bin/firefox-esr';

/** Why tests in Firefox are skipped; false if there is one. */
export const firefoxMissing = existsSync(FIREFOX)
  ? false
  : `there is no Firefox at ${FIREFOX}: install Debian's package firefox-esr`;

/**
 * Starts the Firefox of this machine, without a window. Pages see the colours that are chosen here, whatever a visit asks for.
 *
 * @param isDark - True for dark colours.
 */
export async function openFirefox(isDark: boolean): Promise<Browser> {
  return await firefox.launch({
    executablePath: join(import.meta.dirname, 'firefoxProgram.ts'),
    // The program is run by the Node that runs the tests.
    env: {
      ...process.env,
      FIREFOX,
      PATH: `${dirname(process.execPath)}${delimiter}${process.env['PATH'] ?? ''}`,
    },
    channel: 'moz-firefox',
    firefoxUserPrefs: {
      'ui.systemUsesDarkTheme': isDark ? 1 : 0,
      // A camera that shows a pattern, which pages may use without a question.
      'media.navigator.streams.fake': true,
      'media.navigator.permission.disabled': true,
    },
  });
}
