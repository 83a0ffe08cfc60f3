import { seconds } from '../../protocol/Clock.ts';
import { ZERO32, type Bytes32 } from '../../protocol/ids.ts';
import type { Terms } from '../../protocol/struct/requests.ts';
import { ACTIONS } from '../../protocol/vocabulary.ts';
import type { Party } from '../party/Party.ts';
import type { RightGiven } from '../rights/grantRight.ts';
import { isSameRight } from '../rights/isSameRight.ts';
import { listGrants, type GrantListed } from '../rights/listGrants.ts';
import { readPatientState, type KnownGrant } from '../state/PatientState.ts';
import { deniedCategories } from './deniedCategories.ts';
import { DUE_RIGHTS, type DueRight } from './dueRights.ts';
import { rightsOfRules } from './rightsOfRules.ts';
import type { StandingRule } from './StandingRule.ts';

/** Rights to give and to end, so that what stands is what a patient's rules say. */
export interface RulesPlan {
  readonly give: readonly RightGiven[];
  /** Those of them that are the rest of a grant which ends, or has ended since an earlier run. */
  readonly due: readonly DueRight[];
  /** Ended grants whose rest is due no more: it was given, has passed, or is denied. */
  readonly settled: readonly Bytes32[];
  /** Grants that a rule denies in part or in whole, or that follow from no rule any more. */
  readonly end: readonly KnownGrant[];
  /** Grants of rules whose time is over: the ledger lists them until they are ended. */
  readonly passed: readonly Bytes32[];
  /** Grants that stay. */
  readonly stay: readonly KnownGrant[];
  /** Grants that no device of the patient knows: rules cannot judge them. */
  readonly unknown: readonly Bytes32[];
}

/**
 * Compares a patient's rules with the grants that stand, as k coordinators confirm them. A single grant that a rule
 * denies in part is to be ended, and the rest of it given again until the same end; so is a rest that is due from an earlier
 * run.
 *
 * @param party - The patient.
 * @param rules - Rules to go by.
 * @throws MedsealError `NOT_FOUND` on a device of someone who is not a patient; `KEY_UNAUTHENTIC`.
 */
export async function planRules(party: Party, rules: readonly StandingRule[]): Promise<RulesPlan> {
  const now = seconds(party.clock);
  const listed = await listGrants(party);
  const { grants } = await readPatientState(party);
  const standing = listed.flatMap(({ digest, state }) => {
    const known = grants.find((each) => each.digest === digest);
    return known === undefined || !HOLDING.includes(state) ? [] : [known];
  });
  const wanted = rightsOfRules(rules, now);
  const [end, stay, due]: [KnownGrant[], KnownGrant[], DueRight[]] = [[], [], []];
  for (const known of standing) {
    const { terms } = known.grant;
    if (known.rule !== undefined) {
      // The end is the right's own, and the rule renews it; but it outlasts no rule of that name.
      const { until = Infinity } = rules.find(({ name }) => name === known.rule) ?? {};
      const follows = wanted.some(
        (right) =>
          right.rule === known.rule &&
          terms.until <= until &&
          isSameRight(known, { ...right, until: terms.until }),
      );
      (follows ? stay : end).push(known);
      continue;
    }
    const denied = deniedCategories(rules, terms, now);
    (denied.length === 0 ? stay : end).push(known);
    const categories = terms.categories.filter((each) => !denied.includes(each));
    if (denied.length > 0 && categories.length > 0)
      due.push({ grant: known.digest, right: { ...rightOf(terms, now), categories } });
  }
  const ending = new Set(standing.map(({ digest }) => digest));
  const known = await DUE_RIGHTS.read(party);
  for (const { grant, right: kept } of known) {
    const { from = 0, ...right } = kept;
    const denied = deniedCategories(rules, right, now);
    const categories = right.categories.filter((each) => !denied.includes(each));
    const rest = { ...right, categories, ...(from > now && { from }) };
    const isGiven = standing.some((each) => isSameRight(each, rest));
    const isOver = right.until <= now || categories.length === 0 || isGiven;
    if (!ending.has(grant) && !isOver) due.push({ grant, right: rest });
  }
  const give: RightGiven[] = due.map(({ right }) => right);
  for (const right of wanted) {
    const lasting = (right.until - now) / 2;
    const isThere = stay.some(
      (known) =>
        known.rule === right.rule &&
        isSameRight(known, { ...right, until: known.grant.terms.until }) &&
        known.grant.terms.until - now >= lasting,
    );
    if (!isThere) give.push(right);
  }
  const passed = listed.flatMap(({ digest, state }) => {
    const { rule } = grants.find((each) => each.digest === digest) ?? {};
    return state === 'expired' && rule !== undefined ? [digest] : [];
  });
  const unknown = listed.flatMap(({ digest, state }) => (state === 'unknown' ? [digest] : []));
  const open = new Set(due.map(({ grant }) => grant));
  const settled = known.flatMap(({ grant }) => (open.has(grant) ? [] : [grant]));
  return { give, due, settled, end, passed, stay, unknown };
}

/** States of a grant that gives something, or will again. */
const HOLDING: readonly GrantListed['state'][] = ['holds', 'coming', 'suspended'];

function rightOf(terms: Terms, now: number): DueRight['right'] {
  return {
    grantee: terms.grantee,
    categories: terms.categories,
    ...(terms.record !== ZERO32 && { record: terms.record }),
    actions: ACTIONS.filter((action) => terms[action]),
    purpose: terms.purpose,
    ...(terms.from > now && { from: terms.from }),
    until: terms.until,
  };
}
