import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import type { Portal } from '../../src/http/portal/readPortal.ts';
import { browserMissing, openBrowser } from '../../src/client/test/openBrowser.ts';
import { openVisit, type Visit } from './openVisit.ts';
import { builtPortal, servePortal, withFile, withPage, type ServedPortal } from './servePortal.ts';

let browser: Browser;
let portal: Portal;

/** A tab at an address; only if workers are let in, the browser keeps the portal. */
async function open(url: string, serviceWorkers: 'allow' | 'block' = 'block'): Promise<Visit> {
  const visit = await openVisit(browser, { serviceWorkers });
  await visit.page.goto(url);
  return visit;
}

async function shown(page: Page): Promise<void> {
  await page.locator('#portal > *').first().waitFor();
}

/** The version that a tab shows, by the mark that a test set in its page. */
async function versionOf(page: Page): Promise<string | null> {
  return await page.evaluate(() => document.documentElement.getAttribute('data-version'));
}

describe('the portal in a browser', { skip: browserMissing }, () => {
  let served: ServedPortal;

  before(async () => {
    portal = await builtPortal();
    browser = await openBrowser();
  });

  after(async () => await browser.close());

  it('opens with nothing that the browser complains of, neither of its policy nor of a header', async (t) => {
    served = await servePortal(portal);
    t.after(async () => await served.close());
    const { page, complaints } = await open(served.url, 'allow');
    await shown(page);
    await page.evaluate(async () => void (await navigator.serviceWorker.ready));
    assert.deepEqual(complaints, []);
  });

  // @attack a text that somebody else wrote becomes code in the portal | the policy lets nothing of the page make code of a text
  it('runs no code that was put into the page, and makes none of a text', async (t) => {
    served = await servePortal(portal);
    t.after(async () => await served.close());
    const { page } = await open(served.url);
    await shown(page);
    const refused = await page.evaluate(async () => {
      // In the turn in which the debugger asks, the browser lets it make code of a text.
      await new Promise((resolve) => setTimeout(resolve, 0));
      const tries: readonly (() => unknown)[] = [
        () => (document.body.innerHTML = '<b>bold</b>'),
        () => document.body.insertAdjacentHTML('beforeend', '<b>bold</b>'),
        () => document.write('<b>bold</b>'),
        () => Object.assign(document.createElement('script'), { src: './assets/a.js' }),
        // oxlint-disable-next-line typescript/no-implied-eval -- the policy must refuse it
        () => new Function('return 1')() as unknown,
        () => new Worker('data:text/javascript,1'),
        // oxlint-disable-next-line typescript/no-implied-eval -- the policy must refuse it
        () => setTimeout('globalThis.ran = true', 0),
      ];
      return tries.map((each) => {
        try {
          each();
          return 'done';
        } catch {
          return 'refused';
        }
      });
    });
    assert.deepEqual(new Set(refused), new Set(['refused']), refused.join());
    const elsewhere = await page.evaluate(
      async () =>
        await fetch('https://evil.example/').then(
          () => 'sent',
          () => 'refused',
        ),
    );
    assert.equal(elsewhere, 'refused');
  });

  // @attack a node leaves the portal's page as it is, and changes a file that the page loads | the browser refuses a file that differs from its pin
  it('does not run a file that differs from its pin by a byte, be it named by the page or loaded later', async (t) => {
    const code = [...portal.files.keys()].filter((path) => /^assets\/.*\.js$/.test(path));
    assert.ok(code.length >= 3);
    for (const path of code.filter((each) => /index|words_en/.test(each))) {
      const text = Buffer.from(portal.files.get(path) ?? []).toString();
      served = await servePortal(withFile(portal, path, `${text};globalThis.tampered=1`));
      t.after(async () => await served.close());
      const { page } = await openVisit(browser, { serviceWorkers: 'block' });
      // A busy page may ask for it after a while in which it asked for nothing.
      const refused = page.waitForEvent('console', (said) => /integrity/i.test(said.text()));
      await page.goto(served.url);
      await refused;
      await page.waitForLoadState('networkidle');
      assert.equal(await page.evaluate(() => 'tampered' in globalThis), false, path);
      await served.close();
    }
  });

  // @attack a node gives everybody another service worker than the page pins | it is not registered
  it('registers no service worker that differs from its pin by a byte', async (t) => {
    const text = Buffer.from(portal.files.get('worker.js') ?? []).toString();
    served = await servePortal(withFile(portal, 'worker.js', `${text};`));
    t.after(async () => await served.close());
    const visit = await openVisit(browser, { serviceWorkers: 'allow' });
    const refused = visit.page.waitForEvent('console', (said) => /integrity/i.test(said.text()));
    await visit.page.goto(served.url);
    await shown(visit.page);
    await refused;
    const registered = await visit.page.evaluate(async () => {
      return (await navigator.serviceWorker.getRegistrations()).length;
    });
    assert.equal(registered, 0);
  });

  it('opens without a network after the first visit', async (t) => {
    served = await servePortal(portal);
    t.after(async () => await served.close());
    const { page } = await open(served.url, 'allow');
    await shown(page);
    await page.evaluate(async () => void (await navigator.serviceWorker.ready));
    await served.close();
    await page.reload();
    await shown(page);
    const answered = await page.evaluate(
      async () =>
        await fetch('../v1/network').then(
          () => 'answered',
          () => 'no network',
        ),
    );
    assert.equal(answered, 'no network', 'an answer of the agent is kept nowhere');
    const kept = await page.evaluate(async () => {
      const paths: string[] = [];
      for (const name of await caches.keys()) {
        if (name.startsWith('portal of ')) continue;
        for (const { url } of await (await caches.open(name)).keys()) paths.push(url);
      }
      return paths.map((url) => url.slice(new URL('./', document.baseURI).href.length));
    });
    // The page at its own address, and no viewer of PDFs.
    const left = /^index\.html$|^assets\/pdfWorker-|\.(?:wasm|pfb)$/;
    const wanted = [...portal.files.keys()].filter((path) => !left.test(path));
    assert.equal(portal.files.size - wanted.length, 6);
    assert.deepEqual(kept.toSorted(), ['', ...wanted].toSorted());
  });

  // @attack a node serves half of a new portal, so that the kept one is broken | a version is taken whole or not at all
  it('takes a new version only whole, and opens it at the next load', async (t) => {
    const second = withPage(portal, (html) => html.replace('<html', '<html data-version="2"'));
    served = await servePortal(portal);
    t.after(async () => await served.close());
    const { page } = await open(served.url, 'allow');
    await shown(page);
    await page.evaluate(async () => void (await navigator.serviceWorker.ready));
    const icon = [...portal.files.keys()].find((path) => path.endsWith('.svg')) ?? '';

    served.change(withFile(second, icon, '<svg xmlns="http://www.w3.org/2000/svg"/>'));
    for (let load = 0; load < 2; load++) {
      await page.reload();
      await shown(page);
      await page.waitForLoadState('networkidle');
      assert.equal(await versionOf(page), null, 'a version with a file that differs');
    }

    served.change(second);
    await page.reload();
    await shown(page);
    assert.equal(await versionOf(page), null, 'it is taken behind the page');
    await page.getByText('A newer version of this page is there.').waitFor();
    const loaded = page.waitForEvent('load');
    await page.getByRole('button', { name: 'Load it' }).click();
    await loaded;
    await shown(page);
    assert.equal(await versionOf(page), '2');
  });
});
