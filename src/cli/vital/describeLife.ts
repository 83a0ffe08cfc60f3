import type { Handle } from '../../protocol/ids.ts';
import { objectionEnds } from '../../protocol/rights/objectionEnds.ts';
import type { Of } from '../../protocol/struct/Of.ts';
import type { LifeFacts, VitalFacts } from '../../protocol/care/vitalRecords.ts';
import { VITALS, type Vital } from '../../protocol/struct/vitalTypes.ts';
import { describeMoment, short } from '../describeBody.ts';
import { calledAs } from '../program/calledAs.ts';
import { reasonInWords } from '../program/reasonInWords.ts';
import type { VITAL_TOLD } from './vitalAnswers.ts';

/** A birth or a death as `--json` has it. */
export function vitalForPrograms(
  what: Vital,
  handle: Handle,
  { stage, report, reporter, since }: VitalFacts,
): Of<typeof VITAL_TOLD> {
  return {
    what,
    handle,
    stage,
    ...(report !== undefined && { report }),
    ...(reporter !== undefined && { reporter }),
    ...(since !== undefined && { since }),
  };
}

/**
 * Says what the ledger has of a birth or a death.
 *
 * @param what - Which of the two.
 * @param facts - As the ledger has it.
 * @param nameOf - Name of a party, for people.
 */
export function describeVital(
  what: Vital,
  { stage, report, reporter, since }: VitalFacts,
  nameOf: (word: string) => string,
): readonly string[] {
  if (report === undefined || reporter === undefined) return [`No ${what} is recorded.`];
  const reported = `${nameOf(reporter)} reported a ${what} (${short(report)}).`;
  return stage === 'reported'
    ? [reported, 'Nobody confirmed it: it has no effect.']
    : [reported, `It was confirmed on ${describeMoment(since ?? 0)}.`];
}

/**
 * Tells a patient all that is said of their birth and death: each state, and the way back from it.
 *
 * @param life - The patient's own life.
 * @param nameOf - Name of a party, for people.
 * @param at - The moment, Unix seconds.
 */
export function describeOwnLife(
  life: LifeFacts | undefined,
  nameOf: (word: string) => string,
  at: number,
): readonly string[] {
  if (life === undefined) return [];
  return VITALS.flatMap((what) => {
    const { stage, step, reporter = '', since = 0 } = life[what];
    if (stage === 'none') return step === 0 ? [] : [`A report of your ${what} was undone.`];
    const wayBack = `  ${calledAs(`${what} object`)}`;
    if (stage === 'reported')
      return [
        `Your ${what} was reported, by ${nameOf(reporter)}. It has no effect until another organisation confirms it.`,
        wayBack,
      ];
    const said = `Your ${what} was recorded, by ${nameOf(reporter)}, and confirmed on ${describeMoment(since)}.`;
    const effect =
      what === 'death' ? ' Nothing can be added to your chart, and your grants have ended.' : '';
    const ends = objectionEnds(life[what]);
    return at < ends
      ? [
          `${said}${effect} Object by ${describeMoment(ends)}; later two organisations must undo it.`,
          wayBack,
        ]
      : [`${said}${effect} If it is a mistake, two organisations can undo it.`];
  });
}

/** The contract's reasons, in words for people. */
const REASONS: Readonly<Record<string, string>> = {
  ReportKnown: 'it is reported or confirmed already',
  ReportUnknown: 'this report was undone, or another one was made since',
  DeathKnown: 'a death is reported or confirmed already',
  ObjectionLate: 'the time to object has passed; two organisations can undo it',
  OrganisationsAlike: 'both parties are of the same organisation; it takes two organisations',
  RegistrarMissing: 'one of the two parties must be a registrar',
  RoleUnfit: 'your role does not do this',
  StepUnexpected: 'something was recorded meanwhile; look again',
};

/**
 * Says what the ledger's refusal of a birth, a death or a will means.
 *
 * @param error - Error that was thrown.
 * @returns The same error, with a reason that people understand if there is one.
 */
export function vitalInWords(error: unknown): unknown {
  return reasonInWords(error, REASONS);
}
