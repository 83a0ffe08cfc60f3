/** The budget of a document: beyond any of these it is too large to show. */
export const PDF_BUDGET = {
  /** Bytes of the file. */
  bytes: 25_000_000,
  pages: 2_000,
  /** Time to open it, and then for each page, in milliseconds. */
  time: 15_000,
  /** Pixels of a page's picture, and of an image on it. */
  pixels: 16_000_000,
  imagePixels: 50_000_000,
  /** Largest ratio of a picture’s two sides. */
  ratio: 20,
  /** Bytes of one thing that is unpacked, and of all of them, to open the document and then for each page. */
  unpacked: 256_000_000,
  unpackedTogether: 1_500_000_000,
} as const;

/** Files that the viewer needs for some documents: decoders of scanned images, and two fonts that documents do not bring along. */
export type PdfParts = Readonly<Record<string, Uint8Array>>;

/** A call of the page to the viewer, which answers one after the other. */
export type PdfCall =
  | { readonly open: Uint8Array; readonly parts: PdfParts }
  | {
      /** Number of the page, from 1. */
      readonly draw: number;
      /** Width of its picture, in pixels; the page may be too long for it. */
      readonly width: number;
    };

/** Why a document or a page is not shown. */
export type PdfRefusal = 'too-large' | 'unreadable' | 'protected';

/** An answer of the viewer. A hostile document may have written any of it. */
export type PdfAnswer =
  | { readonly pages: number }
  | {
      readonly picture: ImageBitmap;
      /** True if a part of the page could not be drawn. */
      readonly lacks: boolean;
    }
  | { readonly refused: PdfRefusal };
