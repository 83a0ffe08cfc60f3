import type { Of } from '../../protocol/struct/Of.ts';
import type { AUDITED } from './evidenceAnswers.ts';

/**
 * Says how many entries of a log an audit lists, if these are all, and of how many records nobody told that they were viewed.
 *
 * @param list - The numbers of one log.
 */
export function describeList({
  log,
  size,
  listed,
  complete,
  untold = 0,
}: Of<typeof AUDITED>['logs'][number]): string {
  const entries = `${log}: ${listed} of its first ${size} entries concern you`;
  const all = complete ? ', and no others' : '';
  return `${entries}${all}${untold > 0 ? `; not complete: no node told which ${untold} records were viewed` : ''}`;
}
