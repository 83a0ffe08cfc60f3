/** A PDF that a test made. */
export interface TestPdf {
  readonly name: string;
  readonly content: Buffer;
}

/**
 * Makes a PDF of objects, the first of which is its catalogue, without a table of places: every viewer makes that again.
 *
 * @param objects - Texts of the objects, from number 1 on; each character is a byte.
 */
export function pdfOf(objects: readonly string[]): Buffer {
  const numbered = objects.map((object, at) => `${at + 1} 0 obj\n${object}\nendobj\n`);
  return Buffer.from(`%PDF-1.7\n${numbered.join('')}trailer\n<< /Root 1 0 R >>\n%%EOF\n`, 'latin1');
}

/**
 * Makes an object that is a stream.
 *
 * @param content - Its content, each character a byte.
 * @param entries - Entries of its dictionary besides the length.
 */
export function streamOf(content: string | Buffer, entries = ''): string {
  const bytes = typeof content === 'string' ? content : content.toString('latin1');
  return `<< /Length ${bytes.length} ${entries} >>\nstream\n${bytes}\nendstream`;
}

/**
 * Makes a PDF of one page.
 *
 * @param content - Object 4, the page's content.
 * @param resources - Entries of its resources.
 * @param further - Objects from number 5 on.
 * @param box - The page's size, in points.
 */
export function onePage(
  content: string,
  resources = '',
  further: readonly string[] = [],
  box = '0 0 595 842',
): Buffer {
  return pdfOf([
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    `<< /Type /Page /Parent 2 0 R /MediaBox [${box}] /Contents 4 0 R /Resources << ${resources} >> >>`,
    content,
    ...further,
  ]);
}

/**
 * Makes a PDF with a page in each colour.
 *
 * @param colours - Red, green and blue, each from 0 to 1.
 */
export function pagesOf(colours: readonly string[]): Buffer {
  const kids = colours.map((_, at) => `${3 + at * 2} 0 R`);
  return pdfOf([
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Kids [${kids.join(' ')}] /Count ${kids.length} >>`,
    ...colours.flatMap((colour, at) => [
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents ${4 + at * 2} 0 R >>`,
      streamOf(`${colour} rg 0 0 595 842 re f`),
    ]),
  ]);
}

/** Makes a PDF of a scanned page that is black, packed as by a fax machine (ITU-T T.6). */
export function fax(): Buffer {
  const entries = [
    '/Type /XObject /Subtype /Image /Width 16 /Height 8 /BitsPerComponent 1 /ColorSpace /DeviceGray',
    '/Decode [1 0] /Filter /CCITTFaxDecode /DecodeParms << /K -1 /Columns 16 /Rows 8 >>',
  ];
  // Eight rows that are white as the one before, and the end; the image turns white into black.
  const rows = Buffer.from([0xff, 0x00, 0x10, 0x01]);
  const image = streamOf(rows, entries.join(' '));
  return onePage(streamOf('595 0 0 842 0 0 cm /I Do'), '/XObject << /I 5 0 R >>', [image]);
}
