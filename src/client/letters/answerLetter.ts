import { parseMessage } from '../../protocol/struct/parseSigned.ts';
import type { Signed } from '../../protocol/struct/requests.ts';
import { digestOf } from '../../protocol/struct/signing.ts';
import { unlessMalformed } from '../../protocol/wire/unlessMalformed.ts';
import { confirmFacts } from '../audit/confirmFacts.ts';
import type { Party } from '../party/Party.ts';
import { keepAskedFor, readAskedFor, type AccessAsked } from './accessRequests.ts';
import { askIn } from './askIn.ts';
import type { LetterKind } from './LetterKind.ts';

/** The answer to a request of the reader: a log shows it, and k coordinators confirm that the sender is the patient. */
export const ANSWER_LETTER: LetterKind = {
  field: 'entry',
  unless: 'request',
  proofs: { entry: 'verdicts', grant: 'hash' },
  take: async (party, { from, content }) => {
    const { entry, grant } = content;
    const entered = entry && unlessMalformed(() => askIn(party, entry));
    if (entry === undefined || entered?.party !== from) return 'refused';
    const { what, handle, request, purpose } = entered.message;
    if (what === 'request') return 'refused';
    const open = (await readAskedFor(party)).find(({ digest }) => digest === request);
    // Another device may have asked, and tells this one in a letter that comes after it.
    if (open === undefined) return 'unknown';
    if (open.request.message.handle !== handle) return 'refused';
    if (open.request.message.terms.purpose !== purpose) return 'refused';
    if (what === 'grant' && !isNamed(party, entered, grant)) return 'refused';
    const { patient } = await confirmFacts(party, { handle });
    if (patient === undefined) return 'unknown';
    if (patient.controller !== from) return 'refused';
    // An agent can give letters in any order, and one of them twice.
    const last = open.answerEntry && askIn(party, open.answerEntry);
    if (last !== undefined && last.at > entered.at) return { answers: [open] };
    const answer = what === 'grant' ? 'granted' : 'declined';
    const answered: AccessAsked = { ...open, answer, answerEntry: entry };
    await keepAskedFor(party, answered);
    return { answers: [answered] };
  },
};

/** Tells whether a letter has the grant that its answer names, and that grant is the reader's. */
function isNamed(party: Party, { message }: Signed<'Ask'>, offered: unknown): boolean {
  const grant = unlessMalformed(() => parseMessage('Grant', offered));
  return (
    grant?.terms.grantee === party.address && digestOf(party, 'Grant', grant) === message.grant
  );
}
