import { useEffect, useLayoutEffect, useState } from 'react';
import { openPdf, type OpenPdf, type PagePicture } from './openPdf.ts';
import type { PdfRefusal } from './PdfCalls.ts';
import { PdfRefused } from './PdfRefused.ts';

/** Why nothing is shown; `no-viewer` if a part of the viewer did not come. */
export type PdfFault = PdfRefusal | 'no-viewer';

/** A document as far as it is opened. */
export interface ShownPdf {
  readonly document?: OpenPdf;
  readonly fault?: PdfFault;
}

/** A page as far as it is drawn. */
export interface ShownPage extends Partial<PagePicture> {
  /** Number of the page that the picture or the fault is of. */
  readonly of?: number;
  readonly fault?: PdfFault;
}

/**
 * Opens a document while a screen shows it.
 *
 * @param content - The file.
 */
export function usePdf(content: Uint8Array): ShownPdf {
  const [shown, setShown] = useState<ShownPdf>({});
  // The frame goes together with the screen, and not once the next one is painted.
  useLayoutEffect(() => {
    const closing = new AbortController();
    setShown({});
    openPdf(content, closing.signal).then(
      (document) => setShown({ document }),
      (error: unknown) => {
        if (!closing.signal.aborted) setShown({ fault: faultOf(error) });
      },
    );
    return () => closing.abort();
  }, [content]);
  return shown;
}

/**
 * Draws a page of a document.
 *
 * @param document - The document.
 * @param number - Number of the page, from 1.
 * @param width - Width of the picture in pixels; 0 as long as it is not known.
 */
export function usePage(document: OpenPdf, number: number, width: number): ShownPage {
  const [shown, setShown] = useState<ShownPage>({});
  useEffect(() => {
    if (width === 0) return undefined;
    const unwanted = new AbortController();
    document.draw(number, width, unwanted.signal).then(
      (page) => {
        if (unwanted.signal.aborted) page.picture.close();
        else setShown({ ...page, of: number });
      },
      (error: unknown) => {
        if (!unwanted.signal.aborted) setShown({ fault: faultOf(error), of: number });
      },
    );
    return () => unwanted.abort();
  }, [document, number, width]);
  return shown;
}

function faultOf(error: unknown): PdfFault {
  return error instanceof PdfRefused ? error.why : 'no-viewer';
}
