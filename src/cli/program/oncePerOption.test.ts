import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CommanderError, type Command, type Option } from 'commander';
import { nodesAt } from '../home/Nodes.ts';
import { createProgram } from '../createProgram.ts';
import { runProgram } from '../runProgram.ts';
import { captureStreams } from '../test/captureStreams.ts';
import { commandsIn } from '../test/faultOfLine.ts';
import { chooseVerb } from './verb.ts';

const program = createProgram(captureStreams());
const verbs = commandsIn(program).filter(
  (command) => command.parent !== null && command.commands.length === 0,
);

/** Two values that an option takes, as far as anything tells. */
const VALUES: Readonly<Record<string, readonly [string, string]>> = {
  '--amount': ['1', '2'],
  '--number': ['1', '2'],
  '--action': ['read', 'add'],
  '--admit': ['vitalRecords', 'claims'],
  '--contract': ['vitalRecords', 'claims'],
  '--coverage': [`0x${'11'.repeat(32)}`, `0x${'22'.repeat(32)}`],
  '--rests': [`0x${'11'.repeat(32)}`, `0x${'22'.repeat(32)}`],
  '--treatment': [`0x${'11'.repeat(32)}`, `0x${'22'.repeat(32)}`],
  '--total': ['1.00', '2.00'],
  '--line': ['Visit=1.00', 'X-ray=2.00'],
  '--category': ['laboratory', 'vitals'],
  '--kind': ['bill', 'birth'],
  '--form': ['allergy', 'problem'],
  '--dose': ['amount=1', 'unit=tablet'],
  '--result': ['a=1', 'b=2'],
  '--set': ['substance=a', 'note=b'],
  '--purpose': ['TREAT', 'HRESCH'],
  '--reason': ['not-known', 'other-role'],
  '--role': ['doctor', 'patient'],
  '--wait': ['ack', 'receipt'],
  '--at': ['2026-01-01', '2026-01-02'],
  '--before': ['2026-01-01', '2026-01-02'],
  '--until': ['1h', '2h'],
  '--for': ['1h', '2h'],
  '--categories': ['laboratory', 'vitals'],
  '--url': ['hospital=http://a.example', 'laboratory=http://b.example'],
};

function pathOf(command: Command): readonly string[] {
  return command.parent === null ? [] : [...pathOf(command.parent), command.name()];
}

/** The options of a line, read by the one program: each reading begins with nothing of the one before. */
async function optionsOf(line: readonly string[]): Promise<Readonly<Record<string, unknown>>> {
  const choice = await chooseVerb(program, line);
  return choice?.given.at(-1) as Readonly<Record<string, unknown>>;
}

type Given = Readonly<Record<string, unknown>>;

/** A value that the option takes, and another, each with the options that come of it. */
async function valuesFor(
  line: readonly string[],
  option: Option,
): Promise<readonly [string, string, Given, Given]> {
  const long = option.long ?? '';
  const candidates = [
    VALUES[long],
    option.argChoices && [option.argChoices[0] ?? '', option.argChoices[1] ?? ''],
    ['a', 'b'],
    ['1', '2'],
    [`0x${'11'.repeat(32)}`, `0x${'22'.repeat(32)}`],
    ['1h', '2h'],
    ['2026-01-01', '2026-01-02'],
  ].filter((pair) => pair !== undefined) as (readonly [string, string])[];
  for (const pair of candidates) {
    const taken = await optionsOf([...line, long, pair[0]]).catch(() => undefined);
    if (taken === undefined) continue;
    const other = await optionsOf([...line, long, pair[1]]).catch(() => undefined);
    if (other !== undefined) return [...pair, taken, other];
  }
  throw new Error(`no values are known for ${line.join(' ')} ${long}`);
}

describe('an option that is given twice', () => {
  for (const command of verbs) {
    // @attack `--action read --action add` gave `add` alone | an option given twice is taken twice or refused
    it(`is taken twice or refused by ${pathOf(command).join(' ')}`, async () => {
      const needed = command.registeredArguments.filter(({ required }) => required);
      const mandatory = command.options.filter(
        ({ mandatory, defaultValue }) => mandatory && defaultValue === undefined,
      );
      let isPrinted = false;
      for (const option of command.options) {
        if (!option.required && !option.optional) continue;
        const others = mandatory
          .filter((each) => each !== option)
          .flatMap(({ long }) => [long ?? '', VALUES[long ?? '']?.[0] ?? 'hospital']);
        const line = [...pathOf(command), ...needed.map(() => 'nonsense'), ...others];
        const long = option.long ?? '';
        const [one, two, single, other] = await valuesFor(line, option);
        const twice = [...line, long, one, long, two];
        const name = option.attributeName();
        const taken = await optionsOf(twice).catch((error: CommanderError) => error);
        if (taken instanceof CommanderError) {
          assert.equal(taken.code, 'commander.invalidArgument', long);
          assert.match(taken.message, /given twice/, long);
          // All options of a verb are refused by the same words; to print them takes as long as all that is above.
          if (isPrinted) continue;
          isPrinted = true;
          const streams = captureStreams();
          assert.equal(await runProgram([...twice, '--json'], streams), 2);
          assert.match(streams.out().toString(), /ARGUMENT_INVALID.*given twice/);
          continue;
        }
        const all = [...(single[name] as string[]), ...(other[name] as string[])];
        assert.deepEqual(taken[name], all, long);
      }
    });
  }

  it('gives what both say: actions and categories', async () => {
    const given = await optionsOf([
      'grant',
      'house',
      '--action',
      'read',
      '-a',
      'add,read',
      '-c',
      'vitals',
      '--category',
      'laboratory',
    ]);
    assert.deepEqual(given['action'], ['read', 'add']);
    assert.deepEqual(given['category'], ['vitals', 'laboratory']);
    const usual = await optionsOf(['grant', 'house', '-c', 'vitals']);
    assert.deepEqual(usual['action'], ['read']);
  });

  it('is refused for one setting, and one organisation’s address, too', async () => {
    const set = ['up', '--data', '/nowhere', '--set', 'listen.port=1'];
    for (const more of [
      ['--set', 'listen.port=2'],
      ['--port', '2'],
    ]) {
      const streams = captureStreams();
      assert.equal(await runProgram([...set, ...more], streams), 2);
      assert.match(streams.err(), /listen\.port.*given twice/);
    }
    assert.throws(() => nodesAt(['a=http://a.example', 'a=http://b.example']), {
      code: 'ARGUMENT_INVALID',
    });
  });
});
