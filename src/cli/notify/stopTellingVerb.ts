import { listTold } from '../../client/news/listTold.ts';
import { stopTelling } from '../../client/news/stopTelling.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { openVisitor } from '../home/openVisitor.ts';
import type { VisitorOptions } from '../program/sharedOptions.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { describeBrowsers } from './describeBrowsers.ts';
import type { BROWSERS_TOLD } from './notifyAnswers.ts';

/** Has the visitor's organisation tell a browser no longer of news, or none of them. */
export async function stopTellingVerb(
  terminal: Terminal,
  browser: string | undefined,
  options: VisitorOptions,
): Promise<AnswerOf<typeof BROWSERS_TOLD>> {
  const { party } = await openVisitor(terminal, options);
  let told = await listTold(party);
  const ended = told.browsers.filter(({ endpoint }) => endpoint.startsWith(browser ?? '0x'));
  if (ended.length === 0 && browser !== undefined) {
    throw new MedsealError('NOT_FOUND', { what: 'browser' });
  }
  for (const { endpoint } of ended) told = await stopTelling(party, endpoint);
  return describeBrowsers(told);
}
