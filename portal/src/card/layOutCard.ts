import type { CardWords } from './cardWords.ts';

/** Width and least height of a picture of a card, and its edge, in pixels: those of a telephone held upright. */
export const [PICTURE_WIDTH, PICTURE_HEIGHT, PICTURE_EDGE] = [1080, 1920, 64];
/** Height of the time on a locked telephone. */
const CLOCK = 420;
/** Sizes of the text, the first that fits is taken; with the last one the picture grows longer. */
const SIZES = [44, 40, 36, 32, 28] as const;
const LINE = 1.3;
const BULLET = '• ';

/** A line of a picture: its text, where it stands, and how it looks. */
export interface PictureLine {
  readonly text: string;
  /** Distance of its middle from the upper edge. */
  readonly y: number;
  readonly size: number;
  readonly isStrong: boolean;
  readonly isTitle: boolean;
}

/** A picture of a card before it is drawn. */
export interface CardLayout {
  readonly height: number;
  readonly lines: readonly PictureLine[];
}

/** Returns the width of a text of a size. */
export type MeasureText = (text: string, size: number, isStrong: boolean) => number;

/**
 * Lays the words of a card out on a picture for a telephone or a wallet: as large as they fit, below the time of a locked
 * screen. Nothing is left out.
 *
 * @param words - The card in words.
 * @param measure - Measures a text.
 */
export function layOutCard(words: CardWords, measure: MeasureText): CardLayout {
  const layouts = SIZES.map((size) => withSize(words, measure, size));
  const fit = layouts.find(({ height }) => height <= PICTURE_HEIGHT) ?? layouts.at(-1);
  return { lines: fit?.lines ?? [], height: Math.max(PICTURE_HEIGHT, fit?.height ?? 0) };
}

function withSize(words: CardWords, measure: MeasureText, size: number): CardLayout {
  const lines: PictureLine[] = [];
  let y = CLOCK;
  const add = (text: string, look: Partial<PictureLine> = {}): void => {
    const line = { size, isStrong: false, isTitle: false, ...look };
    for (const part of wrap(text, (each) => measure(each, line.size, line.isStrong))) {
      y += line.size * LINE;
      lines.push({ ...line, text: part, y: y - (line.size * LINE) / 2 });
    }
  };
  add(words.title, { isTitle: true, isStrong: true });
  add(words.name, { isStrong: true, size: size * 1.25 });
  for (const { heading, lines: own, none } of words.groups) {
    y += size / 2;
    add(heading, { isStrong: true });
    if (own.length === 0) add(none);
    for (const line of own) add(BULLET + line);
  }
  y += size / 2;
  if (words.old !== undefined) add(words.old, { isStrong: true });
  add(words.made);
  return { lines, height: Math.ceil(y + PICTURE_EDGE) };
}

/** Breaks a text between words, and a word that is wider than the picture between its characters. */
function wrap(text: string, widthOf: (text: string) => number): readonly string[] {
  const most = PICTURE_WIDTH - 2 * PICTURE_EDGE;
  const lines: string[] = [];
  let line = '';
  const put = (piece: string): void => {
    if (line !== '' && widthOf(line + piece) > most) {
      lines.push(line.trimEnd());
      line = '';
    }
    line += piece;
  };
  for (const paragraph of text.split('\n')) {
    for (const word of paragraph.split(/(?<=\s)/)) {
      if (widthOf(word) <= most) put(word);
      else for (const { segment } of new Intl.Segmenter().segment(word)) put(segment);
    }
    lines.push(line.trimEnd());
    line = '';
  }
  return lines;
}
