import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { after, before, describe, it } from 'node:test';
import { runProgram } from '../src/cli/runProgram.ts';
import { captureStreams } from '../src/cli/test/captureStreams.ts';
import { wordsOf } from '../src/cli/test/faultOfLine.ts';
import { startPeople, type People } from '../src/cli/test/startPeople.ts';
import { requirePrinted, shownCommands, type Shown } from './shownCommands.ts';

const PAGE = pageAt('../docs/use/start.md');
const README = pageAt('../README.md');

let people: People;
const home = process.cwd();

before(async () => {
  people = await startPeople();
  process.chdir(people.folder);
  const [, bundle = ''] = /^```json\n([\s\S]*?)^```$/m.exec(PAGE) ?? [];
  await writeFile('blood.json', bundle);
});

after(async () => {
  for (const who of ['anna', 'house']) await run(who, 'key lock', []);
  process.chdir(home);
  delete process.env['MEDSEAL_HOME'];
  await people.end();
});

function pageAt(path: string): string {
  return readFileSync(fileURLToPath(new URL(path, import.meta.url)), 'utf8');
}

/** Runs the commands of a page one after the other, and asserts that each prints what the page says. */
async function play(commands: readonly Shown[]): Promise<void> {
  const now = new Map<string, string>([['http://127.0.0.1:8480', people.dev.ready.url]]);
  for (const shown of commands) {
    const { who, line } = shown;
    const signs = /^(?:join|party apply|request|approve|grant |record add|revoke)/.test(line);
    const typed = line.replaceAll(/http:\S+|0x[0-9a-f]+/g, (word) => now.get(word) ?? word);
    requirePrinted(shown, await run(who, typed, signs ? ['--yes'] : []), now);
  }
}

async function run(who: string, line: string, more: readonly string[]): Promise<readonly string[]> {
  process.env['MEDSEAL_HOME'] = join(people.folder, who);
  const streams = captureStreams();
  await runProgram([...wordsOf(line), ...more], streams);
  return `${streams.err()}\n${streams.out().toString()}`.split('\n');
}

describe('the commands of docs/use/start.md', () => {
  it('print what the page says, one after the other', async () => {
    const commands = shownCommands(PAGE);
    assert.ok(commands.length > 20);
    await play(commands);
  });
});

describe('the commands of README.md', () => {
  it('print what the page says, for people who joined and know each other', async () => {
    const commands = shownCommands(README);
    assert.ok(commands.length >= 5);
    const [anna, house] = ['of-readme/anna', 'of-readme/house'];
    for (const [who, name, role] of [
      [anna, 'anna', 'patient'],
      [house, 'house', 'doctor'],
    ] as const) {
      await run(who, `join ${people.dev.ready.url}`, ['--yes']);
      await run(who, `key new ${name}`, []);
      await run(who, `party apply --role ${role} --at hospital`, ['--yes']);
    }
    await run(anna, 'patient card --out of-readme/anna.json --no-qr', []);
    await run(house, 'party card --out of-readme/house.json --no-qr', []);
    await run(house, 'contact add anna of-readme/anna.json', []);
    await run(anna, 'contact add dr-house of-readme/house.json', []);
    await play(commands.map((shown) => ({ ...shown, who: `of-readme/${shown.who}` })));
  });
});
