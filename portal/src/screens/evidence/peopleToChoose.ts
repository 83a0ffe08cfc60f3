import type { AuditEvent } from '../../../../src/client/index.ts';
import type { Address, Handle } from '../../../../src/protocol/ids.ts';
import type { NameOf } from '../../session/useNames.ts';
import { shortAddress } from '../../ui/shortAddress.ts';
import { namelessKind } from './namelessKind.ts';

/**
 * Returns the people whose acts can be shown alone: those who are proven to have done something on the patient's chart, and
 * nobody in whose name a line is only claimed. Two with the same name have a part of their addresses beside it.
 *
 * @param events - Of all logs.
 * @param handle - The patient.
 * @param nameOf - Names a party.
 */
export function peopleToChoose(
  events: readonly AuditEvent[],
  handle: Handle,
  nameOf: NameOf,
): readonly (readonly [Address, string])[] {
  const signers = events.flatMap((event) =>
    event.body !== undefined && namelessKind(event, handle) === undefined
      ? [event.body.request.party]
      : [],
  );
  const named = [...new Set(signers)].map((party) => [party, nameOf(party)] as const);
  const counts = Map.groupBy(named, ([, name]) => name);
  return named.map(([party, name]) => {
    const isOnly = counts.get(name)?.length === 1;
    return [party, isOnly ? name : `${name} · ${shortAddress(party)}`] as const;
  });
}
