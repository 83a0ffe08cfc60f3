import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import type { Dice } from '../simulation/Dice.ts';
import { collectRun, runMedseal, startMedseal, type Run } from '../../src/cli/test/runMedseal.ts';
import type { LoadedNode } from './LoadedNode.ts';
import type { Promised } from '../../src/node/test/Promised.ts';

/** Options of `killCommand`. */
export interface KillCommandOptions {
  /** Running. */
  readonly node: LoadedNode;
  /** For devices and backups. */
  readonly folder: string;
  readonly dice: Dice;
  readonly promised: Promised;
}

/** Milliseconds after which a command is killed, at most: most are done by then. */
const LONGEST = 2500;

/**
 * Kills a command at some moment, and then does the same to its end: what the killed one left is whole, or nothing.
 *
 * @param options - The node, and a folder for devices and backups.
 * @returns The command that was killed.
 */
export async function killCommand(options: KillCommandOptions): Promise<string> {
  const { node, folder, dice, promised } = options;
  const home = `${folder}/home`;
  const passphrase = `${folder}/passphrase.txt`;
  await writeFile(passphrase, 'five random words are good\n', { mode: 0o600 });
  const secret = ['--passphrase-file', passphrase];
  const name = `key-${dice.between(0, 1e9)}`;
  const archive = `${folder}/${name}.tar`;
  const restored = `${folder}/${name}`;
  const verbs = {
    'key new': ['key', 'new', name, '--home', home, ...secret],
    join: ['join', node.doors.agents, '--network', `${node.data}/network.json`, '--home', home],
    backup: ['backup', '--data', node.data, '--to', archive],
    restore: ['restore', archive, '--data', restored],
  } as const;
  const verb = dice.pick(Object.keys(verbs) as (keyof typeof verbs)[]);
  const must = async (...args: readonly string[]): Promise<Run> => {
    let run = await runMedseal(...args, '--json');
    // The node hears after a moment that who made a backup was killed.
    for (let left = 20; run.stdout.includes('another backup is being made') && left > 0; left--) {
      await pause(250);
      run = await runMedseal(...args, '--json');
    }
    if (run.code !== 0) {
      promised.violations.push(`after a killed ${verb}: ${run.stdout}${run.stderr}`);
    }
    return run;
  };

  if (verb === 'key new') await must(...verbs.join);
  if (verb === 'restore') await must(...verbs.backup);
  const child = startMedseal([...verbs[verb], '--json']);
  const ended = collectRun(child);
  await Promise.race([pause(dice.fraction() * LONGEST), ended]);
  child.kill('SIGKILL');
  const done = (await ended).code === 0;

  switch (verb) {
    case 'key new': {
      const { keys = [] } = JSON.parse((await must('key', 'list', '--home', home)).stdout) as {
        readonly keys?: readonly { readonly name: string }[];
      };
      const listed = keys.some((key) => key.name === name);
      if (done && !listed) promised.violations.push(`the key ${name} is lost`);
      if (listed) await must('key', 'phrase', name, '--home', home, ...secret);
      else await must(...verbs[verb]);
      break;
    }
    case 'join':
      await must(...verbs.join);
      break;
    case 'backup':
      if (done && !existsSync(archive)) promised.violations.push('a backup is lost');
      if (!existsSync(archive)) await must(...verbs.backup);
      await must(...verbs.restore);
      break;
    case 'restore':
      if (done && !existsSync(restored)) promised.violations.push('a restored folder is lost');
      if (!existsSync(restored)) await must(...verbs.restore);
      await must('fsck', '--data', restored);
      break;
  }
  await rm(archive, { force: true });
  await rm(restored, { recursive: true, force: true });
  return verb;
}
