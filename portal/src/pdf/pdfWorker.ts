import { countAgain, overspent } from './workerSurroundings.ts';
import { drawPage, openDocument } from './openDocument.ts';
import { PDF_BUDGET, type PdfAnswer, type PdfCall, type PdfRefusal } from './PdfCalls.ts';

/** Warnings of pdf.js after which a part of a page is missing. */
const LACKS =
  /image|ignoring (?:errors|XObject|sub-stream|pattern|shading)|font.* is not available/i;

let lacks = false;
let opened: ReturnType<typeof openDocument> | undefined;
console.warn = (warning: unknown) => {
  lacks ||= LACKS.test(String(warning));
};
console.log = () => undefined;
console.info = console.log;
console.error = console.warn;

self.addEventListener(
  'message',
  ({ ports: [port] }) => {
    port?.addEventListener('message', ({ data }: MessageEvent<PdfCall>) => {
      void answer(data).then((said) =>
        port.postMessage(said, 'picture' in said ? [said.picture] : []),
      );
    });
    port?.start();
  },
  { once: true },
);

/** Answers a call of the page. Whatever fails is a refusal: its message could be words of the document. */
async function answer(call: PdfCall): Promise<PdfAnswer> {
  countAgain();
  lacks = false;
  try {
    if ('open' in call) {
      opened = openDocument(call.open, call.parts);
      const { numPages } = await opened;
      return numPages > PDF_BUDGET.pages || overspent() ? TOO_LARGE : { pages: numPages };
    }
    if (opened === undefined) return { refused: 'unreadable' };
    const picture = await drawPage(await opened, call.draw, call.width);
    return overspent() ? TOO_LARGE : { picture, lacks };
  } catch (error) {
    return { refused: refusal(error) };
  }
}

const TOO_LARGE: PdfAnswer = { refused: 'too-large' };

function refusal(error: unknown): PdfRefusal {
  if (overspent()) return 'too-large';
  return error instanceof Error && error.name === 'PasswordException' ? 'protected' : 'unreadable';
}
