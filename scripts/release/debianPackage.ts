import {
  chmodSync,
  copyFileSync,
  cpSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import {
  CONFFILES,
  DEBIAN_SCRIPTS,
  debianControl,
  packagedUnit,
  SYSTEMD_FILES,
} from './debianControl.ts';
import { runTool } from './runTool.ts';

/** Parts of a Debian package. */
export interface DebianParts {
  /** Version by which the release's files are called. */
  readonly label: string;
  readonly machine: 'amd64' | 'arm64';
  /** Folder with the sources. */
  readonly sources: string;
  /** Folder of the installed npm package, with all that it needs. */
  readonly installed: string;
  readonly node: string;
  /** Programs in Go, by the names that they get. */
  readonly programs: Readonly<Record<string, string>>;
  /** Versions of glibc that they ask for. */
  readonly glibc: readonly string[];
  /** Texts for /usr/share/doc/medseal, by their names. */
  readonly texts: Readonly<Record<string, string>>;
  /** Seconds since 1970: the date of all files. */
  readonly date: number;
}

const LIB = 'usr/lib/medseal';

/**
 * Makes a Debian package; the same parts give the same bytes.
 *
 * @param staging - A folder for its files, which stays.
 * @param path - The package.
 */
export function makeDebianPackage(parts: DebianParts, staging: string, path: string): void {
  const { label, machine, glibc, date } = parts;
  layOut(parts, staging);
  const files = filesIn(staging);
  const kilobytes = Math.ceil(
    files.reduce((sum, file) => sum + lstatSync(join(staging, file)).size, 0) / 1024,
  );
  const control = join(staging, 'DEBIAN');
  mkdirSync(control);
  writeFileSync(join(control, 'control'), debianControl({ label, machine, kilobytes, glibc }));
  const configured = files.filter((file) => file.startsWith('etc/'));
  writeFileSync(join(control, 'conffiles'), configured.map((file) => `/${file}\n`).join(''));
  for (const [name, script] of Object.entries(DEBIAN_SCRIPTS)) {
    writeFileSync(join(control, name), script);
    chmodSync(join(control, name), 0o755);
  }
  settle(staging, date);
  // One thread: the bytes of a compressed archive depend on the number.
  const options = ['--root-owner-group', '-Zzstd', '-z9', '--threads-max=1', '--build'];
  runTool('dpkg-deb', [...options, staging, path], '.', { SOURCE_DATE_EPOCH: `${date}` });
}

function layOut({ sources, installed, node, programs, texts }: DebianParts, staging: string): void {
  const put = (file: string, text: string | Uint8Array, mode = 0o644): void => {
    mkdirSync(dirname(join(staging, file)), { recursive: true });
    writeFileSync(join(staging, file), text);
    chmodSync(join(staging, file), mode);
  };
  const source = (file: string): string => readFileSync(join(sources, file), 'utf8');
  mkdirSync(join(staging, LIB, 'bin'), { recursive: true });
  copyFileSync(node, join(staging, LIB, 'bin/node'));
  chmodSync(join(staging, LIB, 'bin/node'), 0o755);
  cpSync(installed, join(staging, LIB, 'package'), { recursive: true, verbatimSymlinks: true });
  put(
    'usr/bin/medseal',
    `#!/bin/sh\nexec /${LIB}/bin/node /${LIB}/package/dist/cli/main.js "$@"\n`,
    0o755,
  );
  for (const [name, program] of Object.entries(programs)) {
    copyFileSync(program, join(staging, LIB, name));
    chmodSync(join(staging, LIB, name), 0o755);
    // The node finds it by this name.
    symlinkSync(`../lib/medseal/${name}`, join(staging, 'usr/bin', name));
  }
  put('usr/lib/systemd/system/medseal.service', packagedUnit(source('deploy/medseal.service')));
  for (const [file, text] of Object.entries({ ...SYSTEMD_FILES, ...CONFFILES })) put(file, text);
  put('etc/medseal/prometheus-rules.yml', source('deploy/prometheus-rules.yml'));
  put('usr/share/medseal/grafana-dashboard.json', source('deploy/grafana-dashboard.json'));
  const doc = 'usr/share/doc/medseal';
  put(`${doc}/changelog.gz`, gzipSync(source('CHANGELOG.md'), { level: 9 }));
  put(
    `${doc}/copyright`,
    `Medseal is under the Apache License 2.0, as follows. The licences of its parts that others wrote are in /${doc}/licences.txt.gz.\n\n${source('LICENSE')}`,
  );
  for (const [name, text] of Object.entries(texts))
    put(`${doc}/${name}.gz`, gzipSync(text, { level: 9 }));
}

/** Lists files and links below a folder. */
function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => !lstatSync(join(folder, path)).isDirectory())
    .toSorted();
}

/** Gives all files the modes that a package has for everybody, and one date. */
function settle(folder: string, date: number): void {
  for (const path of ['', ...readdirSync(folder, { recursive: true, encoding: 'utf8' })]) {
    const whole = join(folder, path);
    const stats = lstatSync(whole);
    if (!stats.isSymbolicLink())
      chmodSync(whole, stats.isDirectory() || (stats.mode & 0o100) !== 0 ? 0o755 : 0o644);
    lutimesSync(whole, date, date);
  }
}

/**
 * Removes from an installed package what is for other machines: programs that its libraries bring along for each.
 *
 * @param installed - Folder of the npm package, with all that it needs.
 * @param machine - The machine in the names that npm's packages use.
 */
export function keepOneMachine(installed: string, machine: 'x64' | 'arm64'): void {
  const modules = join(installed, 'node_modules');
  for (const path of readdirSync(modules, { recursive: true, encoding: 'utf8' })) {
    if (!/(?:^|\/)prebuilds\/[^/]+$/.test(path)) continue;
    if (!path.endsWith(`/linux-${machine}`)) rmSync(join(modules, path), { recursive: true });
  }
}
