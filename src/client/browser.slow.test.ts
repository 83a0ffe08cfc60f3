import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { listen } from '../http/listen.ts';
import { networkApp } from '../http/networkApp.ts';
import { openNetwork } from '../node/openNetwork.ts';
import { scratchFolder } from '../node/test/scratchFolder.ts';
import type { PageReport } from './test/browserPage.ts';
import { browserMissing, openBrowser } from './test/openBrowser.ts';

/** A web server with one empty page, of an origin of its own. */
async function servePage(): Promise<{ origin: string; close(): Promise<void> }> {
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'text/html');
    response.end('<!doctype html><title>A page</title>');
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    close: async () => {
      await new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      });
    },
  };
}

async function bundled(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('test/browserPage.ts', import.meta.url))],
    bundle: true,
    platform: 'browser',
    format: 'iife',
    globalName: 'medsealPage',
    write: false,
  });
  return outputFiles[0]?.text ?? '';
}

describe('the client in a browser', () => {
  it(
    'seals, grants, opens and verifies against a running node',
    { skip: browserMissing },
    async (t) => {
      const folder = await scratchFolder();
      const network = await openNetwork({ folder, demo: true });
      const page = await servePage();
      const other = await servePage();
      const agents = await listen(networkApp(network.agents, { origins: [page.origin] }), 0);
      const browser = await openBrowser();
      try {
        const tab = await browser.newPage();
        const faults: string[] = [];
        tab.on('pageerror', (error) => faults.push(error.message));
        await tab.goto(page.origin);
        await tab.addScriptTag({ content: await bundled() });
        const url = `${agents.url}/hospital`;
        const report = await tab.evaluate<PageReport>(
          `medsealPage.playInPage(${JSON.stringify(url)}, ${JSON.stringify(network.file)})`,
        );
        t.diagnostic(`${report.milliseconds} ms in ${browser.version()}`);
        assert.deepEqual(faults, []);
        const { milliseconds: _, verified, ...rest } = report;
        assert.ok(verified > 0);
        assert.deepEqual(rest, {
          ofNode: [],
          read: 'sealed in a browser',
          streamed: 3_000_000,
          refused: 'RIGHT_ENDED',
          restored: 'sealed in a browser',
        });
        const elsewhere = await browser.newPage();
        await elsewhere.goto(other.origin);
        const read = `fetch(${JSON.stringify(`${url}/v1/network`)}).then(() => 'read', () => 'blocked')`;
        assert.equal(await elsewhere.evaluate(read), 'blocked', 'a page of another origin');
      } finally {
        await other.close();
        await browser.close();
        await agents.close();
        await page.close();
        await network.close();
        await rm(folder, { recursive: true });
      }
    },
  );
});
