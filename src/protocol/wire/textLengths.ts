/** The fewest characters of a text, and the most bytes that it takes in JSON, without its quotes. */
export interface TextLengths {
  readonly least: number;
  /** `Infinity` if the pattern sets no limit. */
  readonly most: number;
}

/** Bytes of a character in JSON at most: `\u0000`. */
const ESCAPED = 6;
/** A character as a pattern spells it: a class, an escape, or itself. */
const CHARACTER = /^(?:\[(?:\\.|[^\]\\])+\]|\\.|[^()|[\]\\])/;
/** A count of it, such as `{2,4}`. */
const TIMES = /^(?:[*+?]|\{(\d+)(?:(,)(\d*))?\})/;
/** Characters and classes whose every character has one byte in JSON. */
const PLAIN = /^(?:[\w\-+/=:@., ]|\\[dw.\-/]|\[(?:[\w\-+/=:@., ]|\\[dw.\-/])+\])$/;

/**
 * Returns the lengths of the texts that match a pattern from beginning to end.
 *
 * @param pattern - Characters, classes, groups, alternatives and counts; what it does not end with `^` and `$` has no limit.
 */
export function textLengths(pattern: RegExp): TextLengths {
  let rest = pattern.source;
  if (!rest.startsWith('^') || !rest.endsWith('$')) return { least: 0, most: Infinity };
  rest = rest.slice(1, -1);
  const lengths = alternatives();
  return rest === '' ? lengths : { least: 0, most: Infinity };

  function alternatives(): TextLengths {
    const all = [sequence()];
    while (rest.startsWith('|')) {
      rest = rest.slice(1);
      all.push(sequence());
    }
    return {
      least: Math.min(...all.map(({ least }) => least)),
      most: Math.max(...all.map(({ most }) => most)),
    };
  }

  function sequence(): TextLengths {
    let [least, most] = [0, 0];
    for (let one = next(); one !== undefined; one = next()) {
      const { from, to } = times();
      least += one.least * from;
      most += one.most === 0 ? 0 : one.most * to;
    }
    return { least, most };
  }

  function next(): TextLengths | undefined {
    const group = /^\((?:\?:)?(?!\?)/.exec(rest)?.[0];
    if (group !== undefined) {
      rest = rest.slice(group.length);
      const inside = alternatives();
      rest = rest.slice(1);
      return inside;
    }
    const character = CHARACTER.exec(rest)?.[0];
    if (character === undefined) return undefined;
    rest = rest.slice(character.length);
    return { least: 1, most: PLAIN.test(character) ? 1 : ESCAPED };
  }

  function times(): { readonly from: number; readonly to: number } {
    const [text = '', from = '', comma, to = ''] = TIMES.exec(rest) ?? [];
    rest = rest.slice(text.length);
    if (from !== '') {
      const most = to === '' ? Infinity : Number(to);
      return { from: Number(from), to: comma === undefined ? Number(from) : most };
    }
    return { from: /[*?]/.test(text) ? 0 : 1, to: /[*+]/.test(text) ? Infinity : 1 };
  }
}
