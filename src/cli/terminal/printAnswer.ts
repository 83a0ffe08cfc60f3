import type { Answer } from './Answer.ts';
import type { Terminal } from './Terminal.ts';

/**
 * Prints what a verb answered.
 *
 * @param terminal - Where to.
 * @param answer - What it has to say.
 * @param options - `json`: one JSON document, for programs.
 */
export async function printAnswer(
  terminal: Pick<Terminal, 'print'>,
  { ok = true, value, text, verbatim = false }: Answer,
  { json = false }: { readonly json?: boolean },
): Promise<void> {
  const said = json ? JSON.stringify({ ok, ...value }) : text;
  if (said !== '') await terminal.print(`${said}\n`, { prose: !json && !verbatim });
}
