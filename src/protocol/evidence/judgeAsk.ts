import { MedsealError } from '../../errors/MedsealError.ts';
import { ZERO32 } from '../ids.ts';
import type { Signed } from '../struct/requests.ts';
import type { RulesView } from '../rights/RulesView.ts';

/**
 * Judges a statement about a request for a right: anybody who is enrolled may ask, and only the patient answers, with a
 * grant on the chart that stands, or with none.
 *
 * @param view - The rules.
 * @param request - The statement, of an active party, in time.
 * @throws MedsealError `NOT_FOUND` if nobody controls the handle; `RIGHT_MISSING` if another than the patient answers,
 * or the grant is of another chart; `RIGHT_ENDED`; `REQUEST_MALFORMED` for a grant that a refusal or a request names, and for an answer without the grant that it tells of.
 */
export function judgeAsk(view: RulesView, { party, message }: Signed<'Ask'>): void {
  const { what, handle, grant } = message;
  const patient = view.patient(handle);
  if (patient === undefined) throw new MedsealError('NOT_FOUND', { what: 'patient' });
  if (what !== 'request' && patient.controller !== party) {
    throw new MedsealError('RIGHT_MISSING', {});
  }
  if ((what === 'grant') !== (grant !== ZERO32)) {
    throw new MedsealError('REQUEST_MALFORMED', { what: 'grant' });
  }
  if (what !== 'grant') return;
  const given = view.grant(grant);
  if (given?.handle !== handle) throw new MedsealError('RIGHT_MISSING', {});
  if (given.state !== 'active') throw new MedsealError('RIGHT_ENDED', {});
}
