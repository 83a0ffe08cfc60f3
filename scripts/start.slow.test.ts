import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { mkdir, realpath, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { makeDemoBundle } from '../demo/charts/makeDemoBundle.ts';
import { DEMO_PATIENTS } from '../demo/charts/demoPatients.ts';
import { systemRandom } from '../src/folder/systemRandom.ts';
import { wordsOf } from '../src/cli/test/faultOfLine.ts';
import {
  runMedseal,
  startUntilReady,
  temporaryFolder,
  type RunningDev,
} from '../src/cli/test/runMedseal.ts';
import { npmCommands, requirePrinted, shownErrors } from './shownCommands.ts';

const PAGE = readFileSync(fileURLToPath(new URL('../docs/use/start.md', import.meta.url)), 'utf8');

const ends: (() => unknown)[] = [];
const t = { after: (end: () => unknown) => void ends.push(end) };
const home = process.cwd();
let folder: string;
let dev: RunningDev;

before(async () => {
  folder = await realpath(await temporaryFolder(t));
  process.chdir(folder);
  dev = await startWithCharts();
  await mkdir('tmp');
  const at = Math.floor(Date.now() / 1000);
  for (const [number, name] of ['one.json', 'two.json'].entries()) {
    const patient = DEMO_PATIENTS[number];
    assert.ok(patient);
    await writeFile(name, JSON.stringify(makeDemoBundle({ random: systemRandom, at, patient })));
  }
});

after(async () => {
  process.chdir(home);
  for (const each of ends.toReversed()) await each();
});

/** Starts the demonstration as `npm start` does, with charts. */
async function startWithCharts(): Promise<RunningDev> {
  const free = ['--port', '0', '--rpc-port', '0', '--json'];
  return await startUntilReady(t, ['dev', '--demo', '--data', '.medseal', ...free]);
}

/** A text of the page with the addresses and folders of this run. */
function here(text: string): string {
  return text
    .replaceAll('http://127.0.0.1:8480', dev.ready.url)
    .replaceAll('http://127.0.0.1:8545', dev.ready.rpcUrl)
    .replaceAll('/tmp/', `${folder}/tmp/`);
}

/** Runs a command line, with file names as a shell would give them. */
async function run(line: string): Promise<readonly string[]> {
  const words = wordsOf(here(line)).flatMap((word) => (word.includes('*') ? globSync(word) : word));
  const { stdout, stderr, code } = await runMedseal(...words);
  assert.equal(code, 0, `medseal ${line}\n${stderr}${stdout}`);
  return `${stderr}\n${stdout}`.split('\n');
}

describe('the commands of docs/use/start.md that follow those of Anna and Dr House', () => {
  it('print what the page says, one after the other', async () => {
    const commands = npmCommands(PAGE).filter(({ line }) => !line.endsWith('--help'));
    assert.ok(commands.length >= 7);
    for (const shown of commands) {
      if (shown.line.startsWith('dev ')) {
        const data = join(folder, 'another');
        const free = ['--port', '0', '--rpc-port', '0', '--json', '--data', data];
        const another = await startUntilReady(t, [...wordsOf(shown.line), ...free]);
        assert.equal((await another.stop()).code, 0);
        continue;
      }
      if (shown.line.startsWith('verify node')) await dev.stop();
      const printed = await run(shown.line);
      requirePrinted(shown, printed, new Map());
      if (!shown.line.startsWith('scenario')) continue;
      const lists = printed.includes('Receipts');
      assert.equal(lists, shown.line.includes('--receipts'), 'it sums its receipts up otherwise');
    }
  });

  it('ask the nodes and the ledger with curl, as the page does', async () => {
    dev = await startWithCharts();
    const curls = [...PAGE.matchAll(/^\$ (curl .+)\n(.+)$/gm)];
    assert.equal(curls.length, 2);
    for (const [, line = '', printed = ''] of curls) {
      const { stdout } = await promisify(execFile)('sh', ['-c', here(line)]);
      assert.deepEqual(keysOf(stdout), keysOf(printed), line);
    }
  });

  it('fail with the errors that the page explains', async () => {
    const [port, locked, demo] = shownErrors(PAGE);
    const { port: taken } = new URL(dev.ready.url);
    const runs = [
      [port, ['--data', join(folder, 'third'), '--rpc-port', '0', '--port', taken]],
      [locked, ['--data', '.medseal', '--port', '0', '--rpc-port', '0']],
    ] as const;
    for (const [expected, args] of runs) {
      const { stderr } = await runMedseal('dev', '--demo', ...args);
      assert.equal(formOf(stderr), formOf(expected ?? ''));
    }
    await dev.stop();
    const { stderr } = await runMedseal('dev', '--data', '.medseal', '--port', '0');
    assert.equal(formOf(stderr), formOf(demo ?? ''));
  });
});

/** Names of a JSON object's first members, even if the rest of it is cut off. */
function keysOf(json: string): readonly string[] {
  return [...json.matchAll(/"(log|size|root|note|jsonrpc|id|result)":/g)].map(
    ([, key = '']) => key,
  );
}

/** An error without what differs from run to run. */
function formOf(text: string): string {
  return text
    .trimEnd()
    .replaceAll(/\d+/g, 'N')
    .replaceAll(/folder \S+/g, 'folder');
}
