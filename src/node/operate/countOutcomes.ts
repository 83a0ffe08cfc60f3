import type { ErrorCode } from '../../errors/catalogue.ts';
import type { AgentPort } from '../../protocol/AgentPort.ts';
import { EVIDENCE_TYPES } from '../../protocol/struct/evidenceTypes.ts';
import { RULE_TYPES } from '../../protocol/struct/ledgerRequests.ts';
import type { Outcome } from '../../protocol/evidence/evidence.ts';

/** The requests that an agent takes; whatever else was sent is `other`. */
export const KINDS = [...RULE_TYPES, ...EVIDENCE_TYPES] as const;

/** Outcome of a submission, without anything about its sender. */
export interface CountedOutcome {
  readonly kind: string;
  readonly outcome: Outcome['outcome'];
  /** Code of the refusal; empty if it was not refused. */
  readonly code: ErrorCode | '';
}

/**
 * Wraps an agent so that its outcomes are counted.
 *
 * @param agent - The agent.
 * @param onOutcome - Called with the outcome of each submission.
 */
export function countOutcomes(
  agent: AgentPort,
  onOutcome: (counted: CountedOutcome) => void,
): AgentPort {
  const submit: AgentPort['submit'] = async (submissions) => {
    const outcomes = await agent.submit(submissions);
    for (const [place, outcome] of outcomes.entries()) {
      const type: unknown = submissions[place]?.request?.type;
      const kind = KINDS.find((each) => each === type) ?? 'other';
      const code = outcome.outcome === 'refused' ? outcome.problem.code : '';
      onOutcome({ kind, outcome: outcome.outcome, code });
    }
    return outcomes;
  };
  return new Proxy(agent, {
    get: (target, name) => (name === 'submit' ? submit : Reflect.get(target, name, target)),
  });
}
