import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { billOfMaterials } from './billOfMaterials.ts';
import { joinComponents } from './Component.ts';
import { changeSection } from './changeSection.ts';
import { type Checkout, copySources, readCheckout } from './checkout.ts';
import { publicKeyOf, sha256Of, signChecksums, writeChecksums } from './checksums.ts';
import { keepOneMachine, makeDebianPackage } from './debianPackage.ts';
import { debianVersion } from './debianControl.ts';
import { type BuiltProgram, buildProgram, type Target, TARGETS } from './buildProgram.ts';
import { installPackage } from './installedPackage.ts';
import { licenceTexts, requireLicences } from './licenceTexts.ts';
import { linkedModules } from './linkedModules.ts';
import { fetchNode } from './nodeRuntime.ts';
import { type Program, PROGRAMS } from './programs.ts';
import { releaseNotes } from './releaseNotes.ts';
import { hasTool, ReleaseError, runTool } from './runTool.ts';
import { shippedPackages } from './shippedPackages.ts';

/** Choices of a releaser. */
export interface ReleaseChoice {
  /** The project's folder. */
  readonly root: string;
  /** Folder of the release; an earlier release in it is replaced. */
  readonly out: string;
  readonly targets: readonly Target[];
  /** Signers are recovered in C: faster, and the same bytes only with the same C compiler. */
  readonly withC: boolean;
  /** Builds once, without the second build that is compared. */
  readonly once: boolean;
  /** File of the key that signs. */
  readonly key: string | undefined;
  /** Is told each step. */
  readonly say: (text: string) => void;
}

/** A release that was made. */
export interface Release {
  readonly version: string;
  readonly commit: string;
  readonly dirty: boolean;
  /** True if two builds in two folders gave the same bytes; undefined if there was only one. */
  readonly reproduced: true | undefined;
  /** Public part of the key that signed; undefined if it is not signed. */
  readonly signedBy: string | undefined;
  readonly programs: readonly BuiltProgram[];
  /** SHA-256 of each file, by its name. */
  readonly files: Readonly<Record<string, string>>;
}

/** File that says what a release is, for programs. */
const ABOUT = 'release.json';

/**
 * Makes a release in a folder: the programs in Go, the npm package, Debian packages, the bill of materials, licences, notes,
 * checksums and their signature. The folder is as it was before until all of it is made.
 *
 * @throws ReleaseError with what is missing or wrong, such as a version without changes in the change log.
 */
export function makeRelease(choice: ReleaseChoice): Release {
  const { root, out, targets, withC, once, key, say } = choice;
  const checkout = readCheckout(root);
  const changes = changeSection(readFileSync(join(root, 'CHANGELOG.md'), 'utf8'), checkout.version);
  const signedBy = requireReady(choice, checkout);
  const { label, commit, dirty, date } = checkout;
  say(`Medseal ${label}, commit ${commit}`);
  if (dirty) say('Files differ from the commit: this release is called -dirty, and is not signed.');

  // Copies of the checkout build with what is installed here.
  runTool(process.execPath, ['scripts/installTools.ts'], root);
  const work = mkdtempSync(join(tmpdir(), 'medseal-release-'));
  try {
    const made = join(work, 'release');
    mkdirSync(made);
    say('Licences of all that is shipped …');
    const linked = targets.flatMap((target) =>
      PROGRAMS.map((program) => linkedModules(program, root, target, withC)),
    );
    const others = [...shippedPackages(root), ...linked.flatMap((each) => each.components)];
    requireLicences(
      others,
      linked.flatMap(({ packages }) => packages),
    );

    // The names differ in length: a path that gets into a program moves what follows.
    const sources = join(work, 'first');
    const built = build(choice, checkout, sources, made);
    if (!once) {
      const again = join(work, 'again');
      mkdirSync(again);
      build(choice, checkout, join(work, 'the-second-folder'), again);
      requireSame(made, again);
    }

    const installed = join(work, 'installed');
    say('Packages that the npm package needs …');
    installPackage(join(made, `medseal-${label}.tgz`), installed);
    const nodes = targets.map((target) => {
      const folder = join(work, `node-${TARGETS[target].npm}`);
      mkdirSync(folder);
      return fetchNode(target, folder);
    });
    const components = joinComponents([...others, ...nodes.map(({ component }) => component)]);
    const bill = `${JSON.stringify(billOfMaterials({ version: label, commit, date }, components), null, 2)}\n`;
    const licences = licenceTexts(components);
    const notes = releaseNotes(checkout, changes, built, components, signedBy);
    for (const [at, target] of targets.entries()) {
      const { debian, npm } = TARGETS[target];
      const name = `medseal_${debianVersion(label)}_${debian}.deb`;
      say(`Debian package for ${debian} …`);
      const own = join(work, `installed-${debian}`);
      cpSync(installed, own, { recursive: true, verbatimSymlinks: true });
      keepOneMachine(own, npm);
      const parts = {
        label,
        machine: debian,
        sources,
        installed: own,
        node: nodes[at]?.program ?? '',
        programs: Object.fromEntries(
          PROGRAMS.map((each) => [each.file, join(made, fileOf(each, label, target))]),
        ),
        glibc: built.flatMap((each) => (each.target === target ? (each.glibc ?? []) : [])),
        texts: { 'licences.txt': licences, 'bill.cdx.json': bill },
        date,
      };
      makeDebianPackage(parts, join(work, `debian-${debian}`), join(made, name));
    }

    writeFileSync(join(made, `medseal-${label}.cdx.json`), bill);
    writeFileSync(join(made, `medseal-${label}-licences.txt`), licences);
    writeFileSync(join(made, 'NOTES.md'), notes);
    copyFileSync(join(sources, 'deploy/Containerfile'), join(made, 'Containerfile'));
    const about = {
      version: label,
      commit,
      dirty,
      date: new Date(date * 1000).toISOString(),
      node: process.versions.node,
      programs: built,
    };
    writeFileSync(join(made, ABOUT), `${JSON.stringify(about, null, 2)}\n`);
    writeChecksums(made);
    if (key !== undefined) signChecksums(made, key);
    const files = Object.fromEntries(
      readdirSync(made).map((name) => [name, sha256Of(join(made, name))]),
    );
    putInPlace(made, out);
    return {
      version: label,
      commit,
      dirty,
      reproduced: once ? undefined : true,
      signedBy,
      programs: built,
      files,
    };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Requires everything that would otherwise be missing after minutes; returns the public key. */
function requireReady({ out, key }: ReleaseChoice, { dirty }: Checkout): string | undefined {
  if (
    existsSync(out) &&
    (!statSync(out).isDirectory() || (readdirSync(out).length > 0 && !existsSync(join(out, ABOUT))))
  ) {
    throw new ReleaseError(
      `${out} holds something else than a release: nothing in it is replaced. Name another folder with --out.`,
    );
  }
  if (dirty && key !== undefined) {
    throw new ReleaseError(
      'Files differ from the commit: such a release is not signed. Commit them, or leave out --key.',
    );
  }
  for (const [tool, where] of [
    ['go', 'Go 1.25 or newer (https://go.dev/dl)'],
    ['dpkg-deb', 'dpkg, which Debian and its like have'],
    ['tar', 'tar'],
  ] as const) {
    if (!hasTool(tool))
      throw new ReleaseError(`A release needs ${where}: ${tool} is not on this machine.`);
  }
  return key === undefined ? undefined : publicKeyOf(key);
}

function fileOf({ file }: Program, label: string, target: Target): string {
  return `${file}-${label}-linux-${TARGETS[target].debian}`;
}

/** Builds the programs and the npm package from a copy of the sources. */
function build(
  { root, targets, withC, say }: ReleaseChoice,
  { version, label }: Checkout,
  copy: string,
  into: string,
): readonly BuiltProgram[] {
  copySources(root, copy);
  const built = targets.flatMap((target) =>
    PROGRAMS.map((program) => {
      say(`${program.file} for ${target}${withC && program.mayHaveC ? ', with C' : ''} …`);
      const path = join(into, fileOf(program, label, target));
      return buildProgram(program, copy, target, { withC, version: label }, path);
    }),
  );
  say('npm package …');
  runTool('npm', ['pack', '--silent', '--pack-destination', into], copy);
  if (label !== version)
    renameSync(join(into, `medseal-${version}.tgz`), join(into, `medseal-${label}.tgz`));
  return built;
}

/** @throws ReleaseError that names the files that differ. */
function requireSame(first: string, second: string): void {
  const differ = readdirSync(first).filter(
    (name) => sha256Of(join(first, name)) !== sha256Of(join(second, name)),
  );
  if (differ.length === 0) return;
  throw new ReleaseError(`Two builds in two folders gave different bytes: ${differ.join(', ')}.`);
}

/** Replaces an earlier release in one step, on the file system that it lies on. */
function putInPlace(made: string, out: string): void {
  mkdirSync(dirname(resolve(out)), { recursive: true });
  const beside = mkdtempSync(join(dirname(resolve(out)), `.${basename(resolve(out))}-`));
  try {
    cpSync(made, join(beside, 'new'), { recursive: true });
    if (existsSync(out)) renameSync(out, join(beside, 'former'));
    renameSync(join(beside, 'new'), out);
  } finally {
    rmSync(beside, { recursive: true, force: true });
  }
}
