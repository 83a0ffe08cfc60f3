import { docParts } from './docParts.ts';
import type { EntryPoint, PublicExport } from './publicApi.ts';
import { TAKEN_FOR_GRANTED } from './takenForGranted.ts';

const HEAD = `# API

Everything that the package exports, by entry point. This page is generated from the declarations and docstrings; the
SDK guide shows how the pieces fit together. Bytes in hexadecimal begin with \`0x\`; a moment is in Unix seconds; every
error is a \`MedsealError\` with one of the codes of \`catalogue\`.

Examples import what the entry point exports, and take these for granted: ${granted()}.
`;

const KINDS = [
  ['function', 'Functions'],
  ['class', 'Classes'],
  ['value', 'Values'],
  ['type', 'Types'],
] as const;

/** A declaration over this length says little to a reader: the ABI of a contract, or its bytecode. */
const LONGEST = 2_500;

/**
 * Returns the package's exports as a page in Markdown: `dist/api.md` of the package.
 *
 * @param doors - The entry points; a shared export stands under the first.
 */
export function apiPage(doors: readonly EntryPoint[]): string {
  const shown = new Set<string>();
  const parts = doors.map(({ name, doc, exports }) => {
    const { text, examples } = docParts(doc);
    const own = exports.filter(({ home }) => !shown.has(home));
    const shared = exports.filter(({ home }) => shown.has(home)).map((each) => each.name);
    for (const { home } of own) shown.add(home);
    const also = shared.length === 0 ? [] : [`Also here: ${shared.map(link).join(', ')}.`];
    const groups = KINDS.flatMap(([kind, title]) => groupOf(own, kind, title));
    return [`## ${name}`, text, ...examples, ...also, ...groups].join('\n\n');
  });
  return `${HEAD}\n${parts.join('\n\n')}\n`;
}

/**
 * Finds faults of public exports: no docstring, a parameter without a description, a type that is named and not exported.
 *
 * @param doors - The entry points.
 * @param inside - Types that may be named without being exported.
 * @returns A sentence each.
 */
export function apiFaults(
  doors: readonly EntryPoint[],
  inside: readonly string[],
): readonly string[] {
  const homes = new Set(inside);
  for (const { home } of doors.flatMap(({ exports }) => exports)) homes.add(home);
  const faults = new Set<string>();
  for (const { name: door, exports } of doors) {
    for (const { name, doc, parameters, uses } of exports) {
      const what = `${name} of ${door}`;
      const { text, tags } = docParts(doc);
      if (text === '') faults.add(`${what} has no docstring`);
      const documented = tags.filter(({ tag }) => tag === 'param').map((tag) => tag.name);
      for (const parameter of parameters) {
        const isThere =
          parameter === undefined
            ? documented.length >= parameters.length
            : documented.some((each) => each.split('.')[0] === parameter);
        if (!isThere) faults.add(`${what} does not say what ${parameter ?? 'a parameter'} is`);
      }
      for (const home of uses) {
        if (!homes.has(home)) faults.add(`${what} names ${home}, which no entry point exports`);
      }
    }
  }
  return [...faults];
}

function groupOf(
  exports: readonly PublicExport[],
  kind: PublicExport['kind'],
  title: string,
): string[] {
  const group = exports.filter((each) => each.kind === kind);
  if (group.length === 0) return [];
  const sorted = group.toSorted((left, right) => (left.name < right.name ? -1 : 1));
  return [`### ${title}`, ...sorted.map(describe)];
}

function describe({ name, doc, text: declaration }: PublicExport): string {
  const { text, tags, examples } = docParts(doc);
  const code =
    declaration.length > LONGEST
      ? `${declaration.slice(0, declaration.search(/ ?[:=]/))};`
      : declaration;
  const lines = tags.map(({ tag, name: of, text: said }) => {
    if (tag === 'param') return `- \`${of}\`: ${said}`;
    return tag === 'returns' ? `- Returns: ${said}` : `- Throws: ${said}`;
  });
  const list = lines.length === 0 ? [] : [lines.join('\n')];
  return [`#### ${name}`, text, fenced(code), ...list, ...examples].join('\n\n');
}

function fenced(code: string): string {
  return `\`\`\`ts\n${code}\n\`\`\``;
}

function granted(): string {
  return Object.entries(TAKEN_FOR_GRANTED)
    .map(([name, type]) => `\`${name}: ${type}\``)
    .join(', ');
}

function link(name: string): string {
  return `[\`${name}\`](#${name.toLowerCase()})`;
}
