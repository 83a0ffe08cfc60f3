import { parseTypeScript, walk } from '../parseTypeScript.ts';

/** A text that somebody reads, and the line on which it begins. */
export interface ReadText {
  readonly line: number;
  readonly text: string;
}

/** A string that is read by people rather than by programs: two words at least. */
const PROSE = /[A-Za-z]{2,}[,:;]? [a-z]/;

/**
 * Finds what people read in a file of TypeScript: its comments, and its strings of more than a word.
 *
 * @param source - The text of the file.
 */
export async function textsOf(source: string): Promise<readonly ReadText[]> {
  const tree = await parseTypeScript(source);
  const texts: ReadText[] = [];
  const add = (start: number, text: string): void => {
    if (PROSE.test(text)) texts.push({ line: source.slice(0, start).split('\n').length, text });
  };
  const { comments } = tree as { readonly comments: readonly Comment[] };
  for (const { start, value } of comments) {
    for (const part of partsOf(value)) add(start, part);
  }
  walk(tree, (node) => {
    if (node.type === 'StringLiteral') add(node.start, String(node['value']));
    if (node.type === 'TemplateLiteral') add(node.start, templateText(node['quasis']));
    if (node.type === 'JSXText') add(node.start, String(node['value']));
  });
  return texts;
}

interface Comment {
  readonly start: number;
  readonly value: string;
}

/** A comment's sentences and the texts of its tags, without stars and names of parameters. */
function partsOf(comment: string): readonly string[] {
  const lines = comment.split('\n').map((line) => line.replace(/^\s*\*+ ?/, '').trim());
  return lines
    .join('\n')
    .split(/\n\n|\n(?=@|- )|^(?=@)/)
    .map((part) => part.replace(/^@\w+(?:\s+\S+\s+-)?\s*/, '').replaceAll('\n', ' '));
}

function templateText(quasis: unknown): string {
  const parts = quasis as readonly { readonly value: { readonly cooked?: string | null } }[];
  return parts.map(({ value }) => value.cooked ?? '').join('…');
}
