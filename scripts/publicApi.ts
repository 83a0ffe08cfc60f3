import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { docAbove, docOf, parseDeclarations, type ParsedFile } from './parseDeclarations.ts';
import { walk, type SyntaxNode } from './parseTypeScript.ts';
import { ROOT } from './sdkPrograms.ts';

/** Exports of one entry point of the package. */
export interface EntryPoint {
  /** Name to import from, such as `medseal/client`. */
  readonly name: string;
  /** The docstring of the entry point's file. */
  readonly doc: string;
  /** The entry point's file among the declarations. */
  readonly file: string;
  readonly exports: readonly PublicExport[];
}

/** One thing that is exported. */
export interface PublicExport {
  readonly name: string;
  readonly kind: 'function' | 'class' | 'value' | 'type';
  /** Its docstring, without the marks of a comment. */
  readonly doc: string;
  /** Its declaration, as the compiler wrote it. */
  readonly text: string;
  /** Names of its parameters; undefined for one without a name. */
  readonly parameters: readonly (string | undefined)[];
  /** File and name of its declaration, so that an export that two entry points share is known as one. */
  readonly home: string;
  /** Types of this project that the declaration names, as `home` says it. */
  readonly uses: readonly string[];
}

/**
 * Reads the package's exports, from the declarations that the compiler makes of its entry points.
 *
 * @param folder - The declarations.
 * @returns The entry points, in the order of `exports` in package.json.
 */
export async function publicApi(folder: string): Promise<readonly EntryPoint[]> {
  const manifest = await readFile(join(ROOT, 'package.json'), 'utf8');
  const { exports } = JSON.parse(manifest) as { exports: Record<string, { types?: string }> };
  const reader = new DeclarationReader(folder);
  const doors: EntryPoint[] = [];
  for (const [door, { types }] of Object.entries(exports)) {
    if (types === undefined) continue;
    doors.push(await reader.door(`medseal${door.slice(1)}`, types.replace('./dist/', '')));
  }
  return doors;
}

class DeclarationReader {
  readonly #folder: string;
  readonly #files = new Map<string, Promise<ParsedFile>>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  async door(name: string, path: string): Promise<EntryPoint> {
    const file = await this.#parse(path);
    const [first] = file.comments;
    const exports: PublicExport[] = [];
    for (const node of file.program.body) {
      const from = (node['source'] as { value?: string } | null)?.value;
      if (from === undefined) continue;
      const home = resolveFrom(path, from);
      const specifiers = node['specifiers'] as { exported: { name: string } }[] | undefined;
      const names = specifiers?.map(({ exported }) => exported.name) ?? (await this.#names(home));
      for (const each of names) exports.push(await this.#export(each, home));
    }
    return { name, doc: first === undefined ? '' : docOf(first.value), file: path, exports };
  }

  /** All that a file exports. */
  async #names(path: string): Promise<readonly string[]> {
    const { program } = await this.#parse(path);
    return program.body.flatMap((node) => (isExported(node) ? namesOf(node) : []));
  }

  async #export(name: string, path: string): Promise<PublicExport> {
    const file = await this.#parse(path);
    const place = file.program.body.findIndex((node) => namesOf(node).includes(name));
    const node = file.program.body[place];
    if (node === undefined) throw new Error(`${path} declares no ${name}`);
    const declared = node['declaration'] as SyntaxNode;
    const uses = usesOf(declared, name, path, file);
    const inner = file.program.body.filter(
      (each) =>
        !isExported(each) && namesOf(each).some((local) => uses.includes(`${path}#${local}`)),
    );
    const texts = [node, ...inner].map((each) => file.source.slice(each.start, each.end));
    return {
      name,
      kind: KINDS[declared.type] ?? 'type',
      doc: docAbove(node, file.program.body, file),
      text: texts.map((text) => text.replace(/^(?:export )?(?:declare )?/, '')).join('\n\n'),
      parameters: declared.type === 'TSDeclareFunction' ? parametersOf(declared) : [],
      home: `${path}#${name}`,
      uses: [
        ...new Set([...uses, ...inner.flatMap((each) => usesOf(each, name, path, file))]),
      ].filter(
        (home) => !inner.some((each) => namesOf(each).some((local) => home === `${path}#${local}`)),
      ),
    };
  }

  async #parse(path: string): Promise<ParsedFile> {
    const known = this.#files.get(path);
    if (known !== undefined) return await known;
    const parsing = parseDeclarations(join(this.#folder, path));
    this.#files.set(path, parsing);
    return await parsing;
  }
}

const KINDS: Readonly<Record<string, PublicExport['kind']>> = {
  TSDeclareFunction: 'function',
  ClassDeclaration: 'class',
  VariableDeclaration: 'value',
};

function isExported(node: SyntaxNode): boolean {
  return node.type === 'ExportNamedDeclaration';
}

/** The names that a statement declares. */
function namesOf(node: SyntaxNode): readonly string[] {
  const declared = (node['declaration'] ?? node) as SyntaxNode;
  const several = declared['declarations'] as { id: { name: string } }[] | undefined;
  const { name } = (declared['id'] ?? {}) as { name?: string };
  return several?.map(({ id }) => id.name) ?? (name === undefined ? [] : [name]);
}

function parametersOf(declared: SyntaxNode): readonly (string | undefined)[] {
  return (declared['params'] as { name?: string }[]).map(({ name }) => name);
}

/** Types of the project that a declaration names: imported ones, and others of its own file. */
function usesOf(
  declared: SyntaxNode,
  own: string,
  path: string,
  { program }: ParsedFile,
): readonly string[] {
  const homes = new Map<string, string>();
  for (const node of program.body) {
    const from = (node['source'] as { value?: string } | null)?.value;
    if (node.type === 'ImportDeclaration' && from?.startsWith('.') === true) {
      for (const specifier of node['specifiers'] as {
        local: { name: string };
        imported: { name: string };
      }[]) {
        const home = `${resolveFrom(path, from)}#${specifier.imported.name}`;
        homes.set(specifier.local.name, home);
      }
    } else {
      for (const name of namesOf(node)) homes.set(name, `${path}#${name}`);
    }
  }
  const uses = new Set<string>();
  walk(declared, (node) => {
    const named = node['typeName'] ?? node['expression'] ?? node['exprName'];
    const { name } = (named ?? {}) as { name?: string };
    const home = name === undefined || name === own ? undefined : homes.get(name);
    if (home !== undefined) uses.add(home);
  });
  return [...uses];
}

function resolveFrom(path: string, imported: string): string {
  return join(dirname(path), imported).replace(/\.ts$/, '.d.ts');
}
