import { MedsealError } from '../../errors/MedsealError.ts';
import { ZERO32 } from '../ids.ts';
import type { Signed } from '../struct/requests.ts';
import { requireOpenChart } from './requireOpenChart.ts';
import type { RulesView } from './RulesView.ts';

/**
 * Judges the erasure of a category up to an epoch: only the patient of a chart erases, and only what is sealed to epochs
 * before the present one. So no write that is judged from then on is erased by it.
 *
 * @param view - The rules.
 * @param request - The erasure, of an active party, in time.
 * @throws MedsealError `NOT_FOUND` if nobody controls the handle; `RIGHT_MISSING` for another than the patient;
 * `CHART_FROZEN` once the patient is dead; `REQUEST_MALFORMED` for a grant, and for an epoch that is not a former one.
 */
export function judgeErase(view: RulesView, { party, message }: Signed<'Erase'>): void {
  const { handle, epoch, grant } = message;
  const patient = view.patient(handle);
  if (patient === undefined) throw new MedsealError('NOT_FOUND', { what: 'patient' });
  if (patient.controller !== party) throw new MedsealError('RIGHT_MISSING', {});
  requireOpenChart(view, { type: 'Erase', handle });
  if (grant !== ZERO32) throw new MedsealError('REQUEST_MALFORMED', { what: 'grant' });
  if (epoch === 0 || epoch >= patient.epoch) {
    throw new MedsealError('REQUEST_MALFORMED', { what: 'epoch' });
  }
}
