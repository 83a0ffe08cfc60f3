import { isMedsealError } from '../../errors/isMedsealError.ts';
import { parseMessage } from '../../protocol/struct/parseSigned.ts';
import type { Grant } from '../../protocol/struct/requests.ts';
import { unlessMalformed } from '../../protocol/wire/unlessMalformed.ts';
import { keepRight } from '../party/knownRights.ts';
import type { LetterKind } from './LetterKind.ts';

/** A right that was given to the reader: k coordinators confirm that the ledger has it. */
export const RIGHT_LETTER: LetterKind = {
  field: 'grant',
  proofs: { grant: 'facts' },
  take: async (party, { content }) => {
    const grant: Grant | undefined = unlessMalformed(() => parseMessage('Grant', content.grant));
    if (grant?.terms.grantee !== party.address) return 'refused';
    try {
      return { rights: (await keepRight(party, grant)) ? [grant] : [] };
    } catch (error) {
      if (isMedsealError(error, 'RIGHT_ENDED')) return 'refused';
      if (isMedsealError(error, 'RIGHT_MISSING')) return 'unknown';
      throw error;
    }
  },
};
