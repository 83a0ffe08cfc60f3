import { MedsealError } from '../../errors/MedsealError.ts';
import type { PartyFacts } from '../../protocol/facts.ts';
import type { Address } from '../../protocol/ids.ts';
import type { Messages, Signed } from '../../protocol/requests.ts';
import type { RulesView } from '../../protocol/RulesView.ts';
import type { VitalType } from '../../protocol/vitalTypes.ts';

/** Greatest step of a report, as the contract has it: its confirmation and its undoing still find a number. */
const LAST_REPORT = 2 ** 16 - 1 - 2;

/**
 * Refuses what the contract would refuse for the roles and organisations of its parties, its number or its state, before
 * it costs a transaction.
 *
 * @param view - The rules as of the newest block.
 * @param request - The request, authentic.
 * @throws MedsealError `RULE_REFUSED` with the reason that the contract has.
 */
export function requireVitalRule(view: RulesView, { type, message }: Signed<VitalType>): void {
  const reason = reasonOf(view, type, message);
  if (reason !== undefined) throw new MedsealError('RULE_REFUSED', { reason });
}

function reasonOf(
  view: RulesView,
  type: VitalType,
  message: Messages[VitalType],
): string | undefined {
  const { state, step, number, birth, death, reporter } = view.life(message.handle);
  switch (type) {
    case 'Birth':
      if (view.party((message as Messages['Birth']).registrar)?.role !== 'registrar')
        return 'RoleUnfit';
      if (birth !== undefined) return 'BirthKnown';
      return state === 'living' ? undefined : 'DeathKnown';
    case 'Will':
      if (state !== 'living') return 'DeathKnown';
      return (message as Messages['Will']).number === number + 1 ? undefined : 'StepUnexpected';
    case 'Death':
      if (!mayAttest(view.party((message as Messages['Death']).reporter))) return 'RoleUnfit';
      if (state !== 'living') return 'DeathKnown';
      if ((message as Messages['Death']).step > LAST_REPORT) return 'StepUnexpected';
      break;
    case 'ConfirmDeath':
      if (!mayAttest(view.party((message as Messages['ConfirmDeath']).confirmer)))
        return 'RoleUnfit';
      if (state === 'dead') return 'DeathKnown';
      break;
    case 'UndoDeath':
    case 'ObjectToDeath':
      break;
  }
  const named = message as Messages['Death'] & Partial<Messages['ConfirmDeath']>;
  if (type !== 'Death' && named.death !== death) return 'DeathUnknown';
  if (named.step !== step + 1) return 'StepUnexpected';
  if (type === 'ConfirmDeath') {
    return pairFault(view, reporter, (message as Messages['ConfirmDeath']).confirmer);
  }
  if (type !== 'UndoDeath') return undefined;
  const { first, second } = message as Messages['UndoDeath'];
  return pairFault(view, first, second);
}

function mayAttest(party: PartyFacts | undefined): boolean {
  return party?.role === 'doctor' || party?.role === 'registrar';
}

/** The contract's reason for which two parties do not attest together. */
function pairFault(view: RulesView, one: Address | undefined, other: Address): string | undefined {
  const pair = [one && view.party(one), view.party(other)];
  if (!pair.every((each) => mayAttest(each))) return 'RoleUnfit';
  if (pair.some((each) => each?.suspended === true)) return 'PartyIsSuspended';
  if (pair[0]?.organisation === pair[1]?.organisation) return 'OrganisationsAlike';
  return pair.some((each) => each?.role === 'registrar') ? undefined : 'RegistrarMissing';
}
