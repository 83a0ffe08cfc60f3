/** Codes with which an insurer gives the reason of a decision. */
export const CLAIM_REASONS = [
  'covered',
  'partly-covered',
  'not-covered',
  'benefit-exhausted',
  'not-insured',
  'not-necessary',
  'not-as-billed',
  'paid-elsewhere',
  /** The rest is the patient's own by the policy, such as a copayment or a deductible. */
  'patient-share',
  'more-needed',
] as const;
/** A reason of a decision. */
export type ClaimReason = (typeof CLAIM_REASONS)[number];
