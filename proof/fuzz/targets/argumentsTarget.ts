import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { createProgram } from '../../../src/cli/createProgram.ts';
import type { Dice } from '../../simulation/Dice.ts';
import { captureStreams } from '../../../src/cli/test/captureStreams.ts';
import { commandsIn, wordsOf } from '../../../src/cli/test/faultOfLine.ts';
import { TargetFault, type OpenTarget } from '../FuzzTarget.ts';
import { contentOf } from '../foldersAlike.ts';
import { mutateText, ODD_TEXTS } from '../mutateJson.ts';
import { typeMedseal } from '../typeMedseal.ts';

/** Options that name a place; each leads into the folder of the visit, to nobody, or is left out. */
const PLACES = /^--(?:url|rpc|data|out|to|receipts|keep|exchange|history|door)$/;
/** Verbs that would run for long or until stopped, with arguments that prevent it. */
const KEPT: Readonly<Record<string, readonly string[]>> = {
  dev: ['--data', 'FOREIGN'],
  up: ['--data', 'EMPTY'],
  scenario: ['--home', 'EMPTY'],
};

/**
 * The command line itself: every verb with the arguments of its examples, of which some are left out, doubled, misspelt,
 * empty, very long, or name folders, devices and files that nobody may read. Nodes are addresses at which nothing listens.
 */
export const openArgumentsTarget: OpenTarget = async ({ network }) => {
  const folder = await mkdtemp(join(tmpdir(), 'medseal-fuzz-'));
  const home = join(folder, 'home');
  await mkdir(join(home, 'parties'), { recursive: true });
  await writeFile(join(home, 'network.json'), JSON.stringify(network.file));
  const foreign = join(folder, 'foreign');
  await mkdir(foreign);
  await writeFile(join(foreign, 'thesis.txt'), 'mine');
  const out = join(folder, 'out');
  const locked = join(folder, 'locked');
  await writeFile(locked, 'x', { mode: 0o000 });
  const empty = join(folder, 'empty');
  await writeFile(empty, '');
  const odd = [
    ...ODD_TEXTS,
    folder,
    locked,
    empty,
    '/dev/null',
    '/dev/zero',
    join(folder, 'not', 'there'),
    '\ufffd\ufffd',
    '-',
    '--',
    '-x',
    '--no-such',
    '--json=1',
    '--help=x',
    ',',
    'all,',
    '1d',
    '-5m',
  ];
  // Values that a name or a file is least likely to have.
  const likely = [folder, locked, empty, '', '/dev/zero', 'constructor', '__proto__', '-'];
  const lines = commandsIn(createProgram(captureStreams())).flatMap(linesOf);
  return {
    async enter(dice, note) {
      const { line, hasHome, hasData } = dice.pick(lines);
      const typed = altered(dice, line, dice.chance(0.5) ? odd : likely);
      // No folder of this machine's user, and no node elsewhere, is tried.
      const args = typed.filter((each) => !PLACES.test(each.replace(/=.*/s, '')));
      if (hasHome) args.push('--home', home);
      if (hasData) args.push('--data', dice.pick([foreign, locked, join(out, 'node')]));
      if (line[0] === 'backup' && dice.chance(0.9))
        args.push('--to', dice.pick([foreign, locked, home, out]));
      if (line[0] === 'init') args.push('--exchange', dice.pick([foreign, locked, join(out, 'x')]));
      const kept = KEPT[line[0] ?? ''] ?? [];
      args.push(...kept.map((each) => each.replace('FOREIGN', foreign).replace('EMPTY', empty)));
      // A word that was altered may be another verb's.
      if (args.some((each) => each in KEPT) && kept.length === 0) return;
      note(JSON.stringify(args));
      const watched = async (): Promise<string> =>
        (await contentOf(home)) + (await contentOf(foreign));
      const before = await watched();
      const heard = SIGNALS.map((signal) => [signal, process.listeners(signal)] as const);
      const { code } = await typeMedseal(args, dice.pick(['', '{}', 'y\n', 'x'.repeat(100)]));
      for (const [signal, before] of heard) forgetOthers(signal, before);
      await rm(out, { recursive: true, force: true });
      if (code !== 0 && before !== (await watched())) throw new TargetFault('half-written');
    },
    async close() {
      await chmod(locked, 0o600);
      await rm(folder, { recursive: true, force: true });
    },
  };
};

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** A verb that is the last thing that its process does needs not stop listening. */
function forgetOthers(signal: NodeJS.Signals, known: readonly NodeJS.SignalsListener[]): void {
  for (const each of process.listeners(signal))
    if (!known.includes(each)) process.off(signal, each);
}

/** A command line that is right. */
interface Line {
  readonly line: readonly string[];
  readonly hasHome: boolean;
  readonly hasData: boolean;
}

/** The examples of a verb, each without what would be found on nobody's machine. */
function linesOf(command: Command): readonly Line[] {
  const streams = captureStreams();
  command.configureOutput({ writeOut: (text) => void streams.stdout.write(text) });
  command.outputHelp();
  const has = (name: string): boolean => command.options.some(({ long }) => long === name);
  return [
    ...streams
      .out()
      .toString()
      .matchAll(/^ {2}medseal (.*)$/gm),
  ].map(([, line = '']) => ({
    line: wordsOf(line),
    hasHome: has('--home'),
    hasData: has('--data'),
  }));
}

function altered(dice: Dice, line: readonly string[], odd: readonly string[]): string[] {
  const args = [...line];
  for (let change = dice.between(0, 3); change > 0; change--) {
    const at = dice.between(0, args.length);
    switch (dice.between(0, 5)) {
      case 0:
        args.splice(at, 1);
        break;
      case 1:
        args.splice(at, 0, dice.pick(odd));
        break;
      case 2:
        args.splice(at, 1, dice.pick(odd));
        break;
      case 3:
        args.push(args[at] ?? '');
        break;
      case 4:
        args.splice(at, 1, mutateText(dice, args[at] ?? ''));
        break;
      default:
        args.push('--json');
    }
  }
  // An operating system hands over no zero bytes, and nothing but whole characters.
  return args.map((each) => each.replaceAll('\u0000', '').toWellFormed());
}
