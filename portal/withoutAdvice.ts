import { join } from 'node:path';
import type { Plugin } from 'vite';

const CATALOGUE = join(import.meta.dirname, '../src/errors/catalogue.ts');
/** Place of the advice among the arguments of a row. */
const ADVICE = 2;

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly callee?: { readonly name?: string };
  readonly arguments?: readonly Node[];
}

/**
 * Has the build leave out what the catalogue of errors advises in English: pages advise in the person's language, by an error's code,
 * and it is a twentieth of what loads before the way in.
 */
export function withoutAdvice(): Plugin {
  return {
    name: 'medseal-advice',
    transform(code, id) {
      if (id !== CATALOGUE) return undefined;
      const places = rowsIn(this.parse(code)).map((row) => row.arguments?.[ADVICE]);
      let short = code;
      for (const place of places.toReversed()) {
        if (place !== undefined)
          short = `${short.slice(0, place.start)}''${short.slice(place.end)}`;
      }
      return { code: short, map: null };
    },
  };
}

/** Finds the calls that make rows, in the order of the text. */
function rowsIn(tree: unknown): readonly Node[] {
  if (typeof tree !== 'object' || tree === null) return [];
  const found = Object.values(tree).flatMap(rowsIn);
  const node = tree as Node;
  return node.type === 'CallExpression' && node.callee?.name === 'row' ? [node, ...found] : found;
}
