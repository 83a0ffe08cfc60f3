import { MedsealError } from '../../errors/MedsealError.ts';
import type { Address } from '../../protocol/ids.ts';
import { mayAttest } from '../../protocol/care/mayAttest.ts';
import type { Messages, Signed } from '../../protocol/struct/requests.ts';
import type { RulesView } from '../../protocol/rights/RulesView.ts';
import type { VitalFacts } from '../../protocol/care/vitalRecords.ts';
import { OBJECTION_TERM, type VitalType } from '../../protocol/struct/vitalTypes.ts';

/** Greatest step of a report, as the contract has it: its confirmation and its undoing still find a number. */
const LAST_REPORT = 2 ** 16 - 1 - 2;

/** A request of one of the types. */
type VitalRequest = { [Type in VitalType]: Pick<Signed<Type>, 'type' | 'message'> }[VitalType];

/**
 * Refuses what the contract would refuse for the roles and organisations of its parties, its number, its time or its
 * state, before it costs a transaction.
 *
 * @param view - The rules as of the newest block.
 * @param request - The request, authentic.
 * @param at - The moment, Unix seconds.
 * @throws MedsealError `RULE_REFUSED` with the reason that the contract has.
 */
export function requireVitalRule(view: RulesView, request: Signed<VitalType>, at: number): void {
  const reason = reasonOf(view, request as VitalRequest, at);
  if (reason !== undefined) throw new MedsealError('RULE_REFUSED', { reason });
}

function reasonOf(
  view: RulesView,
  { type, message }: VitalRequest,
  at: number,
): string | undefined {
  const life = view.life(message.handle);
  switch (type) {
    case 'Will':
      if (life.death.stage !== 'none') return 'DeathKnown';
      return message.number === life.number + 1 ? undefined : 'StepUnexpected';
    case 'Birth':
      if (view.party(message.reporter)?.role !== 'registrar') return 'RoleUnfit';
      return reportFault(life.birth, message.step);
    case 'Death':
      if (!mayAttest(view.party(message.reporter))) return 'RoleUnfit';
      return reportFault(life.death, message.step);
    case 'ConfirmVital': {
      const { stage, reporter } = life[message.what];
      if (!mayAttest(view.party(message.confirmer))) return 'RoleUnfit';
      if (stage === 'confirmed') return 'ReportKnown';
      return stepFault(life[message.what], message) ?? pairFault(view, reporter, message.confirmer);
    }
    case 'UndoVital':
      return (
        stepFault(life[message.what], message) ?? pairFault(view, message.first, message.second)
      );
    case 'ObjectToVital': {
      const { since } = life[message.what];
      if (since !== undefined && at >= since + OBJECTION_TERM) return 'ObjectionLate';
      return stepFault(life[message.what], message);
    }
  }
}

function reportFault(known: VitalFacts, step: number): string | undefined {
  if (known.stage !== 'none') return 'ReportKnown';
  return step === known.step + 1 && step <= LAST_REPORT ? undefined : 'StepUnexpected';
}

function stepFault(
  known: VitalFacts,
  { report, step }: Pick<Messages['ObjectToVital'], 'report' | 'step'>,
): string | undefined {
  if (known.report !== report) return 'ReportUnknown';
  return step === known.step + 1 ? undefined : 'StepUnexpected';
}

/** The contract's reason for which two parties do not attest together. */
function pairFault(view: RulesView, one: Address | undefined, other: Address): string | undefined {
  const pair = [one && view.party(one), view.party(other)];
  if (!pair.every((each) => mayAttest(each))) return 'RoleUnfit';
  if (pair.some((each) => each?.suspended === true)) return 'PartyIsSuspended';
  if (pair[0]?.organisation === pair[1]?.organisation) return 'OrganisationsAlike';
  return pair.some((each) => each?.role === 'registrar') ? undefined : 'RegistrarMissing';
}
