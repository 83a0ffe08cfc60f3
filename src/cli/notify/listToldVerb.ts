import { listTold } from '../../client/news/listTold.ts';
import { openVisitor } from '../home/openVisitor.ts';
import type { VisitorOptions } from '../program/sharedOptions.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { describeBrowsers } from './describeBrowsers.ts';
import type { BROWSERS_TOLD } from './notifyAnswers.ts';

/** Lists the browsers that the visitor's organisation tells of news. */
export async function listToldVerb(
  terminal: Terminal,
  options: VisitorOptions,
): Promise<AnswerOf<typeof BROWSERS_TOLD>> {
  const { party } = await openVisitor(terminal, options);
  return describeBrowsers(await listTold(party));
}
