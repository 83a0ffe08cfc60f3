import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Command } from 'commander';
import { catalogue } from '../errors/catalogue.ts';
import { createProgram } from './createProgram.ts';
import { runProgram } from './runProgram.ts';
import { captureStreams } from './test/captureStreams.ts';
import { commandsIn } from './test/faultOfLine.ts';
import type { Run } from './test/runMedseal.ts';

/** Tests of every verb with a wrong command line, and on a device that knows nothing. */

let folder: string;
const environment = { ...process.env };
const home = process.cwd();

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'medseal-wrong-'));
  // The network of `npm start` may lie where the tests are run, and a backup of it would be made.
  process.chdir(folder);
  process.env['MEDSEAL_HOME'] = join(folder, 'home');
  process.env['MEDSEAL_DATA'] = join(folder, 'data');
  delete process.env['MEDSEAL_PASSPHRASE_FILE'];
});
after(async () => {
  process.env = environment;
  process.chdir(home);
  await rm(folder, { recursive: true });
});

async function run(...args: readonly string[]): Promise<Run> {
  const streams = captureStreams();
  const code = await runProgram(args, streams);
  return { code, stdout: streams.out().toString(), stderr: streams.err() };
}

function pathOf(command: Command): readonly string[] {
  return command.parent === null ? [] : [...pathOf(command.parent), command.name()];
}

/** Commands that can be run: all that are not mere nouns. */
const verbs = commandsIn(createProgram(captureStreams())).filter(
  (command) =>
    command.commands.length === 0 && command.parent !== null && command.name() !== 'help',
);

/** Arguments that a verb must have, each of no sense. */
function nonsenseFor(command: Command): readonly string[] {
  return command.registeredArguments.filter(({ required }) => required).map(() => 'nonsense');
}

/** Options that a verb must have, each with the first value that it takes. */
function mandatoryOf(command: Command): readonly string[] {
  return command.options
    .filter(({ mandatory, defaultValue }) => mandatory && defaultValue === undefined)
    .flatMap(({ long }) => [long ?? '', long === '--role' ? 'doctor' : 'hospital']);
}

describe('every verb', () => {
  it('refuses an option that it does not have, an argument too many, and one too few, with 2', async () => {
    for (const command of verbs) {
      const path = pathOf(command);
      const given = [...path, ...nonsenseFor(command), ...mandatoryOf(command)];
      const lines = [[...given, '--nonsense']];
      if (!command.registeredArguments.some(({ variadic }) => variadic)) {
        const most = command.registeredArguments.map(() => 'nonsense');
        lines.push([...path, ...most, ...mandatoryOf(command), 'too', 'many']);
      }
      if (nonsenseFor(command).length > 0) lines.push([...path, ...mandatoryOf(command)]);
      for (const line of lines) {
        const { code, stdout, stderr } = await run(...line);
        assert.deepEqual([code, stdout], [2, ''], line.join(' '));
        assert.match(stderr, /^error: .+\n/, line.join(' '));
      }
    }
  });

  it('refuses a value that an option does not take, with 2', async () => {
    for (const command of verbs) {
      for (const { long, argChoices } of command.options) {
        if (argChoices === undefined) continue;
        const line = [...pathOf(command), ...nonsenseFor(command), long ?? '', 'nonsense'];
        const { code, stderr } = await run(...line);
        assert.equal(code, 2, line.join(' '));
        assert.match(stderr, /Allowed choices are/);
      }
    }
  });

  it('says on a device that knows nothing what is missing, by a code, and makes nothing there', async () => {
    for (const command of verbs) {
      const path = pathOf(command);
      const name = path.join(' ');
      if (/^(?:dev|scenario|key new|up|completion|init|help)/.test(name)) continue;
      const line = [...path, ...nonsenseFor(command), ...mandatoryOf(command), '--json'];
      const { code, stdout, stderr } = await run(...line);
      // Nothing to list, nothing to remove.
      if (code === 0) continue;
      const { ok, error } = JSON.parse(stdout) as { ok: boolean; error: { code: string } };
      assert.equal(ok, false, name);
      assert.ok([1, 2, 3].includes(code ?? 0), name);
      assert.ok(Object.hasOwn(catalogue, error.code), name);
      assert.notEqual(error.code, 'INTERNAL', `${name}: ${stderr}`);
    }
    assert.deepEqual(await readdir(folder), []);
  });
});
