import type { Handle } from '../../protocol/ids.ts';
import type { Of } from '../../protocol/Of.ts';
import type { LifeFacts } from '../../protocol/vitalRecords.ts';
import { describeMoment, short } from '../describeBody.ts';
import { calledAs } from '../program/calledAs.ts';
import { reasonInWords } from '../program/reasonInWords.ts';
import type { DEATH_TOLD } from './vitalAnswers.ts';

/** A life as `--json` has it. */
export function lifeForPrograms(
  handle: Handle,
  { state, death, reporter, since }: LifeFacts,
): Of<typeof DEATH_TOLD> {
  return {
    handle,
    state,
    ...(death !== undefined && { death }),
    ...(reporter !== undefined && { reporter }),
    ...(since !== undefined && { since }),
  };
}

/**
 * Says what the ledger has of a death.
 *
 * @param life - The life.
 * @param nameOf - Name of a party, for people.
 */
export function describeLife(
  { state, death, reporter, since }: LifeFacts,
  nameOf: (word: string) => string,
): readonly string[] {
  if (state === 'living' || death === undefined || reporter === undefined)
    return ['No death is recorded.'];
  const reported = `${nameOf(reporter)} reported a death (${short(death)}).`;
  return state === 'reported'
    ? [reported, 'Nobody confirmed it: it has no effect.']
    : [reported, `It was confirmed on ${describeMoment(since ?? 0)}.`];
}

/**
 * Tells a patient that somebody recorded their death, and the way to object; nothing if nobody did.
 *
 * @param life - The patient's own life.
 * @param nameOf - Name of a party, for people.
 */
export function warnOfDeath(
  life: LifeFacts | undefined,
  nameOf: (word: string) => string,
): readonly string[] {
  if (life === undefined || life.state === 'living') return [];
  const effect =
    life.state === 'dead'
      ? 'Nothing can be added to your chart, and your grants have ended. Object within days of the confirmation; later two organisations must undo it.'
      : 'It has no effect until another organisation confirms it.';
  return [
    `Your death was ${life.state === 'dead' ? 'recorded' : 'reported'}, by ${nameOf(life.reporter ?? '')}. ${effect}`,
    `  ${calledAs('death object')}`,
  ];
}

/** The contract's reasons, in words for people. */
const REASONS: Readonly<Record<string, string>> = {
  BirthKnown: 'the birth of this patient is registered already',
  DeathKnown: 'a death is reported or confirmed already',
  DeathUnknown: 'this death was undone, or another one was reported since',
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
