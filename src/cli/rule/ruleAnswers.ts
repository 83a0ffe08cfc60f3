import { ADDRESS, BYTES32, OneOf } from '../../protocol/wire/findShapeError.ts';
import { TERMS } from '../../protocol/shapes/messageShape.ts';
import { ACTIONS, CATEGORIES, PURPOSES } from '../../protocol/vocabulary.ts';

/** Shapes of what the verbs about standing rules print with `--json`. */

/** A standing rule. */
export const RULE_TOLD = {
  name: 'text',
  kind: new OneOf('permit', 'deny'),
  /** Absent for a denial that is about everybody. */
  'parties?': [ADDRESS],
  /** Absent for a denial of all of them. */
  'categories?': [new OneOf(...CATEGORIES)],
  'actions?': [new OneOf(...ACTIONS)],
  'purpose?': new OneOf(...PURPOSES),
  /** Seconds that each of its grants lasts. */
  'renew?': 'count',
  /** Absent until further notice. */
  'until?': 'count',
} as const;

/** Effect of the rules: `rule preview`. */
export const RULES_PREVIEWED = {
  people: 'count',
  seen: 'count',
  records: 'count',
  /** Number of rights that would be given, and grants that would be ended. */
  give: 'count',
  end: [BYTES32],
} as const;

/** `rule add`, `rule remove`, `rule apply` */
export const RULES_APPLIED = {
  /** True if the rules stood so before. */
  already: 'boolean',
  given: [{ grant: BYTES32, terms: TERMS }],
  ended: [BYTES32],
  failed: [{ party: ADDRESS, code: 'text' }],
  /** Grants that no device of the patient knows: rules cannot judge them. */
  unknown: [BYTES32],
} as const;

/** `rule list` */
export const RULES_LISTED = { rules: [RULE_TOLD] } as const;
