import type { CommandAnswer } from './Answer.ts';
import type { Terminal } from './Terminal.ts';

/**
 * Prints what a verb answered.
 *
 * @param terminal - Where to.
 * @param answer - What it has to say.
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
