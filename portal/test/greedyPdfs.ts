import { deflateSync } from 'node:zlib';
import { PDF_BUDGET } from '../src/pdf/PdfCalls.ts';
import { onePage, pagesOf, pdfOf, streamOf, type TestPdf } from './pdfOf.ts';

/** A PDF that takes more than anybody has, and what the portal makes of it. */
export interface GreedyPdf extends TestPdf {
  /** `shown` as a picture, `lacks` if the page says that a part may be missing, `refused` if nothing is shown. */
  readonly ends: 'shown' | 'lacks' | 'refused';
}

const MEGABYTE = 2 ** 20;
const CATALOGUE = '<< /Type /Catalog /Pages 2 0 R >>';

function formsOfForms(): Buffer {
  const depth = 12;
  const forms = Array.from({ length: depth }, (_, at) =>
    streamOf(
      at === depth - 1 ? '0 0 9 9 re f' : `/F Do `.repeat(10),
      `/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /F ${at + 6} 0 R >> >>`,
    ),
  );
  return onePage(streamOf('/F Do'), '/XObject << /F 5 0 R >>', forms);
}

function deepTree(): Buffer {
  const depth = 20_000;
  const nodes = Array.from(
    { length: depth },
    (_, at) => `<< /Type /Pages /Parent ${at + 1} 0 R /Kids [${at + 3} 0 R] /Count 1 >>`,
  );
  return pdfOf([
    CATALOGUE,
    ...nodes,
    `<< /Type /Page /Parent ${depth + 1} 0 R /MediaBox [0 0 9 9] >>`,
  ]);
}

/** Twenty forms, none of which unpacks to more than one thing may. */
function bombsInARow(): Buffer {
  const entries = '/Type /XObject /Subtype /Form /BBox [0 0 9 9]';
  const form = packed(Buffer.alloc(120 * MEGABYTE, '0 0 m '), entries);
  const forms = Array.from({ length: 20 }, (_, at) => `${at + 5} 0 R`);
  return onePage(
    streamOf(forms.map((_, at) => `/F${at} Do`).join(' ')),
    `/XObject << ${forms.map((place, at) => `/F${at} ${place}`).join(' ')} >>`,
    forms.map(() => form),
  );
}

/** Makes a stream that unpacks to many times its size. */
function packed(bytes: Buffer, entries = ''): string {
  return streamOf(deflateSync(bytes, { level: 9 }), `/Filter /FlateDecode ${entries}`);
}

function packedTwice(bytes: Buffer): string {
  const twice = deflateSync(deflateSync(bytes, { level: 9 }), { level: 9 });
  return streamOf(twice, '/Filter [/FlateDecode /FlateDecode]');
}

const PDFS: readonly (readonly [string, GreedyPdf['ends'], () => Buffer])[] = [
  [
    'page-of-a-mile',
    'shown',
    () => onePage(streamOf('0 0 9 9 re f'), '', [], '0 0 9999999 9999999'),
  ],
  ['page-of-a-line', 'shown', () => onePage(streamOf('0 0 9 9 re f'), '', [], '0 0 1 9999999')],
  [
    'tree-in-itself',
    'shown',
    () => pdfOf([CATALOGUE, '<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2 >>']),
  ],
  ['deep-tree', 'shown', deepTree],
  [
    'million-pages',
    'shown',
    () =>
      pdfOf([
        CATALOGUE,
        '<< /Type /Pages /Kids [3 0 R] /Count 1000000 >>',
        '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>',
      ]),
  ],
  [
    'form-in-itself',
    'lacks',
    () =>
      onePage(streamOf('/F Do'), '/XObject << /F 5 0 R >>', [
        streamOf(
          '/F Do /F Do',
          '/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /F 5 0 R >> >>',
        ),
      ]),
  ],
  [
    'pages-beyond-the-most',
    'refused',
    () => pagesOf(Array.from({ length: PDF_BUDGET.pages + 1 }, () => '1 0 0')),
  ],
  ['forms-of-forms', 'refused', formsOfForms],
  ['bomb', 'refused', () => onePage(packed(Buffer.alloc(300 * MEGABYTE, ' ')))],
  ['bomb-in-a-bomb', 'refused', () => onePage(packedTwice(Buffer.alloc(300 * MEGABYTE, ' ')))],
  ['bombs-in-a-row', 'refused', bombsInARow],
  [
    'draws-without-end',
    'refused',
    () => onePage(packed(Buffer.alloc(200 * MEGABYTE, '0 0 m 9 9 l S\n'))),
  ],
  [
    'image-of-a-mile',
    'lacks',
    () =>
      onePage(streamOf('9 0 0 9 0 0 cm /I Do'), '/XObject << /I 5 0 R >>', [
        packed(
          Buffer.alloc(9),
          '/Type /XObject /Subtype /Image /Width 99999 /Height 99999 /BitsPerComponent 8 /ColorSpace /DeviceGray',
        ),
      ]),
  ],
  [
    'tiles-without-end',
    'shown',
    () =>
      onePage(streamOf('/Pattern cs /P scn 0 0 595 842 re f'), '/Pattern << /P 5 0 R >>', [
        streamOf(
          '0 0 9 9 re f',
          '/Type /Pattern /PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 9 9] /XStep 0.000001 /YStep 0.000001 /Resources << >>',
        ),
      ]),
  ],
  [
    'lists-in-lists',
    'refused',
    () => pdfOf([`<< /Type /Catalog /Pages ${'['.repeat(1_000_000)} >>`]),
  ],
];

/** PDFs that want more pages, space, memory or time than a document may have. */
export const GREEDY_PDFS: readonly GreedyPdf[] = PDFS.map(([name, ends, make]) => ({
  name: `${name}.pdf`,
  ends,
  content: make(),
}));
