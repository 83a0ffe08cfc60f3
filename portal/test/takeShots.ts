import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openBrowser } from '../../src/client/test/openBrowser.ts';
import { LANGUAGE_KEPT } from '../src/words/keptLanguage.ts';
import { openVisit } from './openVisit.ts';
import { keepPictures } from './pictures/keepPictures.ts';
import { comeAs, leaveSight, reachSight, SEERS } from './sights.ts';
import { startPortal } from './startPortal.ts';

const WIDTHS = [1280, 390];
const COLOURS = ['light', 'dark'] as const;

const HELP = `Usage: npm run maintain shots [-- [options]]

Take a picture of every screen of the built portal, as every role sees it, at 1280 and 390 pixels, light and dark.

  --to FOLDER   folder of the pictures, which is replaced (.cache/shots)
  --only TEXT   only pictures of people and screens whose name has this, such as patient-home
  --lang TAG    language of the browser (en-GB), or a choice of the portal, such as de-simple for easy words
  --keep        instead, take the pictures again with which tests compare; look at each that changed
  --help        show this help
`;

const { values } = parseArgs({
  options: {
    to: { type: 'string', default: join(import.meta.dirname, '../../.cache/shots') },
    only: { type: 'string', default: '' },
    lang: { type: 'string', default: 'en-GB' },
    keep: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) process.stdout.write(HELP);
else if (values.keep) await keepPictures(values.only);
else await takeShots(values.to, values.only, values.lang);

/** Takes the pictures; a screen that cannot be reached ends it with an error. */
async function takeShots(to: string, only: string, locale: string): Promise<void> {
  rmSync(to, { recursive: true, force: true });
  mkdirSync(to, { recursive: true });
  const portal = await startPortal({ wearable: true });
  const browser = await openBrowser();
  try {
    for (const width of WIDTHS) {
      for (const colorScheme of COLOURS) {
        const look = { viewport: { width, height: 844 }, colorScheme, locale };
        for (const seer of SEERS) {
          const names = seer.sights.map(({ name }) => `${seer.name}-${name}`);
          const last = names.findLastIndex((name) => name.includes(only));
          if (last < 0) continue;
          const visit = await openVisit(browser, look);
          // A tag that is not a choice of the portal changes nothing.
          await visit.page.addInitScript(([name, tag]) => localStorage.setItem(name, tag), [
            LANGUAGE_KEPT,
            locale,
          ] as const);
          await comeAs(visit.page, portal.url, seer);
          for (const [place, sight] of seer.sights.slice(0, last + 1).entries()) {
            const name = names[place] ?? '';
            await reachSight(visit.page, sight);
            if (name.includes(only)) {
              const path = join(to, `${name}-${width}-${colorScheme}.png`);
              await visit.page.screenshot({ path, fullPage: true });
            }
            await leaveSight(visit.page, sight);
          }
          await visit.close();
        }
      }
    }
  } finally {
    await browser.close();
    await portal.close();
  }
  process.stdout.write(`The pictures are in ${to}.\n`);
}
