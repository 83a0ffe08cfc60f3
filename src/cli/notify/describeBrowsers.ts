import type { ToldBrowsers } from '../../protocol/AgentPort.ts';
import { describeMoment, short } from '../describeBody.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { BROWSERS_TOLD } from './notifyAnswers.ts';

/**
 * Says which browsers are told of news.
 *
 * @param told - The organisation's answer.
 */
export function describeBrowsers({ key, browsers }: ToldBrowsers): AnswerOf<typeof BROWSERS_TOLD> {
  const lines = browsers.map(({ endpoint, service, until }) => {
    return `${short(endpoint)}  by ${service}, until ${describeMoment(until)}`;
  });
  const none =
    key === undefined
      ? 'Your organisation tells no browser of news.'
      : 'No browser is told of your news.';
  return {
    value: { offered: key !== undefined, browsers: browsers.map((each) => ({ ...each })) },
    lines: lines.length === 0 ? [none] : lines,
  };
}
