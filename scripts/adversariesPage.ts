import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
const TESTS = [
  '{src,demo,portal,proof,scripts}/**/*.{test,cases}.ts',
  'contracts/**/*.t.sol',
  'engine/**/*_test.go',
];
const TAG = /^\s*\/\/ @(peer|actor|attack|class) (.+) \| (.+)$/;
const TITLE = /(['"`])((?:\\.|(?!\1).)+)\1|\bfunc(?:tion)? (\w+)/;

/** Kinds of tags, with the heading and the columns of their rows. */
const KINDS = {
  peer: ['Weaknesses of other systems', 'weakness', 'here'],
  actor: ['Actors', 'who', 'tries'],
  attack: ['Attacks that were tried', 'attack', 'what stops it'],
  class: ['Classes of faults', 'class', 'tries'],
} as const;

/** A tag in front of a test: an attack, and what becomes of it. */
export interface AdversaryTag {
  readonly kind: keyof typeof KINDS;
  readonly who: string;
  readonly what: string;
  readonly file: string;
  /** Title of the test, or name of its function. */
  readonly test: string;
}

/**
 * Reads the tags of all tests: `// @KIND who | what` in front of the title that the test has, of whichever kind.
 *
 * @throws Error if no title follows a tag.
 */
export function adversaryTags(): readonly AdversaryTag[] {
  const files = TESTS.flatMap((pattern) => globSync(pattern, { cwd: ROOT }))
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => !path.includes('node_modules'));
  return files.toSorted().flatMap(tagsIn);
}

function tagsIn(file: string): readonly AdversaryTag[] {
  const lines = readFileSync(join(ROOT, file), 'utf8').split('\n');
  return lines.flatMap((line, place) => {
    const [, kind, who = '', what = ''] = TAG.exec(line) ?? [];
    if (kind === undefined) return [];
    const after = lines.slice(place + 1).find((next) => !TAG.test(next)) ?? '';
    const [, , title, name] = TITLE.exec(after) ?? [];
    const test = (title ?? name)?.replaceAll(/\\(.)/g, '$1');
    if (test === undefined) throw new Error(`${file}:${place + 1}: no title follows the tag`);
    return [{ kind: kind as AdversaryTag['kind'], who, what, file, test }];
  });
}

const HEAD = `# Attacks and their tests

This page is generated from the tags of the tests. Each row is an attack, and a test in which it fails closed.
[Adversaries](../why/adversaries.md) says how they were found, and what has no test.
`;

/** The attacks with their tests as a page in Markdown: `docs/reference/attacks.md`. */
export function adversariesPage(): string {
  const tags = adversaryTags();
  const sections = Object.entries(KINDS).map(([kind, [heading, ...columns]]) => {
    const rows = tags
      .filter((tag) => tag.kind === kind)
      .map(
        ({ who, what, file, test }) => `| ${who} | ${what} | [${cellOf(test)}](../../${file}) |`,
      );
    const head = `| ${[...columns, 'test'].join(' | ')} |\n| --- | --- | --- |`;
    return `## ${heading}\n\n${head}\n${rows.join('\n')}\n`;
  });
  return `${HEAD}\n${sections.join('\n')}`;
}

function cellOf(test: string): string {
  if (/^\w+$/.test(test)) return `\`${test}\``;
  return test.replaceAll(/([|[\]<>*_`\\])/g, '\\$1');
}
