/** One tag of a docstring. */
export interface DocTag {
  readonly tag: string;
  /** Of a parameter. */
  readonly name: string;
  readonly text: string;
}

/** A docstring in its parts. */
export interface DocParts {
  readonly text: string;
  /** Its tags, without the examples. */
  readonly tags: readonly DocTag[];
  /** Its examples, each a fenced block. */
  readonly examples: readonly string[];
}

/**
 * Returns a docstring in its parts.
 *
 * @param doc - The docstring, without the marks of a comment.
 */
export function docParts(doc: string): DocParts {
  const [text = '', ...rest] = doc.split(/^@(?=\w)/m);
  const all = rest.map((part): DocTag => {
    const [, tag = '', said = ''] = /^(\w+)\s*([\s\S]*)$/.exec(part) ?? [];
    const [, name = '', about] = (tag === 'param' && /^(\S+)\s+-\s+([\s\S]*)$/.exec(said)) || [];
    const words = about ?? said;
    return { tag, name, text: tag === 'example' ? words.trim() : oneLine(words) };
  });
  return {
    text: text.trim(),
    tags: all.filter(({ tag }) => tag !== 'example'),
    examples: all.filter(({ tag }) => tag === 'example').map((each) => each.text),
  };
}

function oneLine(text: string): string {
  return text.trim().replaceAll(/\s*\n\s*/g, ' ');
}
