import type { Of } from '../../protocol/struct/Of.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { FINDING, FINDINGS } from './verifyAnswers.ts';

/** Result for one thing that was verified. */
export type Finding = Of<typeof FINDING>;

/** All that a verification found. */
export type Findings = Of<typeof FINDINGS>;

/**
 * Makes the answer of a verification: for each thing whether it is safe and why, in the end what could not be checked. If
 * nothing is wrong, and something that was asked for could not be checked, the exit code is 3.
 *
 * @param found - The findings; `unanswered` is what was asked for and could not be checked, each with its reason.
 */
export function answerFindings({
  network,
  findings,
  unchecked: unasked,
  unanswered = [],
}: Findings & { readonly unanswered?: readonly string[] }): AnswerOf<typeof FINDINGS> {
  const unchecked = [...unanswered, ...unasked];
  const isWrong = findings.some(({ safe }) => !safe);
  const again = unanswered.length > 0 && !isWrong;
  const ok = findings.length > 0 && !isWrong && !again;
  const good = findings.filter(({ safe }) => safe).length;
  const lines = [
    ...findings.flatMap(({ what, safe, detail, notes = [], entries = [] }) => [
      `${safe ? 'Safe    ' : 'Not safe'}  ${what}`,
      ...[detail, ...notes].map((line) => `            ${line}`),
      ...entries.map(
        (each) => `            ${each.safe ? 'Safe' : 'Not safe'}: ${each.what}: ${each.detail}`,
      ),
    ]),
    '',
    `${good} of ${findings.length} safe, verified against the network file ${network}`,
    ...(unchecked.length > 0 ? ['', 'Not checked:'] : []),
    ...unchecked.map((what) => `  - ${what}`),
  ];
  return { ok, ...(again && { again }), value: { network, findings, unchecked }, lines };
}
