import { isRightToLeft } from '../words/readingOrder.ts';
import type { CardWords } from './cardWords.ts';
import { layOutCard, PICTURE_EDGE, PICTURE_WIDTH } from './layOutCard.ts';

/** Colours of paper, which a picture has in every theme. */
const [PAPER, INK, RED] = ['#ffffff', '#000000', '#ad2118'];

/**
 * Draws a card as a PNG, in the page: nobody is asked for anything.
 *
 * @param words - The card in words.
 * @param locale - BCP 47 tag of the words.
 */
export async function drawCard(words: CardWords, locale: string): Promise<Uint8Array> {
  const family = getComputedStyle(document.body).fontFamily;
  const fontOf = (size: number, isStrong: boolean): string =>
    `${isStrong ? 700 : 400} ${size}px ${family}`;
  const ruler = contextOf(new OffscreenCanvas(1, 1));
  const { height, lines } = layOutCard(words, (text, size, isStrong) => {
    ruler.font = fontOf(size, isStrong);
    return ruler.measureText(text).width;
  });
  const canvas = new OffscreenCanvas(PICTURE_WIDTH, height);
  const context = contextOf(canvas);
  context.fillStyle = PAPER;
  context.fillRect(0, 0, PICTURE_WIDTH, height);
  const isTurned = isRightToLeft(locale);
  context.direction = isTurned ? 'rtl' : 'ltr';
  context.textAlign = 'start';
  context.textBaseline = 'middle';
  for (const { text, y, size, isStrong, isTitle } of lines) {
    context.font = fontOf(size, isStrong);
    context.fillStyle = isTitle ? RED : INK;
    context.fillText(text, isTurned ? PICTURE_WIDTH - PICTURE_EDGE : PICTURE_EDGE, y);
  }
  const picture = await canvas.convertToBlob({ type: 'image/png' });
  return new Uint8Array(await picture.arrayBuffer());
}

function contextOf(canvas: OffscreenCanvas): OffscreenCanvasRenderingContext2D {
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('This browser draws no pictures.');
  return context;
}
