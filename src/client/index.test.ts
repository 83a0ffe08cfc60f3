import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createContext, runInContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { build, type BuildResult } from 'esbuild';
import { memoryDevice } from './party/memoryDevice.ts';
import { network } from '../protocol/test/sampleNetwork.ts';
import { CLIENT_BUDGET, CLIENT_DUPLICATES } from '../../scripts/budgets.ts';
import * as client from './index.ts';

async function bundled(): Promise<BuildResult<{ metafile: true; write: false }>> {
  return await build({
    entryPoints: [fileURLToPath(new URL('index.ts', import.meta.url))],
    bundle: true,
    minify: true,
    platform: 'browser',
    format: 'iife',
    globalName: 'medseal',
    metafile: true,
    write: false,
    logLevel: 'silent',
  });
}

describe('the client', () => {
  it('is bundled for a browser without anything of Node’s, within its budget', async (t) => {
    const { metafile, outputFiles } = await bundled();
    const imported = Object.values(metafile.inputs).flatMap(({ imports }) => imports);
    const outside = imported.filter(({ path, external }) => external || path.startsWith('node:'));
    assert.deepEqual(outside, []);
    const foreign = Object.keys(metafile.inputs).filter((path) =>
      /src\/(?:node|native|services|log|vault|ledger|cli)\//.test(path),
    );
    assert.deepEqual(foreign, []);
    const [{ contents } = { contents: new Uint8Array() }] = outputFiles;
    const compressed = gzipSync(contents).length;
    t.diagnostic(`${contents.length} bytes minified, ${compressed} compressed`);
    const { minified, compressed: extra } = CLIENT_DUPLICATES;
    assert.ok(contents.length > 0 && contents.length <= CLIENT_BUDGET.minified - minified);
    assert.ok(compressed <= CLIENT_BUDGET.compressed - extra);
  });

  it('runs if there is nothing but what a browser has', async () => {
    const { outputFiles } = await bundled();
    const page = createContext({
      TextEncoder,
      TextDecoder,
      crypto,
      fetch,
      setTimeout,
      clearTimeout,
    });
    const script = `${outputFiles[0]?.text ?? ''};medseal`;
    const inPage = runInContext(script, page) as typeof client;
    const seed = new Uint8Array(32).fill(7);
    const agent = { network: async () => await Promise.resolve(network) } as client.AgentPort;
    const options = {
      network,
      agent,
      log: 'care/hospital',
      device: memoryDevice(),
      clock: { now: () => 0, after: () => () => undefined },
      random: (length: number) => new Uint8Array(length),
    };
    const [there, here] = await Promise.all(
      [inPage, client].map(
        async ({ openParty, portablePrimitives: primitives }) =>
          await openParty({ ...options, seed, primitives }),
      ),
    );
    assert.equal(there?.address, here?.address);
    assert.equal(there?.recipient, here?.recipient);
  });
});
