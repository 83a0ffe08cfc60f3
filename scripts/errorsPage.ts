import { catalogue } from '../src/errors/catalogue.ts';

const HEAD = `# Errors

Every error that Medseal throws on purpose has a stable code. Across HTTP it is an RFC 9457 problem: \`type\` is
\`urn:medseal:error:CODE\`, with \`code\`, \`detail\`, \`next\` and \`values\`. \`medseal\` prints the same text and
code and ends with exit code 1, or 2 for a wrong command line.

This page is generated from \`src/errors/catalogue.ts\`. A number is the HTTP status. _Again_ means that the same call may
succeed later, unchanged. A word in angle brackets is filled in. The text after a dash says what to do.
`;

interface Row {
  readonly status: number;
  readonly retry: boolean;
  readonly text: (values: never) => string;
  readonly next: string;
}

/** The catalogue of errors as a page in Markdown: `docs/reference/errors.md`. */
export function errorsPage(): string {
  const names = new Proxy({}, { get: (_, name) => `<${String(name)}>` }) as never;
  const lines = Object.entries<Row>(catalogue).map(([code, { status, retry, text, next }]) => {
    const sentence = text(names).replaceAll(/<\w+>/g, '`$&`');
    return `- \`${code}\` (${status}${retry ? ', again' : ''}): ${sentence} – ${next}`;
  });
  return `${HEAD}\n${lines.join('\n')}\n`;
}
