import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { after, before, describe, it } from 'node:test';
import { runProgram } from '../src/cli/program/runProgram.ts';
import { captureStreams } from '../src/cli/test/captureStreams.ts';
import { wordsOf } from '../src/cli/test/faultOfLine.ts';
import { startPeople, type People } from '../src/cli/test/startPeople.ts';
import { requirePrinted, shownCommands } from './shownCommands.ts';

const PAGE = readFileSync(fileURLToPath(new URL('../docs/start.md', import.meta.url)), 'utf8');

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

async function run(who: string, line: string, more: readonly string[]): Promise<readonly string[]> {
  process.env['MEDSEAL_HOME'] = join(people.folder, who);
  const streams = captureStreams();
  await runProgram([...wordsOf(line), ...more], streams);
  return `${streams.err()}\n${streams.out().toString()}`.split('\n');
}

describe('the commands of docs/start.md', () => {
  it('print what the page says, one after the other', async () => {
    const commands = shownCommands(PAGE);
    assert.ok(commands.length > 20);
    const now = new Map<string, string>([['http://127.0.0.1:8480', people.dev.ready.url]]);
    for (const shown of commands) {
      const { who, line } = shown;
      const signs = /^(?:join|party apply|request|approve|record add|revoke)/.test(line);
      const typed = line.replaceAll(/http:\S+|0x[0-9a-f]+/g, (word) => now.get(word) ?? word);
      requirePrinted(shown, await run(who, typed, signs ? ['--yes'] : []), now);
    }
  });
});
