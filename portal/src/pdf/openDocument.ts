import './workerSurroundings.ts';
import 'pdfjs-dist/legacy/build/pdf.worker.mjs';
import {
  AnnotationMode,
  getDocument,
  VerbosityLevel,
  type PDFDocumentProxy,
} from 'pdfjs-dist/legacy/build/pdf.mjs';
import { PDF_BUDGET, type PdfParts } from './PdfCalls.ts';

/** Largest side of a picture, in pixels, that every browser draws. */
const LONGEST_SIDE = 8_192;

/** Draws to canvases that belong to no page. */
class CanvasFactory {
  create(width: number, height: number): { canvas: OffscreenCanvas; context: unknown } {
    const canvas = new OffscreenCanvas(width, height);
    return { canvas, context: canvas.getContext('2d', { willReadFrequently: true }) };
  }

  getNoAlphaContext(canvas: OffscreenCanvas): unknown {
    return canvas.getContext('2d', { alpha: false, willReadFrequently: true });
  }

  reset({ canvas }: { canvas: OffscreenCanvas }, width: number, height: number): void {
    canvas.width = width;
    canvas.height = height;
  }

  destroy({ canvas }: { canvas: OffscreenCanvas }): void {
    canvas.width = 0;
    canvas.height = 0;
  }
}

/** Colours go unfiltered: filters are elements of a page. */
class FilterFactory {
  addFilter = none;
  addHCMFilter = none;
  addAlphaFilter = none;
  addLuminosityFilter = none;
  addKnockoutFilter = none;
  addHighlightHCMFilter = none;
  addSelectionHCMFilter = none;
  addSelectionFilter = none;
  createSelectionStyle(): null {
    return null;
  }
  destroy(): void {}
}

function none(): string {
  return 'none';
}

/** Opens a document with everything off that is not drawing: no forms of XFA, nothing fetched, no decoder of the browser. */
export async function openDocument(data: Uint8Array, parts: PdfParts): Promise<PDFDocumentProxy> {
  /** Gives the parts that the page handed over. */
  class BinaryDataFactory {
    async fetch({ filename }: { filename: string }): Promise<Uint8Array> {
      const part = parts[filename];
      if (part === undefined) throw new Error(`The viewer has no ${filename}.`);
      return part.slice();
    }
  }
  return await getDocument({
    data,
    CanvasFactory,
    FilterFactory,
    BinaryDataFactory,
    // `fonts` is what is used of it.
    ownerDocument: globalThis as unknown as HTMLDocument,
    enableXfa: false,
    useWorkerFetch: false,
    useSystemFonts: true,
    disableAutoFetch: true,
    disableRange: true,
    disableStream: true,
    isImageDecoderSupported: false,
    maxImageSize: PDF_BUDGET.imagePixels,
    canvasMaxAreaInBytes: PDF_BUDGET.pixels * 4,
    verbosity: VerbosityLevel.WARNINGS,
  }).promise;
}

/**
 * Draws a page, with what its annotations look like, and without what they do.
 *
 * @param document - The document.
 * @param number - Number of the page, from 1.
 * @param width - Wanted width of the picture, in pixels; it is smaller if the page is too long for it.
 */
export async function drawPage(
  document: PDFDocumentProxy,
  number: number,
  width: number,
): Promise<ImageBitmap> {
  const page = await document.getPage(number);
  const { width: wide, height: high } = page.getViewport({ scale: 1 });
  const scale = Math.min(
    width / wide,
    LONGEST_SIDE / Math.max(wide, high),
    Math.sqrt(PDF_BUDGET.pixels / (wide * high)),
  );
  const viewport = page.getViewport({ scale });
  const least = Math.ceil(Math.max(viewport.width, viewport.height) / PDF_BUDGET.ratio);
  const canvas = new OffscreenCanvas(
    Math.max(least, Math.floor(viewport.width)),
    Math.max(least, Math.floor(viewport.height)),
  );
  const context = canvas.getContext('2d', { alpha: false, willReadFrequently: true });
  await page.render({
    canvas: null,
    canvasContext: context as unknown as CanvasRenderingContext2D,
    viewport,
    annotationMode: AnnotationMode.ENABLE,
  }).promise;
  page.cleanup();
  return canvas.transferToImageBitmap();
}
