import { isMedsealError } from '../../errors/isMedsealError.ts';
import { standsStill } from '../../protocol/evidence/requireLivingLedger.ts';
import type { GrantFacts } from '../../protocol/evidence/facts.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import type { Signed } from '../../protocol/struct/requests.ts';
import { succeeds } from '../../protocol/wire/succeeds.ts';
import { authenticatePatient } from '../deposits/authenticateRule.ts';
import type { DepositStore } from '../deposits/DepositStore.ts';
import type { ServiceContext } from '../ServiceContext.ts';
import type { Administrator } from './createAdministrator.ts';

/** The most ends of rights that are sent to the ledger at once; later ones go the next time. */
const AT_ONCE = 256;
/** Seconds after which an end that the ledger refused is sent again. */
const PAUSE = 3600;

/** Options of `createEndCarrier`. */
export interface EndCarrierOptions {
  /** The store of the ends. */
  readonly deposits: Pick<DepositStore, 'endings'>;
  /** Sends them. */
  readonly administrator: Pick<Administrator, 'carry'>;
}

/**
 * Makes the call that sends the ledger the ends of rights that patients signed and it does not have yet. Each organisation
 * that keeps one does so, and the ledger takes the first: no single organisation can hold an end back. One that the ledger
 * would refuse, since its patient is suspended or has another key, waits until that changes.
 *
 * @param context - The organisation's view of the ledger.
 * @param options - The store of the ends, and who sends them.
 * @returns Throws MedsealError `LEDGER_UNREACHABLE`; the next time they are sent again.
 */
export function createEndCarrier(
  context: ServiceContext,
  { deposits, administrator }: EndCarrierOptions,
): () => Promise<void> {
  const { index, network } = context;
  const view = { grant: (digest: Bytes32): GrantFacts | undefined => index.grantOnLedger(digest) };
  /** Moments at which the ledger refused ends, Unix seconds, by grant. */
  const refused = new Map<Bytes32, number>();

  return async () => {
    if ((await deposits.endings(view)).length === 0) return;
    await index.refresh();
    // Validators that stand still would only let it wait.
    if (standsStill(network, index) || !(await index.takesEnds())) return;
    const waiting = await deposits.endings(view);
    const grants = new Set(waiting.map(({ message }) => message.grant));
    for (const grant of refused.keys()) if (!grants.has(grant)) refused.delete(grant);
    const due = waiting.filter(isDue).slice(0, AT_ONCE);
    if (due.length === 0) return;
    const answers = await administrator.carry('End', due);
    for (const [place, { message }] of due.entries()) {
      if (isMedsealError(answers[place], 'RULE_REFUSED')) {
        refused.set(message.grant, index.blockTime);
      }
    }
    await index.refresh();
  };

  function isDue(request: Signed<'End'>): boolean {
    const { grant, deadline } = request.message;
    const isPaused = (refused.get(grant) ?? -Infinity) + PAUSE > index.blockTime;
    if (isPaused || deadline <= index.blockTime) return false;
    if (index.party(request.party)?.suspended !== false) return false;
    return succeeds(() => authenticatePatient(context, request) === request);
  }
}
