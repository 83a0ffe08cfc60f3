import type { RuleType } from './requests.ts';

/** The structs that change rules. */
export const RULE_TYPES = [
  'Grant',
  'Revoke',
  'CommitEpochs',
] as const satisfies readonly RuleType[];
