import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { type Component, LICENCE_FILE } from './Component.ts';
import { type Target, goEnvironment, PURE_TAGS } from './buildProgram.ts';
import { nameLicences } from './licenceRules.ts';
import type { Program } from './programs.ts';
import { runTool } from './runTool.ts';

interface GoModule {
  readonly Path: string;
  readonly Version?: string;
  readonly Dir?: string;
  readonly Main?: boolean;
  readonly Replace?: GoModule;
}

interface GoPackage {
  readonly ImportPath: string;
  readonly Dir: string;
  readonly Standard?: boolean;
  readonly Module?: GoModule;
  readonly CgoFiles?: readonly string[];
}

/** Modules that have no file with a licence, and the source whose first lines name it. */
const STATED_IN: Readonly<Record<string, string>> = {
  'github.com/holiman/bloomfilter/v2': 'bloomfilter.go',
};

/** Go modules and Go itself, as far as one program is linked from them. */
export interface Linked {
  readonly components: readonly Component[];
  /** Import paths of all packages. */
  readonly packages: readonly string[];
}

/**
 * Lists what a program of a target is linked from: the modules of its packages, with the texts of their licences, and Go's
 * own library. A module without a licence that is known here has `NOASSERTION`, which is refused.
 *
 * @param root - Folder of the project's sources.
 */
export function linkedModules(
  { folder, mayHaveC }: Program,
  root: string,
  target: Target,
  withC: boolean,
): Linked {
  const sources = join(root, folder);
  const env = goEnvironment(target, withC && mayHaveC);
  const fields = '-json=ImportPath,Dir,Standard,Module,CgoFiles';
  const listed = runTool(
    'go',
    ['list', '-deps', '-mod=readonly', PURE_TAGS, fields, '.'],
    sources,
    env,
  );
  const packages = JSON.parse(
    `[${listed.trim().replaceAll(/^\}\n\{$/gm, '},\n{')}]`,
  ) as GoPackage[];
  const sums = sumsOf(readFileSync(join(sources, 'go.sum'), 'utf8'));
  const texts = new Map<string, Map<string, string>>();
  const modules = new Map<string, GoModule>();
  for (const each of packages) {
    const named = each.Module;
    const used = named?.Replace ?? named;
    if (used === undefined || used.Main === true || used.Dir === undefined) continue;
    modules.set(used.Path, used);
    const found = texts.get(used.Path) ?? new Map<string, string>();
    texts.set(used.Path, found);
    readTexts(used.Dir, each.Dir, found);
    const source = STATED_IN[used.Path];
    if (source !== undefined) {
      const [comment = ''] = readFileSync(join(used.Dir, source), 'utf8').split('\npackage ');
      found.set(source, comment);
    }
    // Libraries in C lie in folders that hold no Go.
    if ((each.CgoFiles?.length ?? 0) > 0) readTextsBelow(used.Dir, each.Dir, found);
  }
  const components = [...modules.values()].map(
    ({ Path: name, Version: version = '' }): Component => {
      const found = texts.get(name) ?? new Map<string, string>();
      const sum = sums.get(`${name} ${version}`);
      return {
        purl: `pkg:golang/${name}@${version}`,
        name,
        version,
        licence: nameLicences(found) ?? 'NOASSERTION',
        texts: found,
        parts: [folder],
        ...(sum !== undefined && { sum }),
      };
    },
  );
  const [goRoot = '', version = ''] = runTool('go', ['env', 'GOROOT', 'GOVERSION'], sources, env)
    .trim()
    .split('\n');
  const go: Component = {
    purl: `pkg:golang/std@${version.replace(/^go/, '')}`,
    name: 'std',
    version: version.replace(/^go/, ''),
    licence: 'BSD-3-Clause',
    texts: new Map([['LICENSE', readFileSync(join(goRoot, 'LICENSE'), 'utf8')]]),
    parts: [folder],
  };
  return {
    components: [go, ...components],
    packages: packages.map(({ ImportPath }) => ImportPath),
  };
}

/** The sums of modules, without those of their `go.mod` alone. */
function sumsOf(text: string): ReadonlyMap<string, string> {
  const lines = text.split('\n').map((line) => line.split(' '));
  return new Map(lines.map(([name, version, sum = '']) => [`${name} ${version}`, sum]));
}

/** Reads the licences in a package's folder and those above it, up to its module's. */
function readTexts(module: string, folder: string, into: Map<string, string>): void {
  for (let at = folder; ; at = dirname(at)) {
    for (const entry of readdirSync(at, { withFileTypes: true })) {
      if (!entry.isFile() || !LICENCE_FILE.test(entry.name)) continue;
      const path = join(at, entry.name);
      into.set(relative(module, path), readFileSync(path, 'utf8'));
    }
    if (at === module || !at.startsWith(module)) return;
  }
}

function readTextsBelow(module: string, folder: string, into: Map<string, string>): void {
  for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!LICENCE_FILE.test(path.slice(path.lastIndexOf('/') + 1)) || path.endsWith('.go')) continue;
    const whole = join(folder, path);
    into.set(relative(module, whole), readFileSync(whole, 'utf8'));
  }
}
