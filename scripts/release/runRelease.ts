/**
 * Makes a release: everything that an operator installs, with checksums. Run it as `npm run release`; docs/run/release.md
 * says what is in it.
 */
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type Target, TARGETS } from './buildProgram.ts';
import { makeRelease } from './makeRelease.ts';
import { describeProgram } from './releaseNotes.ts';
import { ReleaseError } from './runTool.ts';

const HELP = `npm run release -- [--out DIR] [--target linux/amd64]… [--key FILE] [--once] [--with-c] [--json]
  make a release of the version in package.json, from the checkout's commit: the engine and a Debian package for each
  target, the npm package, a bill of materials, licences, notes and checksums

  --out DIR        folder of the release; an earlier release in it is replaced (default: dist-release)
  --target NAME    linux/amd64 or linux/arm64; both if it is not given
  --key FILE       sign the checksums with this Ed25519 key (ssh-keygen -t ed25519)
  --once           build once; without it, two builds in two folders are compared
  --with-c         recover signers in C: faster, and reproduced only with the same C compiler
  --json           print one line of JSON
  --help           print this`;

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

function isTarget(name: string): name is Target {
  return Object.hasOwn(TARGETS, name);
}

function readChoice(): Parameters<typeof makeRelease>[0] & {
  readonly json: boolean;
  readonly help: boolean;
} {
  const { values } = parseArgs({
    options: {
      out: { type: 'string' },
      target: { type: 'string', multiple: true, default: Object.keys(TARGETS) },
      key: { type: 'string' },
      once: { type: 'boolean', default: false },
      'with-c': { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const { target, key, once, json, help, 'with-c': withC } = values;
  const root = join(import.meta.dirname, '../..');
  const targets = [...new Set(target)].filter(isTarget);
  const unknown = target.find((name) => !isTarget(name));
  if (unknown !== undefined)
    throw new TypeError(`--target must be ${Object.keys(TARGETS).join(' or ')} (got ${unknown})`);
  // npm runs scripts in the project's folder, wherever it was called.
  const from = process.env['INIT_CWD'] ?? process.cwd();
  const out = values.out === undefined ? join(root, 'dist-release') : resolve(from, values.out);
  return {
    root,
    out,
    targets,
    withC,
    once,
    json,
    help,
    key: key === undefined ? undefined : resolve(from, key),
    say,
  };
}

function main(): number {
  let choice: ReturnType<typeof readChoice>;
  try {
    choice = readChoice();
  } catch (error) {
    say(`${(error as Error).message}\n\n${HELP}`);
    return 2;
  }
  const { json, help, out, key } = choice;
  if (help) {
    console.log(HELP);
    return 0;
  }
  try {
    const release = makeRelease(choice);
    if (json) {
      console.log(JSON.stringify({ folder: out, ...release }));
      return 0;
    }
    for (const program of release.programs) console.log(describeProgram(program));
    for (const [name, sha256] of Object.entries(release.files)) console.log(`${sha256}  ${name}`);
    console.log(
      release.reproduced === true
        ? 'Two builds in two folders gave the same bytes.'
        : 'It was built once: no second build was compared.',
    );
    console.log(`Medseal ${release.version} is in ${out}.`);
    console.log(
      release.signedBy === undefined
        ? 'It is NOT signed: name a key with --key.'
        : `It is signed by ${release.signedBy} (${key}).`,
    );
    return 0;
  } catch (error) {
    if (!(error instanceof ReleaseError)) throw error;
    say(error.message);
    return 1;
  }
}

process.exitCode = main();
