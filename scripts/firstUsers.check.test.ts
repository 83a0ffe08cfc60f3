import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { describe, it } from 'node:test';
import { namesTaken, type NameTaken } from './namesTaken.ts';
import { isTestFile } from './rooms.ts';

const root = new URL('..', import.meta.url);

/** Names that the first users take and the package does not give, with the reason of each. */
const INNER: Readonly<Record<string, string>> = {
  CONTACT_CARD:
    'a part of shapes of what verbs print; the package has its type, and `parseContactCard`',
  DeviceBook: 'its rules are shapes of ours; other programs store lists of their own by `aloneOn`',
  MISTAKE: 'a part of shapes of what verbs print; the package has its type',
};

/** Entry points of the package that are in the client, which is the part of it that programs of others call. */
function doors(): readonly string[] {
  const { exports } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as {
    exports: Readonly<Record<string, string | { readonly types: string }>>;
  };
  return Object.values(exports)
    .flatMap((door) => (typeof door === 'string' ? [] : [door.types]))
    .map((types) => types.replace('./dist/', 'src/').replace('.d.ts', '.ts'))
    .filter((path) => path.startsWith('src/client/'));
}

async function takenIn(path: string): Promise<readonly NameTaken[]> {
  const taken = await namesTaken(readFileSync(new URL(path, root), 'utf8'));
  return taken.map(({ name, from }) => ({ name, from: posix.join(posix.dirname(path), from) }));
}

/** Lists the names that the command line and the portal take from files of the client, entry points apart. */
async function takenPast(
  paths: readonly string[],
): Promise<readonly (NameTaken & { readonly user: string })[]> {
  const files = globSync(['src/cli/**/*.ts', 'portal/src/**/*.{ts,tsx}'], { cwd: root });
  const found = await Promise.all(
    files
      .filter((user) => !isTestFile(user))
      .map(async (user) => (await takenIn(user)).map((each) => ({ ...each, user }))),
  );
  return found.flat().filter(({ from }) => from.startsWith('src/client/') && !paths.includes(from));
}

describe('the command line and the portal, the first users of the client', () => {
  it('take from it only what programs of others can take from the package, by whichever path', async () => {
    const paths = doors();
    assert.deepEqual(paths, ['src/client/index.ts']);
    const exported = (await Promise.all(paths.map(takenIn))).flat();
    const ofClient = exported.filter(({ from }) => from.startsWith('src/client/'));
    const given = new Set(ofClient.map(({ name }) => name));
    const taken = await takenPast(paths);
    assert.ok(taken.length > 300, `${taken.length} names`);
    const past = taken.filter(({ name }) => !given.has(name));
    const unexplained = past.filter(({ name }) => !Object.hasOwn(INNER, name));
    assert.deepEqual(
      unexplained.map(({ user, name, from }) => `${user} takes ${name} of ${from}`),
      [],
    );
    const unused = Object.keys(INNER).filter((inner) => past.every(({ name }) => name !== inner));
    assert.deepEqual(unused, [], 'a reason for a name that nobody takes past the entry points');
  });
});

describe('namesTaken', () => {
  const forms: [string, readonly string[]][] = [
    [`import { a, type B, c as d } from './a.ts';`, ['a', 'B', 'c']],
    [`import type { A } from './a.ts';`, ['A']],
    [`export { a as b, type C } from './a.ts';`, ['a', 'C']],
    [`import * as all from './a.ts';`, ['*']],
    [`import one from './a.ts';`, ['default']],
    [`import './a.ts';`, ['*']],
    [`export * from './a.ts';`, ['*']],
    [`const { a, b: c } = await import('./a.ts');`, ['a', 'b']],
    [`const all = await import('./a.ts');`, ['*']],
    [`export type A = import('./a.ts').B;`, ['B']],
    [`export type A = typeof import('./a.ts');`, ['*']],
    [`import { readFile } from 'node:fs/promises';`, []],
    [`export const a = "import { b } from './a.ts'";`, []],
  ];
  for (const [source, expected] of forms) {
    it(`reads ${source}`, async () => {
      const taken = await namesTaken(source);
      assert.deepEqual(
        taken,
        expected.map((name) => ({ name, from: './a.ts' })),
      );
    });
  }
});
