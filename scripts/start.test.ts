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

const PAGE = readFileSync(fileURLToPath(new URL('../docs/start.md', import.meta.url)), 'utf8');

/** A command of the page: who types it, and what the page says that it prints. */
interface Shown {
  readonly who: string;
  readonly line: string;
  readonly prints: readonly string[];
}

/** The commands in blocks such as `console anna`, in their order. */
function shownCommands(): readonly Shown[] {
  return [...PAGE.matchAll(/^```console (\w+)\n([\s\S]*?)^```$/gm)].flatMap(
    ([, who = '', text = '']) =>
      text
        .split(/^\$ medseal /m)
        .slice(1)
        .map((command) => {
          const [line = '', ...prints] = command.trimEnd().split('\n');
          return { who, line, prints };
        }),
  );
}

/** What a person types, which is in the page and not in what is printed. */
const TYPED = /^(?:New passphrase|The same again|Passphrase of|Trust it\?|Sign this\?)/;

/** A line without what differs from run to run. */
function formOf(line: string): string {
  return line
    .replaceAll(/0x[0-9a-f]{6,}/g, '0x')
    .replaceAll(/medseal1[0-9a-z]{20,}/g, 'medseal1')
    .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC/g, 'moment')
    .replaceAll(/http:\/\/127\.0\.0\.1:\d+/g, 'http://127.0.0.1')
    .trimEnd();
}

/** Numbers in hexadecimal in a line. */
function wordsIn(line: string): readonly string[] {
  return line.match(/0x[0-9a-f]{6,}/g) ?? [];
}

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
    const commands = shownCommands();
    assert.ok(commands.length > 20);
    /** What stands in the page, and what it is this time. */
    const now = new Map<string, string>([['http://127.0.0.1:8480', people.dev.ready.url]]);
    for (const { who, line, prints } of commands) {
      const signs = /^(?:join|party apply|request|approve|record add|revoke)/.test(line);
      const typed = line.replaceAll(/http:\S+|0x[0-9a-f]+/g, (word) => now.get(word) ?? word);
      const printed = await run(who, typed, signs ? ['--yes'] : []);
      const forms = printed.map(formOf);
      for (const expected of prints.filter((each) => each !== '…' && !TYPED.test(each))) {
        const place = forms.indexOf(formOf(expected));
        assert.notEqual(
          place,
          -1,
          `medseal ${line}\n${expected}\nis not in\n${printed.join('\n')}`,
        );
        const words = wordsIn(printed[place] ?? '');
        for (const [at, word] of wordsIn(expected).entries()) now.set(word, words[at] ?? word);
      }
    }
  });
});
