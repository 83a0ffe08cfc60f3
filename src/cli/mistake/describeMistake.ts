import { waitsForAnswer, type Mistake } from '../../client/letters/Mistake.ts';
import { sharedMistake } from '../../client/letters/keptMistakes.ts';
import { isAboutVersion } from '../../client/letters/mistakeEntry.ts';
import type { Of } from '../../protocol/struct/Of.ts';
import { describeMoment, describePurpose, short } from '../describeBody.ts';
import { calledAs } from '../program/calledAs.ts';
import type { MISTAKE_TOLD } from './mistakeAnswers.ts';

/** Seconds of a day. */
const DAY = 24 * 3600;

/** A report in a verb, of oneself and of another. */
const ACTS = {
  mistake: ['told', 'tells'],
  question: ['asked', 'asks'],
  renewal: ['asked for a medicine again', 'asks for a medicine again,'],
  extension: ['asked for a longer right', 'asks for a longer right,'],
  correction: ['told of a correction', 'tells you of a correction,'],
} as const;

/**
 * Describes a report of a mistake with its state, in lines for people.
 *
 * @param mistake - The report.
 * @param own - Address of the party that reads it.
 * @param nameOf - Names a party or a chart.
 * @param now - Unix seconds.
 */
export function describeMistake(
  mistake: Mistake,
  own: string,
  nameOf: (word: string) => string,
  now: number,
): readonly string[] {
  const { id, by, to, words, topic = 'mistake', answer, unsent, at } = mistake;
  const isOwn = by === own;
  const [youDo, doTo] = ACTS[topic];
  const who = isOwn ? `You ${youDo} ${nameOf(to)}` : `${nameOf(by)} ${doTo} you`;
  const days = Math.max(0, Math.floor((now - at) / DAY));
  const waits = isOwn ? `no answer yet since ${days} days` : answerWith(mistake);
  const lines = [`${short(id)}  ${who} about ${describeAbout(mistake)}: ${inLine(words)}`];
  if (!waitsForAnswer(mistake) && answer === undefined) return lines;
  if (answer === undefined) {
    lines.push(`  ${isOwn && unsent === true ? 'it was not sent; report it again' : waits}`);
    return lines;
  }
  const amended = answer.version === undefined ? [] : [`amended by version ${answer.version}`];
  const { grant } = answer;
  const given = grant === undefined ? [] : [`extended by grant ${short(grant)}`];
  const said = answer.words === '' ? [] : [inLine(answer.words)];
  lines.push(
    `  answered ${describeMoment(answer.at)}: ${[...amended, ...given, ...said].join('; ')}`,
  );
  if (!isOwn && unsent === true)
    lines.push(`  ${nameOf(by)} has no answer yet; ${answerWith(mistake)}`);
  return lines;
}

/** A report as programs get it. */
export function mistakeForPrograms(mistake: Mistake): Of<typeof MISTAKE_TOLD> {
  const { unsent } = mistake;
  return { ...sharedMistake(mistake), ...(unsent === true && { unsent }) };
}

function answerWith({ id, about, topic }: Mistake): string {
  const answer = `${calledAs(`mistake answer ${id.slice(0, 10)}`)} --words "…"`;
  if (topic === 'extension')
    return `${calledAs(`mistake extend ${id.slice(0, 10)}`)}, or ${answer}`;
  if (!isAboutVersion(about)) return answer;
  return `${answer}, or ${calledAs(`record amend ${(about.record ?? '').slice(0, 10)} <file>`)}`;
}

function describeAbout({ about, until: wished }: Mistake): string {
  const { act, entry, record, version, category, purpose, at, until, count } = about;
  if (isAboutVersion(about))
    return `record ${short(record ?? '')} (${category ?? ''}), version ${version}`;
  if (act === 'right') {
    const wish = wished === undefined ? '' : `, to end only ${describeMoment(wished)}`;
    return `the right ${short(entry)}, which ends ${describeMoment(until ?? at)}${wish}`;
  }
  const several = count === undefined ? act : `${count} ${act}`;
  const what = record === undefined ? several : `record ${short(record)}`;
  return `the entry “${what}” of ${describeMoment(at)}, for ${describePurpose(purpose)}`;
}

/** Words of others in one line. */
function inLine(words: string): string {
  return words.replaceAll(/\s+/g, ' ');
}
