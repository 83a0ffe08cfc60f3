import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { createProgram } from '../../../createProgram.ts';
import type { Dice } from '../../../../node/test/simulation/Dice.ts';
import { captureStreams } from '../../captureStreams.ts';
import { commandsIn, wordsOf } from '../../faultOfLine.ts';
import { DoorFault, type OpenDoor } from '../Door.ts';
import { contentOf } from '../foldersAlike.ts';
import { mutateText, ODD_TEXTS } from '../mutateJson.ts';
import { typeMedseal } from '../typeMedseal.ts';

/** Verbs that would not end, ask nobody, or start another process or a network of their own. */
const LONG = new Set([
  'dev',
  'up',
  'scenario',
  'init',
  'unlock',
  'completion',
  'restore',
  'backup',
]);

/**
 * The command line itself: every verb with the arguments of its examples, of which some are left out, doubled, misspelt,
 * empty, very long, or name folders, devices and files that nobody may read. Nodes are addresses at which nothing listens.
 */
export const openArgumentsDoor: OpenDoor = async ({ network }) => {
  const folder = await mkdtemp(join(tmpdir(), 'medseal-fuzz-'));
  const home = join(folder, 'home');
  await mkdir(join(home, 'parties'), { recursive: true });
  await writeFile(join(home, 'network.json'), JSON.stringify(network.file));
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
  // What a name or a file is least likely to be.
  const likely = [folder, locked, empty, '', '/dev/zero', 'constructor', '__proto__', '-'];
  const lines = commandsIn(createProgram(captureStreams())).flatMap(linesOf);
  return {
    async enter(dice, note) {
      const { line, hasHome } = dice.pick(lines);
      const typed = altered(dice, line, dice.chance(0.5) ? odd : likely);
      // No name of a folder of this machine's user, and no node elsewhere, is tried.
      const args = [...typed, ...(hasHome ? ['--home', home] : [])].filter(
        (each) => !/^--(?:url|rpc|data|out|to|receipts|keep|exchange)\b/.test(each),
      );
      note(JSON.stringify(args));
      if (args.some((each) => LONG.has(each))) return;
      const before = await contentOf(home);
      const { code } = await typeMedseal(args, dice.pick(['', '{}', 'y\n', 'x'.repeat(100)]));
      if (code !== 0 && before !== (await contentOf(home))) throw new DoorFault('half-written');
    },
    async close() {
      await chmod(locked, 0o600);
      await rm(folder, { recursive: true, force: true });
    },
  };
};

/** The examples of a verb, each without what would be found on nobody's machine. */
function linesOf(
  command: Command,
): readonly { readonly line: readonly string[]; readonly hasHome: boolean }[] {
  const streams = captureStreams();
  command.configureOutput({ writeOut: (text) => void streams.stdout.write(text) });
  command.outputHelp();
  const hasHome = command.options.some(({ long }) => long === '--home');
  return [
    ...streams
      .out()
      .toString()
      .matchAll(/^ {2}medseal (.*)$/gm),
  ].map(([, line = '']) => ({
    line: wordsOf(line),
    hasHome,
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
