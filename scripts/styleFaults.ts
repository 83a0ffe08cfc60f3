import { dirname, join } from 'node:path';
import { parseTypeScript, walk, type SyntaxNode } from './parseTypeScript.ts';

/** Texts of files, by their paths. */
export type Texts = ReadonlyMap<string, string>;

/** Classes that a style sheet names, each `owned` one first in its place, each `added` one behind such a one. */
interface Sheet {
  readonly owned: ReadonlySet<string>;
  readonly added: ReadonlySet<string>;
}

/** Classes that a component uses. */
interface Uses {
  /** Those that it writes as words. */
  readonly written: ReadonlySet<string>;
  /** Those of modules, as `path class`; `path *` if it computes the name. */
  readonly asked: ReadonlySet<string>;
}

/**
 * Finds looks that could reach beyond their component, and classes that lead nowhere.
 *
 * @param sheets - All style sheets.
 * @param components - All files with elements.
 * @returns A sentence each.
 */
export async function styleFaults(sheets: Texts, components: Texts): Promise<readonly string[]> {
  const read = new Map([...sheets].map(([path, text]) => [path, readSheet(text)]));
  const uses = await Promise.all(
    [...components].map(async ([path, text]) => [path, await usesOf(path, text)] as const),
  );
  return [
    ...[...sheets].flatMap(([path, text]) => faultsWithin(path, text)),
    ...faultsBetween(read),
    ...uses.flatMap(([path, used]) => unknownIn(path, used, read)),
    ...unused(
      read,
      uses.map(([, used]) => used),
    ),
  ];
}

function isModule(path: string): boolean {
  return path.endsWith('.module.css');
}

/** Selectors of a sheet, without those of key frames. */
function selectorsOf(text: string): readonly string[] {
  const rules = text.replaceAll(/\/\*[\s\S]*?\*\//g, '').matchAll(/([^{};]+)\{/g);
  return [...rules]
    .map(([, selector = '']) => selector.trim())
    .filter((selector) => !/^(?:@|from$|to$|\d+%)/.test(selector));
}

/** The classes of each element that a selector names; `:where(.x)` and `:is(.x)` are of the element that they stand at. */
function namedIn(selector: string): readonly (readonly string[])[] {
  const plain = selector.replaceAll(/:(?:where|is)\((\.[\w-]+)\)/g, '$1');
  return [...plain.matchAll(/(?:\.[a-zA-Z][\w-]*)+/g)].map(([all]) => all.slice(1).split('.'));
}

function readSheet(text: string): Sheet {
  const named = selectorsOf(text).flatMap(namedIn);
  return {
    owned: new Set(named.flatMap(([first]) => first ?? [])),
    added: new Set(named.flatMap(([, ...others]) => others)),
  };
}

function faultsWithin(path: string, text: string): readonly string[] {
  const selectors = selectorsOf(text);
  const global = selectors.filter((each) => each.includes(':global'));
  const reaching = path.endsWith('/base.css')
    ? selectors
        .flatMap((each) => each.split(','))
        .filter((each) => /\.[a-z].*[\s>+~]/.test(each.trim()))
    : [];
  // A drawing below a component has a look of its own, such as that of an icon.
  const drawings = selectors
    .flatMap((each) => each.split(','))
    .filter((each) => /[^\s>+~]\s+svg\b/.test(each));
  return [
    ...global.map((each) => `${path}: ${each} reaches out of its module`),
    ...drawings.map((each) => `${path}: ${each.trim()} reaches the icons of other components`),
    ...reaching.map((each) => `${path}: ${each.trim()} depends on the class of a parent`),
  ];
}

/** A class that two sheets name would have the look of both. */
function faultsBetween(read: ReadonlyMap<string, Sheet>): readonly string[] {
  const faults: string[] = [];
  const owners = new Map<string, string>();
  for (const [path, { owned }] of read) {
    for (const name of owned) {
      const other = owners.get(name);
      if (other !== undefined) faults.push(`${path}: .${name} is a class of ${other}`);
      owners.set(name, path);
    }
  }
  for (const [path, { added }] of read) {
    for (const name of added) {
      const other = owners.get(name) ?? path;
      if (other !== path) faults.push(`${path}: .${name} is a class of ${other}`);
    }
  }
  return faults;
}

function unknownIn(path: string, uses: Uses, read: ReadonlyMap<string, Sheet>): readonly string[] {
  const plain = [...read].filter(([sheet]) => !isModule(sheet));
  const words = [...uses.written].filter((name) => plain.every(([, sheet]) => !has(sheet, name)));
  const asked = [...uses.asked].filter((each) => {
    const [sheet = '', name = ''] = each.split(' ');
    const classes = read.get(sheet);
    return name !== '*' && (classes === undefined || !has(classes, name));
  });
  return [
    ...words.map((name) => `${path}: no style sheet for all screens has the class ${name}`),
    ...asked.map((each) => `${path}: there is no such class: ${each}`),
  ];
}

function unused(read: ReadonlyMap<string, Sheet>, uses: readonly Uses[]): readonly string[] {
  const written = new Set(uses.flatMap((each) => [...each.written]));
  const asked = new Set(uses.flatMap((each) => [...each.asked]));
  return [...read].flatMap(([path, { owned, added }]) =>
    [...new Set([...owned, ...added])]
      .filter((name) =>
        isModule(path)
          ? !asked.has(`${path} ${name}`) && !asked.has(`${path} *`)
          : !written.has(name),
      )
      .map((name) => `${path}: nothing uses the class ${name}`),
  );
}

function has({ owned, added }: Sheet, name: string): boolean {
  return owned.has(name) || added.has(name);
}

async function usesOf(path: string, text: string): Promise<Uses> {
  const written = new Set<string>();
  const asked = new Set<string>();
  const sheets = new Map<string, string>();
  walk(await parseTypeScript(text), (node) => {
    if (node.type === 'ImportDeclaration') {
      const from = (node['source'] as { readonly value: string }).value;
      const [first] = node['specifiers'] as readonly { readonly local: Named }[];
      if (isModule(from) && first !== undefined) {
        sheets.set(first.local.name, join(dirname(path), from).replaceAll('\\', '/'));
      }
    }
    if (node.type === 'MemberExpression') {
      const { name } = node['object'] as Named;
      const sheet = sheets.get(name);
      if (sheet !== undefined) asked.add(`${sheet} ${nameAsked(node)}`);
    }
    const isAttribute =
      node.type === 'JSXAttribute' && (node['name'] as Named).name === 'className';
    const isProperty =
      node.type === 'ObjectProperty' && (node['key'] as Named).name === 'className';
    if (isAttribute || isProperty) for (const word of wordsIn(node['value'])) written.add(word);
  });
  return { written, asked };
}

interface Named {
  readonly name: string;
}

/** The class that `classes.name` or `classes['name']` asks for; `*` if it is computed. */
function nameAsked({ computed, property }: SyntaxNode): string {
  const { name, type, value } = property as Partial<Named & { type: string; value: string }>;
  if (computed !== true) return name ?? '*';
  return type === 'StringLiteral' && value !== undefined ? value : '*';
}

/** Words that an expression can give as classes. */
function wordsIn(value: unknown): readonly string[] {
  const node = value as (SyntaxNode & { readonly value: unknown }) | null;
  if (node === null) return [];
  switch (node.type) {
    case 'StringLiteral':
      return String(node.value).split(/\s+/).filter(Boolean);
    case 'TemplateElement':
      return (node.value as { readonly raw: string }).raw.split(/\s+/).filter(Boolean);
    case 'TemplateLiteral':
      return [node['quasis'], node['expressions']].flatMap((each) =>
        (each as unknown[]).flatMap(wordsIn),
      );
    case 'JSXExpressionContainer':
      return wordsIn(node['expression']);
    case 'ConditionalExpression':
      return [node['consequent'], node['alternate']].flatMap(wordsIn);
    case 'LogicalExpression':
      return [node['left'], node['right']].flatMap(wordsIn);
    default:
      return [];
  }
}
