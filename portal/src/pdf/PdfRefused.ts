import type { PdfRefusal } from './PdfCalls.ts';

/** A document that is not shown, and why. */
export class PdfRefused extends Error {
  readonly why: PdfRefusal;

  /** @param why - The reason. */
  constructor(why: PdfRefusal) {
    super(`The document is not shown: ${why}.`);
    this.why = why;
  }
}
