import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { Command } from 'commander';
import { createProgram } from './createProgram.ts';
import { runProgram } from './runProgram.ts';
import { captureStreams } from './test/captureStreams.ts';
import { chooseVerb } from './program/verb.ts';
import { commandsIn, faultOfLine, wordsOf } from './test/faultOfLine.ts';
import { runMedseal } from './test/runMedseal.ts';

const MAIN = join(import.meta.dirname, 'main.ts');

/** Says in the end which modules were loaded. */
const SPY = `data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from 'node:module';
  registerHooks({
    load(url, context, next) {
      if (!/^(?:node|data):/.test(url)) process.stderr.write(url + '\\n');
      return next(url, context);
    },
  });
`)}`;

function pathOf(command: Command): string {
  return command.parent === null ? '' : `${pathOf(command.parent)} ${command.name()}`.trim();
}

function helpOf(command: Command): string {
  let help = '';
  command.configureOutput({ writeOut: (text) => (help += text) });
  command.outputHelp();
  return help;
}

describe('an option of before', () => {
  it('is still taken: networks are guarded without it, and its contrary is not offered in its place', async () => {
    for (const verb of ['dev', 'scenario']) {
      const { stderr } = await runMedseal(verb, '--guarded', '--unguarded');
      assert.match(stderr, /'--guarded' cannot be used with option '--unguarded'/);
      assert.doesNotMatch(stderr, /Did you mean/);
    }
  });
});

/** Commands that can be run: all that are not mere nouns. */
const verbs = commandsIn(createProgram(captureStreams())).filter(
  (command) => command.commands.length === 0 || command.registeredArguments.length > 0,
);

describe('the help', () => {
  it('describes every verb, its arguments and its options, in plain lines', () => {
    const faults: string[] = [];
    for (const command of commandsIn(createProgram(captureStreams()))) {
      const path = pathOf(command);
      if (!/^[a-zA-Z].{10,}[^.]$/.test(command.description()) && path !== '') faults.push(path);
      for (const argument of command.registeredArguments) {
        if (argument.description === '') faults.push(`${path} <${argument.name()}>`);
      }
      for (const option of command.options) {
        if (option.description === '') faults.push(`${path} ${option.flags}`);
      }
    }
    assert.deepEqual(faults, []);
  });

  it('gives every verb --json and at least one example', () => {
    const faults = verbs.filter((command) => {
      const json = command.options.some(({ long }) => long === '--json');
      return !json || !/\nExamples?:\n {2}medseal /.test(helpOf(command));
    });
    assert.deepEqual(faults.map(pathOf), []);
  });

  it('gives examples that the command takes, each of the verb that it stands at', async () => {
    const faults: string[] = [];
    for (const command of verbs) {
      const [, examples = ''] = helpOf(command).split(/\nExamples?:\n/);
      for (const [, line = ''] of examples.matchAll(/^ {2}medseal (.+)$/gm)) {
        if (!line.startsWith(pathOf(command))) faults.push(`${pathOf(command)} shows ${line}`);
        const fault = await faultOfLine(line);
        if (fault !== undefined) faults.push(`medseal ${line}: ${fault}`);
      }
    }
    assert.deepEqual(faults, []);
  });

  it('is there for every verb before anything of it is loaded', async () => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ['--import', SPY, MAIN, 'record', 'get', '--help'],
      { encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' } },
    );
    assert.equal(status, 0);
    assert.match(stdout, /^Usage: medseal record get \[options\] <record>\n/);
    assert.match(stdout, /Common options:\n {2}--home/);
    const loaded = stderr.trim().split('\n');
    const light =
      /\/commander\/|\/src\/cli\/(?:(?:program|terminal)\/)?\w+\.ts$|(?:Commands|Options)\.ts$|\/src\/errors\/|\/folder\/version\.ts$|\/isOwnFolder\.ts$|\/(?:vocabulary|recordTypes|claimReasons|formNames|doseFields|furtherContracts)\.ts$/;
    assert.deepEqual(
      loaded.filter((url) => !light.test(url)),
      [],
    );
    assert.ok(loaded.length < 106, `${loaded.length} modules`);
  });

  it('says which version it is', async () => {
    const { version } = JSON.parse(
      await readFile(join(import.meta.dirname, '../../package.json'), 'utf8'),
    ) as { version: string };
    for (const flag of ['--version', '-V']) {
      const streams = captureStreams();
      assert.equal(await runProgram([flag], streams), 0);
      assert.equal(streams.out().toString(), `${version}\n`);
    }
  });

  it('takes no secret on the command line', () => {
    const options = verbs.flatMap((command) => command.options.map(({ long }) => long));
    for (const secret of ['--passphrase', '--phrase', '--seed', '--key']) {
      assert.ok(!options.includes(secret), secret);
    }
  });

  it('leaves one document for a program whose command line is wrong', async () => {
    for (const [args, reason] of [
      [['status', '--bogus'], "unknown option '--bogus'"],
      [['record', 'burn'], "unknown command 'burn'"],
      [['record', 'get'], "missing required argument 'record'"],
      [
        ['record', 'get', '0x3fa8', '--keep', '0h'],
        "option '--keep <time>' argument '0h' is invalid. It must be a number with s, m, h, d, w or y, such as 15m or 30d",
      ],
    ] as const) {
      const run = await runMedseal(...args, '--json');
      assert.equal(run.code, 2);
      const { ok, error } = JSON.parse(run.stdout) as { ok: boolean; error: { values: object } };
      assert.equal(ok, false);
      assert.deepEqual(error.values, { argument: 'the command line', reason });
    }
  });

  it('is there for what Ctrl-C leaves, of every verb that asks before it signs or changes anything', async () => {
    const silent: string[] = [];
    for (const command of verbs) {
      const [, line = ''] = /\nExamples?:\n {2}medseal (.+)/.exec(helpOf(command)) ?? [];
      const choice = await chooseVerb(createProgram(captureStreams()), wordsOf(line));
      if (choice?.asks === true && choice.interrupted === undefined) silent.push(pathOf(command));
    }
    assert.deepEqual(silent, []);
  });

  it('is shown by the command `help` too, for the whole, a noun and a verb', async () => {
    for (const words of [[], ['record'], ['record', 'add']]) {
      const [asked, shown] = [
        await runMedseal('help', ...words),
        await runMedseal(...words, '--help'),
      ];
      assert.deepEqual([asked.code, asked.stdout], [0, shown.stdout], words.join(' '));
    }
    const unknown = await runMedseal('help', 'record', 'burn');
    assert.equal(unknown.code, 2);
    assert.match(unknown.stderr, /unknown command 'burn'\n\(medseal record --help/);
  });

  it('fits a terminal of 60 columns, but for examples, which can be copied', async () => {
    const wide: string[] = [];
    for (const command of commandsIn(createProgram(captureStreams()))) {
      const streams = captureStreams();
      Object.assign(streams.stdout, { isTTY: true, columns: 60 });
      await runProgram([...pathOf(command).split(' ').filter(Boolean), '--help'], streams);
      const [text = ''] = streams
        .out()
        .toString()
        .split(/\nExamples?:\n/);
      wide.push(...text.split('\n').filter((line) => line.length > 60));
    }
    assert.deepEqual(wide, []);
  });

  it('is pointed to by an error that fits the terminal too', async () => {
    const streams = captureStreams();
    Object.assign(streams.stderr, { isTTY: true, columns: 60 });
    await runProgram(['record', 'add', 'a.json', '--category', 'nothing'], streams);
    const lines = streams.err().trimEnd().split('\n');
    assert.ok(lines.length > 4 && lines.every((line) => line.length <= 60), lines.join('\n'));
    assert.equal(lines.at(-1), '(medseal record add --help shows what it takes)');
  });

  it('is pointed to by an error, for the command that was meant', async () => {
    const run = await runMedseal('record', 'add', '--bogus');
    assert.equal(run.code, 2);
    assert.match(run.stderr, /unknown option '--bogus'\n\(medseal record add --help shows/);
  });

  it('comes with exit code 2 where a noun stands alone or a verb is unknown', async () => {
    for (const args of [['record'], ['record', 'burn'], ['key', 'new'], ['grant']]) {
      const run = await runMedseal(...args);
      assert.equal(run.code, 2, args.join(' '));
      assert.match(run.stderr, /Usage|--help/);
    }
  });
});
