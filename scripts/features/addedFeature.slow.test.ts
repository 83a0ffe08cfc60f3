import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { ROOT } from '../sdkPrograms.ts';
import { applyFeature } from './addedFeature.ts';

/** Folders and files that the feature is compiled with. */
const SOURCES = [
  'bench',
  'contracts',
  'demo',
  'portal',
  'proof',
  'scripts',
  'src',
  'package.json',
  'tsconfig.json',
];
/** Tests of the feature, and of tables that have a row for each request. */
const TESTS = [
  'src/client/records/reviewChart.test.ts',
  'src/protocol/rights/requireOpenChart.test.ts',
  'src/protocol/struct/typedData.test.ts',
  'src/protocol/shapes/shapeOfType.test.ts',
];
/** Prints the names of what the document of the HTTP API says of a request. */
const DESCRIBED = `
import { openApiDocument } from './scripts/openApiDocument.ts';
const { components } = openApiDocument(new Map());
console.log(JSON.stringify(components.schemas['Signed.Review'].properties.type));
`;

describe('the feature that the page adds', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'medseal-feature-'));
    for (const name of SOURCES) {
      await cp(join(ROOT, name), join(folder, name), { recursive: true, filter: isSource });
    }
    await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  });
  after(async () => {
    await rm(folder, { recursive: true });
  });

  async function run(...args: readonly string[]): Promise<string> {
    const [command = '', ...rest] = args;
    const env = { ...process.env, NODE_TEST_CONTEXT: undefined };
    const { stdout } = await promisify(execFile)(command, rest, { cwd: folder, env }).catch(
      (error: unknown) => {
        const { stdout: out, stderr } = error as { stdout: string; stderr: string };
        throw new Error(`${out}\n${stderr}`);
      },
    );
    return stdout;
  }

  it('compiles, is judged by a network, has its shape and its verb, and needs nothing else', async () => {
    const tests = [process.execPath, '--test', ...TESTS] as const;
    await applyFeature(folder, '--include=*.test.ts');
    await assert.rejects(run(...tests), /reviewChart/);
    await applyFeature(folder, '--exclude=*.test.ts');
    await run(...tests);
    await writeFile(join(folder, 'described.mts'), DESCRIBED);
    assert.equal(await run(process.execPath, 'described.mts'), '{"const":"Review"}\n');
    const help = await run(process.execPath, 'src/cli/main.ts', 'record', 'review', '--help');
    assert.match(help, /state in the log that you looked through your chart/);
    await run('node_modules/.bin/tsc', '-p', '.');
    await run('node_modules/.bin/tsc', '-p', 'portal');
  });
});

/** Tells whether a build did not make a file. */
function isSource(path: string): boolean {
  return !/\/(?:dist|node_modules|\.cache)$/.test(path);
}
