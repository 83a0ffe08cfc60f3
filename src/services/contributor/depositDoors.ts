import type { SeatKey } from '../../protocol/network/signSuccessor.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { toMedsealError } from '../../errors/toMedsealError.ts';
import { toPublicError } from '../../errors/toPublicError.ts';
import type { Address } from '../../protocol/ids.ts';
import { MAX_SUBMISSIONS } from '../../protocol/shapes/askedShapes.ts';
import { isCareType } from '../../protocol/struct/ledgerRequests.ts';
import { checkAsker } from '../checkAsker.ts';
import type { DepositStore } from '../deposits/DepositStore.ts';
import { admitLetter } from '../letters/admitLetter.ts';
import type { LetterStore } from '../letters/LetterStore.ts';
import type { ContributorPort } from '../ports.ts';
import { refreshFor } from '../refreshFor.ts';
import type { ServiceContext } from '../ServiceContext.ts';
import type { DepositCopier } from './createDepositCopier.ts';
import { hasCard } from './hasCard.ts';
import { signKept } from './signKept.ts';
import { stateGiven } from './stateGiven.ts';

/** Stores of what is kept for the parties, and the key that says so. */
export interface DepositDoorOptions {
  readonly deposits: DepositStore;
  readonly letters: LetterStore;
  /** Called when a letter of somebody else is kept for a party. */
  readonly onLetter: (to: Address) => void;
  /** Its organisation's coordinator, with whose key it signs which state is the newest. */
  readonly key: SeatKey;
}

/** Calls by which deposits and letters are kept for the parties, and given. */
type DepositDoors = Pick<
  ContributorPort,
  | 'keep'
  | 'keepRules'
  | 'letters'
  | 'rights'
  | 'card'
  | 'sheet'
  | 'state'
  | 'keptAfter'
  | 'keptCopies'
>;

/**
 * Makes the calls of a contributor by which deposits and letters are kept for the parties, and given.
 *
 * @param context - The organisation's context.
 * @param options - Stores, key, and the copier that keeps deposits.
 */
export function depositDoors(
  context: ServiceContext,
  options: DepositDoorOptions & { readonly copier: Pick<DepositCopier, 'keep'> },
): DepositDoors {
  const { deposits, letters, copier } = options;
  return {
    async keep(deposit) {
      await context.index.refresh();
      if ('letter' in deposit) {
        const letter = await admitLetter(context, deposits, deposit.letter);
        await letters.keep(letter, context.index.moment);
        const { party: from, message } = letter.letter.request;
        // A party's devices write to each other without end.
        if (from !== message.to) options.onLetter(message.to);
        return undefined;
      }
      if ('card' in deposit && (await hasCard(context, deposits, deposit.card))) return undefined;
      await copier.keep(deposit);
      if (!('patient' in deposit)) return undefined;
      return signKept(context, options.key, deposit.patient.request);
    },
    async keepRules(submissions) {
      if (submissions.length > MAX_SUBMISSIONS) {
        throw new MedsealError('REQUEST_TOO_LARGE', { what: 'array', limit: MAX_SUBMISSIONS });
      }
      await refreshFor(context.index, submissions);
      const keeping = submissions.map(async (submission) => {
        const isCare = isCareType(submission?.request?.type);
        await copier.keep(isCare ? { care: submission } : { submission });
      });
      return (await Promise.allSettled(keeping)).flatMap((each, index) => {
        if (each.status === 'fulfilled') return [];
        return [{ index, problem: toPublicError(toMedsealError(each.reason)).toProblem() }];
      });
    },
    async letters(request) {
      await context.index.refresh();
      const { party, message } = checkAsker(context, request, 'Collect');
      await letters.forget(party, message.taken);
      return await letters.waitingFor(party, context.index.moment);
    },
    async rights(request) {
      await context.index.refresh();
      const { party: grantee, message } = checkAsker(context, request, 'FindRights');
      return await deposits.rights({ grantee, after: message.after }, context.index);
    },
    card: async (party) => await deposits.card(party),
    sheet: async (wanted) => await deposits.sheet(wanted),
    state: async (wanted) => await stateGiven(context, options, wanted),
    keptAfter: async (place) => await deposits.copies.after(place),
    keptCopies: async (ids) => await deposits.copies.give(ids),
  };
}
