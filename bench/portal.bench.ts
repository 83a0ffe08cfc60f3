/**
 * The portal in a browser, with a network and its demonstration in this process: how fast the worker of the page seals a
 * file and what memory that takes, how soon the page can be used on a slow processor, how a list of thousands of views is
 * shown, how soon a new view is, how guarded records open, and what a
 * patient's home, a long chart and a wearable's day take beside a small page, a short chart and a moment. Nothing in the page is changed: what it does is observed from outside, under its own policy.
 *
 * `node bench/portal.bench.ts [--only sealing|opening|live|evidence|release|news|charts] [--megabytes N]
 * [--runs N] [--views N] [--records N] [--long N] [--batches N] [--json]`
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startPortal } from '../portal/test/startPortal.ts';
import { openBrowser, openProfile } from '../src/client/test/openBrowser.ts';
import { measureCharts } from './support/portal/measureCharts.ts';
import { measureEvidence } from './support/portal/measureEvidence.ts';
import { measureLive } from './support/portal/measureLive.ts';
import { measureNews } from './support/portal/measureNews.ts';
import { measureOpening } from './support/portal/measureOpening.ts';
import { measureRelease } from './support/portal/measureRelease.ts';
import { measureSealing } from './support/portal/measureSealing.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    megabytes: { type: 'string', default: '100' },
    runs: { type: 'string', default: '5' },
    views: { type: 'string', default: '10000' },
    records: { type: 'string', default: '100' },
    long: { type: 'string', default: '500' },
    batches: { type: 'string', default: '8640' },
    json: { type: 'boolean' },
  },
});
const runs = Number(values.runs);
const isAsked = (part: string): boolean => values.only === undefined || values.only === part;

const folder = await mkdtemp(join(tmpdir(), 'medseal-bench-'));
const [browser, portal] = await Promise.all([openBrowser(), startPortal()]);
try {
  const result: Record<string, number> = {};
  if (isAsked('sealing')) {
    const file = join(folder, 'scan.bin');
    await writeFile(file, Buffer.alloc(Number(values.megabytes) * 1_000_000, 7));
    // A profile on disk, since a private window keeps its files in memory.
    const context = await openProfile(join(folder, 'profile'));
    Object.assign(result, await measureSealing(await context.newPage(), portal, file));
    await context.close();
  }
  if (isAsked('opening')) Object.assign(result, await measureOpening(browser, portal, runs));
  if (isAsked('news')) Object.assign(result, await measureNews(browser, portal, runs));
  if (isAsked('live')) Object.assign(result, await measureLive(browser, portal, runs * 10));
  if (isAsked('evidence')) {
    Object.assign(result, await measureEvidence(browser, portal, Number(values.views)));
  }
  if (isAsked('release')) {
    Object.assign(result, await measureRelease(browser, Number(values.records)));
  }
  if (isAsked('charts')) {
    const size = { records: Number(values.long), batches: Number(values.batches) };
    Object.assign(result, await measureCharts(browser, portal, runs, size));
  }
  if (values.json === true) console.log(JSON.stringify(result));
  else console.table(result);
} finally {
  await browser.close();
  await portal.close();
  await rm(folder, { recursive: true, force: true });
}
