import dingbats from 'pdfjs-dist/standard_fonts/FoxitDingbats.pfb?url';
import symbols from 'pdfjs-dist/standard_fonts/FoxitSymbol.pfb?url';
import scans from 'pdfjs-dist/wasm/jbig2.wasm?url';
import photos from 'pdfjs-dist/wasm/openjpeg.wasm?url';
import { pathInPage, verifiedCode } from '../worker/workerUrl.ts';
import { openFrame } from './openFrame.ts';
import { PDF_BUDGET, type PdfCall } from './PdfCalls.ts';
import { PdfRefused } from './PdfRefused.ts';
// oxlint-disable-next-line import/default -- the build gives the address of the file
import viewer from './pdfWorker.ts?worker&url';

/** Parts of the viewer, by the names that pdf.js has for them. */
const PARTS = {
  'FoxitDingbats.pfb': dingbats,
  'FoxitSymbol.pfb': symbols,
  'jbig2.wasm': scans,
  'openjpeg.wasm': photos,
};

/** An answer, any part of which a hostile document may have written. */
type Answered = Readonly<Record<string, unknown>>;

/** A picture of a page. */
export interface PagePicture {
  readonly picture: ImageBitmap;
  /** True if the viewer could not draw a part of the page. */
  readonly lacks: boolean;
}

/** A document that is open in a frame of its own. */
export interface OpenPdf {
  /** Number of its pages. */
  readonly pages: number;
  /**
   * Draws a page, after those that were asked for before.
   *
   * @param page - Its number, from 1.
   * @param width - Wanted width of the picture, in pixels.
   * @param unwanted - Aborted if somebody wants another page instead.
   * @throws PdfRefused if it is not shown: the document is closed then.
   */
  draw(page: number, width: number, unwanted: AbortSignal): Promise<PagePicture>;
}

/**
 * Opens a PDF that others wrote. Its content stays with the viewer in its frame: the page gets a number and pictures.
 *
 * @param content - The file.
 * @param signal - Aborted when it is closed.
 * @throws PdfRefused if it is not shown; TypeError if a part of the viewer did not come, or is not what the page pins.
 */
export async function openPdf(content: Uint8Array, signal: AbortSignal): Promise<OpenPdf> {
  if (content.length > PDF_BUDGET.bytes) throw new PdfRefused('too-large');
  const [code, ...parts] = await Promise.all(
    [viewer, ...Object.values(PARTS)].map(async (built) => await verifiedCode(pathInPage(built))),
  );
  const names = Object.keys(PARTS);
  const closing = new AbortController();
  const closed = AbortSignal.any([signal, closing.signal]);
  const { port, failed } = await openFrame(code ?? new ArrayBuffer(0), closed);
  let waiting: ((answer: unknown) => void) | undefined;
  port.addEventListener('message', ({ data }) => {
    // Only somebody who took the viewer over says more than it is asked for.
    if (waiting === undefined) refused('unreadable');
    waiting?.(data);
    waiting = undefined;
  });
  void failed.then(() => refused('unreadable'));
  const opened = await ask({
    open: content.slice(),
    parts: Object.fromEntries(parts.map((part, at) => [names[at], new Uint8Array(part)])),
  });
  const { pages } = opened;
  if (!isCount(pages)) throw refused('unreadable');
  let before: Promise<unknown> = Promise.resolve();
  return {
    pages,
    async draw(page, width, unwanted) {
      const drawing = before.then(async () => {
        unwanted.throwIfAborted();
        return await ask({ draw: page, width });
      });
      before = drawing.catch(() => undefined);
      const { picture, lacks } = await drawing;
      if (!isPicture(picture)) throw refused('unreadable');
      return { picture, lacks: lacks === true };
    },
  };

  /** Asks the viewer, and closes the document unless it answers in time. */
  async function ask(call: PdfCall): Promise<Answered> {
    closed.throwIfAborted();
    const answered = new AbortController();
    const once = { signal: answered.signal };
    const answer = await new Promise<unknown>((resolve, reject) => {
      const late = setTimeout(() => resolve({ refused: 'too-large' }), PDF_BUDGET.time);
      once.signal.addEventListener('abort', () => clearTimeout(late));
      closed.addEventListener('abort', () => reject(closed.reason as Error), once);
      waiting = resolve;
      port.postMessage(call);
    }).finally(() => answered.abort());
    const said = Object(answer) as Answered;
    if (said.refused === undefined) return said;
    // One damaged page says nothing of the others.
    if (said.refused === 'unreadable' && 'draw' in call) throw new PdfRefused('unreadable');
    throw refused(said.refused);
  }

  function refused(why: unknown): PdfRefused {
    const fault = new PdfRefused(why === 'too-large' || why === 'protected' ? why : 'unreadable');
    closing.abort(fault);
    return fault;
  }
}

function isPicture(value: unknown): value is ImageBitmap {
  if (!(value instanceof ImageBitmap)) return false;
  const { width, height } = value;
  const least = Math.min(width, height);
  return width * height <= PDF_BUDGET.pixels && least * PDF_BUDGET.ratio >= Math.max(width, height);
}

function isCount(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 1 && Number(value) <= PDF_BUDGET.pages;
}
