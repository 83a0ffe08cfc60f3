import { MedsealError } from '../../errors/MedsealError.ts';
import type { Address, Handle } from '../ids.ts';
import { RECORD_TYPE_RULES } from '../struct/recordTypes.ts';
import type { CareType, EvidenceType, RuleType } from '../struct/requests.ts';
import type { RulesView } from './RulesView.ts';
import type { MandateType } from '../care/mandates.ts';
import type { VitalType } from '../struct/vitalTypes.ts';
import type { Category } from '../vocabulary.ts';

/** A request that is about a chart. */
export type ChartType = EvidenceType | RuleType | CareType | VitalType | MandateType;

/**
 * Effect of a confirmed death on each kind of request: it goes on as before, it ends, it goes on for vital records alone, or
 * for what the patient's will names. A death that is only reported changes none of them, but for the will itself.
 */
export const AFTER_DEATH: Readonly<
  Record<ChartType, 'goes on' | 'ends' | 'vital records' | 'by the will'>
> = {
  Write: 'vital records',
  View: 'by the will',
  KeptView: 'by the will',
  ViewSet: 'by the will',
  Ask: 'goes on',
  Erase: 'ends',
  Grant: 'ends',
  Revoke: 'goes on',
  End: 'goes on',
  CommitEpochs: 'goes on',
  // Nothing is prescribed to the dead or dispensed for them; what stands can be held back and ended.
  Prescription: 'ends',
  Dispense: 'ends',
  HoldPrescription: 'goes on',
  CancelPrescription: 'goes on',
  PassPrescription: 'goes on',
  // A treatment is paid after death too.
  InsuranceClaim: 'goes on',
  ClaimDecision: 'goes on',
  ClaimSupplement: 'goes on',
  WithdrawClaim: 'goes on',
  DisputeClaim: 'goes on',
  ClaimJudgement: 'goes on',
  // The contract judges these by its own states.
  Birth: 'goes on',
  Death: 'ends',
  ConfirmVital: 'goes on',
  UndoVital: 'goes on',
  ObjectToVital: 'goes on',
  Will: 'ends',
  Mandate: 'ends',
  EndMandate: 'goes on',
};

/** A request about a chart, as far as its state of life matters to it. */
export interface ChartAsked {
  readonly type: ChartType;
  readonly handle: Handle;
  /** Author and category of a `Write`: vital records go on, by those who write death records. */
  readonly write?: { readonly author: Address; readonly category: Category };
}

/**
 * Requires that a request may still happen on a chart: of whatever kind, and whoever judges it.
 *
 * @param view - The rules as of a block.
 * @param asked - The kind of request, and the chart.
 * @throws MedsealError `CHART_FROZEN`.
 */
export function requireOpenChart(view: RulesView, { type, handle, write }: ChartAsked): void {
  if (view.life(handle).death.stage !== 'confirmed') return;
  const rule = AFTER_DEATH[type];
  if (rule === 'goes on' || rule === 'by the will') return;
  if (rule === 'vital records' && write !== undefined) {
    const { category, authors } = RECORD_TYPE_RULES.death;
    const role = view.party(write.author)?.role;
    if (write.category === category && authors.some((each) => each === role)) return;
  }
  throw new MedsealError('CHART_FROZEN', {});
}
