import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Command } from 'commander';
import { collect, count } from './sharedOptions.ts';
import { option, type ArgumentsOf, type OptionsOf } from './VerbOption.ts';

const LIST = [
  option('-o, --out-file <file>', 'write to this file'),
  option('--number <count>', 'take so many').argParser(count).makeOptionMandatory(),
  option('--url <url>', 'call this node').argParser(collect).default([], 'none'),
  option('--mode <mode>', 'take it so').choices(['fast', 'slow']).conflicts('all'),
  option('--all', 'take all'),
  option('--no-wait', 'answer at once'),
];

interface Expected {
  readonly outFile?: string;
  readonly number: number;
  readonly url: readonly string[];
  readonly mode?: 'fast' | 'slow';
  readonly all?: boolean;
  readonly wait: boolean;
}

type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;

describe('An option of a verb', () => {
  it('has the type that its declaration says, as commander gives it', () => {
    const same: Same<OptionsOf<typeof LIST>, Expected> = true;
    assert(same);
    const command = new Command();
    for (const each of LIST) command.addOption(each.make());
    command.parse(['--out-file', 'a', '--number', '3', '--mode', 'slow'], { from: 'user' });
    const expected: Expected = { outFile: 'a', number: 3, url: [], mode: 'slow', wait: true };
    assert.deepEqual(command.opts(), expected);
  });

  it('becomes another option of commander’s for each command', () => {
    const [first] = LIST;
    assert.notEqual(first?.make(), first?.make());
  });

  it('goes behind the arguments, whose types follow from the name of the verb', () => {
    const none: Same<ArgumentsOf<'list'>, []> = true;
    const some: Same<
      ArgumentsOf<'take <who> [file] <more...>'>,
      [string, string | undefined, readonly string[]]
    > = true;
    assert(none && some);
  });
});
