/**
 * Runs the work of this repository by name, such as `npm run suite slow`; without a name, what is run most often. It
 * first installs the tools that the work needs.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { GROUPS, type Task } from './tasks.ts';

const ROOT = join(import.meta.dirname, '..');
const [group = '', ...given] = process.argv.slice(2);
const tasks = new Map(Object.entries<Task>(GROUPS[group as keyof typeof GROUPS] ?? {}));
const isNamed = given[0] !== undefined && !given[0].startsWith('-');
const isHelp = given[0] === '--help' || given[0] === '-h';
const names = isNamed
  ? [given[0] ?? '']
  : [...tasks].filter(([, task]) => task.unnamed === true).map(([name]) => name);
const words = isNamed ? given.slice(1) : given;
const wanted = names.flatMap((name) => tasks.get(name) ?? []);

if (isHelp || wanted.length < Math.max(1, names.length)) {
  const rows = [...tasks].map(([name, { says }]) => `  ${name.padEnd(12)}${says}`);
  console[isHelp ? 'log' : 'error'](`npm run ${group} NAME, which is one of\n${rows.join('\n')}`);
  process.exitCode = isHelp ? 0 : 2;
} else {
  run(wanted);
}

function run(each: readonly Task[]): void {
  if (each.some(({ tools }) => tools)) call('node scripts/installTools.ts');
  for (const task of each) {
    if (process.exitCode !== undefined) return;
    call(task.line, words);
  }
}

function call(line: string, args: readonly string[] = []): void {
  const { status, error } = spawnSync('sh', ['-c', `${line} "$@"`, 'sh', ...args], {
    cwd: ROOT,
    stdio: 'inherit',
    // Node keeps what it compiled for the next run.
    env: { ...process.env, NODE_COMPILE_CACHE: join(ROOT, '.cache/node') },
  });
  if (error !== undefined) throw error;
  if (status !== 0) process.exitCode = status ?? 1;
}
