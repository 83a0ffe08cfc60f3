import { askedView, keepOf } from '../../../../src/protocol/evidence/askedView.ts';
import type { Body } from '../../../../src/protocol/evidence/evidence.ts';
import { ZERO32 } from '../../../../src/protocol/ids.ts';
import type { Ask, Erase, ViewSet, Write } from '../../../../src/protocol/struct/requests.ts';

/** An act, as the words of the portal name it. */
export type Act =
  | 'add'
  | 'object'
  | 'amend'
  | 'chart'
  | 'record'
  | 'kept'
  | 'records'
  | 'kept-records'
  | 'audit'
  | 'chain'
  | 'takeover'
  | 'request'
  | 'grant'
  | 'decline'
  | 'erase'
  | 'other';

/**
 * Returns the act that a request asks for, and the category if the request names one.
 *
 * @param request - A request of an entry of evidence.
 */
export function actOf(request: Body['request']): readonly [Act, Write['category']?] {
  const { type, message } = request;
  if (type === 'Write') {
    const { action, about, grant, category } = message as Write;
    // An answer to an objection relies on a right.
    const isObjection = action === 'add' && about !== ZERO32 && grant === ZERO32;
    return [isObjection ? 'object' : action, category];
  }
  if (type === 'Erase') return ['erase', (message as Erase).category];
  if (type === 'ViewSet')
    return [keepOf(message as ViewSet) === undefined ? 'records' : 'kept-records'];
  const view = askedView(request);
  if (view !== undefined) return [keepOf(view) === undefined ? view.what : 'kept'];
  return [type === 'Ask' ? (message as Ask).what : 'other'];
}
