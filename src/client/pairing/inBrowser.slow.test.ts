import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import type { CaseOutcome } from '../test/caseRunner.ts';
import { browserMissing, openBrowser } from '../test/openBrowser.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

describe('pairings in a browser', { skip: browserMissing }, () => {
  let browser: Browser;
  let page: Page;
  const faults: string[] = [];

  before(async () => {
    const runner = here('../test/caseRunner.ts');
    const { outputFiles } = await build({
      entryPoints: [here('../test/pairingPage.ts')],
      alias: { 'node:test': runner, 'node:assert/strict': runner },
      bundle: true,
      platform: 'browser',
      format: 'iife',
      globalName: 'medsealPairings',
      write: false,
    });
    browser = await openBrowser();
    page = await browser.newPage();
    page.on('pageerror', (error) => faults.push(error.message));
    await page.addScriptTag({ content: outputFiles[0]?.text ?? '' });
  });
  after(async () => await browser.close());

  for (const name of ['WebAssembly', 'JavaScript'] as const) {
    it(`pass in ${name} the cases that they pass in Node`, async (t) => {
      const outcomes = await page.evaluate<readonly CaseOutcome[]>(
        `medsealPairings.runPairingCases(${JSON.stringify(name)})`,
      );
      t.diagnostic(`${outcomes.length} cases in ${browser.version()}`);
      assert.deepEqual(
        outcomes.filter(({ fault }) => fault !== undefined),
        [],
      );
      assert.ok(outcomes.length > 15);
      assert.deepEqual(faults, []);
    });
  }
});
