import { readEvents, type RuleEvent } from '../../bindings/readEvents.ts';

type Refusal = Extract<RuleEvent, { kind: 'Refused' }>;

/**
 * Returns what contracts refused of the requests of one transaction.
 *
 * @param logs - Logs of its receipt.
 */
export function readRefusals(logs: Parameters<typeof readEvents>[0]): readonly Refusal[] {
  return readEvents(logs).filter((event) => event.kind === 'Refused');
}
