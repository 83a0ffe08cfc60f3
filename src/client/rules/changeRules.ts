import { MedsealError } from '../../errors/MedsealError.ts';
import { canonicalJson } from '../../protocol/wire/canonicalJson.ts';
import { seconds } from '../../protocol/Clock.ts';
import { LONGEST_STATE_TO_GRANT } from '../../protocol/rights/requireKeepable.ts';
import { addressArgument } from '../party/addressArgument.ts';
import type { Party } from '../party/Party.ts';
import { requireArgument } from '../party/requireArgument.ts';
import { requireSoundRight } from '../rights/grantRight.ts';
import { keepPatientState } from '../state/keepPatientState.ts';
import { readPatientState } from '../state/PatientState.ts';
import { withPatientState } from '../state/withPatientState.ts';
import { inSmallLetters } from './inSmallLetters.ts';
import type { StandingRule } from './StandingRule.ts';

const MOST_RULES = 32;
const MOST_PARTIES = 32;
const LONGEST_NAME = 60;

/**
 * Returns the patient's standing rules, oldest first.
 *
 * @param party - The patient.
 * @throws MedsealError `NOT_FOUND` on a device of someone who is not a patient.
 * @example
 * ```ts
 * const rules = await readRules(patient);
 * for (const { name, kind } of rules) console.log(`${kind}: ${name}`);
 * ```
 */
export async function readRules(party: Party): Promise<readonly StandingRule[]> {
  return (await readPatientState(party)).rules ?? [];
}

/**
 * Adds a standing rule to the state of the patient's devices, which nodes keep sealed. It has effect once `applyRules`
 * has given and ended the rights that it comes to. The same rule again changes nothing.
 *
 * @param party - The patient.
 * @param asked - The rule.
 * @throws MedsealError `ARGUMENT_INVALID` for a name that another rule has, or too many rules or parties;
 * `RIGHT_INVALID`; `NOT_FOUND` on a device of someone who is not a patient; `STATE_STALE`, `REQUEST_TOO_LARGE`,
 * `ANSWER_DISPUTED`.
 * @example
 * ```ts
 * await addRule(patient, { name: 'no labels', kind: 'deny', categories: ['sensitive'] });
 * await applyRules(patient);
 * ```
 */
export async function addRule(party: Party, asked: StandingRule): Promise<void> {
  const rule = inSmallLetters(asked);
  requireSoundRule(party, asked);
  await withPatientState(party, async (state) => {
    const { rules = [] } = state;
    const before = rules.find(({ name }) => name === rule.name);
    if (before !== undefined) {
      if (isSameRule(before, rule)) return;
      throw invalid('name', 'another rule has it; remove that one first');
    }
    if (rules.length >= MOST_RULES) throw invalid('rule', `there are ${MOST_RULES} already`);
    await keepPatientState(
      party,
      { ...state, rules: [...rules, rule] },
      [],
      LONGEST_STATE_TO_GRANT,
    );
  });
}

/**
 * Removes a standing rule. Its rights end, and those that it denied are given by other rules again, once `applyRules` has
 * been called.
 *
 * @param party - The patient.
 * @param name - The rule's name.
 * @returns True if there was such a rule.
 * @throws MedsealError `NOT_FOUND` on a device of someone who is not a patient; `STATE_STALE`, `ANSWER_DISPUTED`.
 * @example
 * ```ts
 * const isGone = await removeRule(patient, 'no labels');
 * if (isGone) await applyRules(patient);
 * ```
 */
export async function removeRule(party: Party, name: string): Promise<boolean> {
  return await withPatientState(party, async (state) => {
    const { rules = [] } = state;
    const left = rules.filter((rule) => rule.name !== name);
    if (left.length === rules.length) return false;
    await keepPatientState(party, { ...state, rules: left });
    return true;
  });
}

/**
 * Refuses a rule that is not sound.
 *
 * @param party - The patient.
 * @param rule - The rule.
 * @throws MedsealError `ARGUMENT_INVALID`, `RIGHT_INVALID`.
 * @example
 * ```ts
 * const rule = { name: 'no labels', kind: 'deny', categories: ['sensitive'] } as const;
 * requireSoundRule(patient, rule);
 * await addRule(patient, rule);
 * ```
 */
export function requireSoundRule(party: Party, rule: StandingRule): void {
  const { name, kind, parties, categories, until } = rule;
  if (name.trim() === '' || name.length > LONGEST_NAME) {
    throw invalid('name', `it must have from 1 to ${LONGEST_NAME} characters`);
  }
  if (parties?.length === 0 || (parties?.length ?? 0) > MOST_PARTIES) {
    throw invalid('parties', `there must be from 1 to ${MOST_PARTIES}`);
  }
  for (const each of parties ?? []) {
    if (addressArgument(party, each, 'parties') === party.address)
      throw invalid('parties', 'you are among them, and need no right on your own chart');
  }
  for (const each of categories ?? []) requireArgument('category', each, 'categories');
  const now = seconds(party.clock);
  if (until !== undefined && until <= now) throw invalid('until', 'the time has passed');
  if (kind === 'deny') {
    if (categories?.length === 0) throw invalid('categories', 'it names none');
    return;
  }
  for (const action of rule.actions) requireArgument('action', action, 'actions');
  requireArgument('purpose', rule.purpose);
  requireSoundRight(party, { ...rule, until: Math.min(now + rule.renew, until ?? Infinity) });
}

function isSameRule(one: StandingRule, other: StandingRule): boolean {
  return canonicalJson(one) === canonicalJson(other);
}

function invalid(argument: string, reason: string): MedsealError {
  return new MedsealError('ARGUMENT_INVALID', { argument, reason });
}
