import type { CommandAnswer } from './Answer.ts';
import type { Terminal } from './Terminal.ts';

/**
 * Prints the answer of a verb.
 *
 * @param terminal - The terminal to print on.
 * @param answer - The answer.
 * @param options - `json`: one JSON document, for programs.
 */
export async function printAnswer(
  terminal: Pick<Terminal, 'printJson' | 'printLines'>,
  { ok = true, value, lines, verbatim = false }: CommandAnswer,
  { json = false }: { readonly json?: boolean },
): Promise<void> {
  if (json) await terminal.printJson({ ok, ...value });
  else if (lines.length > 0) await terminal.printLines(lines, { verbatim });
}
