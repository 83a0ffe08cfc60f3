import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { importsOf } from './importsOf.ts';
import { GROUPS, type Task } from './tasks.ts';

const ROOT = new URL('..', import.meta.url);
const { scripts, devDependencies } = JSON.parse(
  readFileSync(new URL('package.json', ROOT), 'utf8'),
) as {
  readonly scripts: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
};
const tools = Object.keys(devDependencies);
const INSTALL = 'node scripts/installTools.ts';
const RUN = fileURLToPath(new URL('scripts/run.ts', ROOT));

/** Names of the commands that a package brings into `node_modules/.bin`. */
function commandsOf(name: string): readonly string[] {
  const { bin = {} } = JSON.parse(
    readFileSync(new URL(`node_modules/${name}/package.json`, ROOT), 'utf8'),
  ) as { readonly bin?: string | Readonly<Record<string, string>> };
  return typeof bin === 'string' ? [name] : Object.keys(bin);
}

const imports = new Map<string, Promise<readonly (string | undefined)[]>>();

/** Everything that a file imports; each file is parsed once. */
async function importsIn(file: URL): Promise<readonly (string | undefined)[]> {
  const known = imports.get(file.href) ?? importsOf(readFileSync(file, 'utf8'));
  imports.set(file.href, known);
  return await known;
}

/** Tells whether a program, or anything that it imports, imports a tool. */
async function reachesTool(file: URL, seen = new Set<string>()): Promise<boolean> {
  if (seen.has(file.href) || !/\.tsx?$/.test(file.pathname) || !existsSync(file)) return false;
  seen.add(file.href);
  for (const name of await importsIn(file)) {
    if (name === undefined || name.startsWith('node:')) continue;
    const reaches = name.startsWith('.')
      ? await reachesTool(new URL(name, file), seen)
      : tools.some((tool) => name === tool || name.startsWith(`${tool}/`));
    if (reaches) return true;
  }
  return false;
}

/** Tells whether a script of npm runs tests, a command of a tool, or a program that imports one. */
async function needsTools(line: string): Promise<boolean> {
  const commands = new Set(tools.flatMap(commandsOf));
  for (const part of line.split(' && ')) {
    const [first = '', ...words] = part.split(' ').filter((word) => !word.includes('='));
    if (commands.has(first) || words.includes('--test')) return true;
    const program = words.find((word) => /^[\w/]+\.ts$/.test(word));
    if (program !== undefined && (await reachesTool(new URL(program, ROOT)))) return true;
  }
  return false;
}

describe('after npm ci alone, a script of npm', () => {
  for (const [name, line] of Object.entries(scripts)) {
    if (line === INSTALL || line.startsWith('node scripts/run.ts')) continue;
    it(`installs what it needs first, and nothing that it does not need: ${name}`, async () => {
      assert.equal(scripts[`pre${name}`] === INSTALL, await needsTools(line));
    });
  }

  for (const [group, tasks] of Object.entries(GROUPS)) {
    for (const [name, { line, tools: installs }] of Object.entries<Task>(tasks)) {
      if (name === 'tools') continue;
      it(`installs what it needs first, and nothing that it does not need: ${group} ${name}`, async () => {
        assert.equal(installs, await needsTools(line));
      });
    }
  }

  it('says which names it takes, and fails for any other', () => {
    for (const group of Object.keys(GROUPS)) {
      const run = (...args: string[]): ReturnType<typeof spawnSync> =>
        spawnSync(process.execPath, [RUN, group, ...args], { encoding: 'utf8' });
      const [help, wrong] = [run('--help'), run('nothing')];
      assert.equal(help.status, 0);
      assert.equal(wrong.status, 2);
      for (const name of Object.keys(GROUPS[group as keyof typeof GROUPS])) {
        assert.ok(String(help.stdout).includes(`  ${name} `), name);
        assert.ok(String(wrong.stderr).includes(`  ${name} `), name);
      }
    }
  });
});
