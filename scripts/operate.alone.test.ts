import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { runProgram } from '../src/cli/runProgram.ts';
import { captureStreams } from '../src/cli/test/captureStreams.ts';
import { wordsOf } from '../src/cli/test/faultOfLine.ts';
import { parseConfiguration } from '../src/node/configuration/parseConfiguration.ts';
import { readConfiguration } from '../src/node/configuration/readConfiguration.ts';
import { openNodeFolder } from '../src/node/NodeFolder.ts';
import { machinePorts } from '../src/folder/NodePorts.ts';
import { runNode, type NodeProcess } from '../src/node/runNode.ts';
import { requirePrinted, shownCommands } from './shownCommands.ts';
import { systemClock } from '../src/folder/systemClock.ts';
import { freePorts } from './freePorts.ts';
import { ImpatientClock } from '../src/node/test/ImpatientClock.ts';

const PAGE = readFileSync(
  fileURLToPath(new URL('../docs/run/operate.md', import.meta.url)),
  'utf8',
);
const ORGANISATIONS = ['hospital', 'laboratory', 'insurer'];

/** Numbers and names of the page, with those of this run. */
const now = new Map<string, string>();
const running = new Map<string, NodeProcess>();
const ports = new Map<string, number>();
const home = process.cwd();
const clock = new ImpatientClock(systemClock, 5000);
let folder: string;

before(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'medseal-operate-')));
  process.chdir(folder);
  await writeFile('passphrase.txt', 'five random words are good\n', { mode: 0o600 });
  process.env['MEDSEAL_PASSPHRASE_FILE'] = join(folder, 'passphrase.txt');
  for (const name of ORGANISATIONS) {
    const [port = 0] = await freePorts(1);
    ports.set(name, port);
    now.set(`https://medseal.${name}.example`, `https://127.0.0.1:${port}`);
  }
});

after(async () => {
  for (const node of running.values()) await node.stop();
  process.chdir(home);
  delete process.env['MEDSEAL_PASSPHRASE_FILE'];
  delete process.env['MEDSEAL_HOME'];
  await rm(folder, { recursive: true });
});

function silent(): undefined {
  return undefined;
}

/** `medseal up` within this process, on ports that are free. */
async function up(name: string): Promise<NodeProcess> {
  const free = ['listen', 'ledger', 'operate'].map((door) => [`${door}.port`, '0'] as const);
  const line = new Map<string, string>([...free, ['peers.port', String(ports.get(name))]]);
  const configuration = await readConfiguration({ folder: name, environment: {}, line });
  const machine = await machinePorts();
  return await runNode({
    folder: await openNodeFolder(name, { ports: machine }),
    configuration,
    ports: { ...machine, clock },
    log: { debug: silent, info: silent, warn: silent, error: silent },
    version: 'test',
  });
}

async function run(who: string, line: string): Promise<readonly string[]> {
  process.env['MEDSEAL_HOME'] = join(folder, `device-${who}`);
  const asked = /^(?:join|init|party (?:apply|approve|suspend))/.test(line) ? ['--yes'] : [];
  // Other tests cover keys under a passphrase.
  const plain = /^init .*--organisation /.test(line) ? ['--plain-keys'] : [];
  const streams = captureStreams();
  const typed = wordsOf(line).filter((word) => plain.length === 0 || word !== '--yes');
  await runProgram([...typed, ...asked, ...plain], streams);
  const said = `${streams.err()}\n${streams.out().toString()}`;
  return said.replaceAll(`${folder}/`, '').split('\n');
}

describe('the commands of docs/run/operate.md', () => {
  it('print what the page says, one after the other, on three nodes', async () => {
    const commands = shownCommands(PAGE);
    assert.ok(commands.length > 20);
    for (const shown of commands) {
      const { who, line } = shown;
      const started = /^up --data (\w+)$/.exec(line)?.[1];
      if (started !== undefined) {
        assert.equal(started, who);
        const node = await up(who);
        running.set(who, node);
        // The commands name https: addresses without --proxy, so the nodes speak TLS themselves.
        assert.match(node.urls.peers ?? '', /^https:/);
        if (running.size < ORGANISATIONS.length) continue;
        for (const each of running.values()) await each.ready;
        now.set('http://127.0.0.1:8480', running.get('hospital')?.urls.agents ?? '');
        continue;
      }
      const typed = line.replaceAll(/https?:\S+|0x[0-9a-f]+/g, (word) => now.get(word) ?? word);
      const own = running.get(who);
      const suspends = typed.startsWith('party suspend');
      const more = suspends && own !== undefined ? ` --url ${own.urls.agents}` : '';
      requirePrinted(shown, await run(who, `${typed}${more}`), now);
    }
  });

  it('tell an operator what the page says that they tell', async () => {
    const [node] = running.values();
    // The first node was started before there were others to be reached.
    await clock.hasten();
    const curls = [...PAGE.matchAll(/^\$ curl -s http:\/\/127\.0\.0\.1:9480(\S+)\n(.+)$/gm)];
    assert.ok(curls.length >= 2);
    for (const [, path = '', expected = ''] of curls) {
      const answer = await fetch(`${node?.urls.operate}${path}`);
      const said = (await answer.json()) as object;
      assert.deepEqual(formOf(said), formOf(JSON.parse(expected) as object));
    }
  });
});

describe('the settings in docs/run/operate.md', () => {
  it('are settings', () => {
    const blocks = [...PAGE.matchAll(/^```json\n([\s\S]*?)^```$/gm)];
    assert.ok(blocks.length > 0);
    for (const [, text = ''] of blocks) {
      const value = JSON.parse(text) as unknown;
      parseConfiguration({ file: { name: 'docs/run/operate.md', value } });
    }
  });
});

/** A document without the block that the ledger is at, and its age. */
function formOf(value: object): unknown {
  return JSON.parse(JSON.stringify(value).replace(/"(block|age)":\d+/g, '"$1":0')) as unknown;
}
