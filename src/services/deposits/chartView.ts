import { placeOf } from '../placeOf.ts';
import type { ServiceContext } from '../ServiceContext.ts';
import type { ChartView } from './DepositQuota.ts';

/**
 * Returns a node's own view of the ledger, as far as it tells which deposits are of use.
 *
 * @param context - The node's.
 */
export function chartView(context: ServiceContext): ChartView {
  const { index } = context;
  return {
    get moment() {
      return index.moment;
    },
    patient: (handle) => index.patient(handle),
    grant: (digest) => index.grantOnLedger(digest),
    isPlaced: (request) => placeOf(context, request) !== undefined,
  };
}
