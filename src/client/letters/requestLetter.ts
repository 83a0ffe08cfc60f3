import { seconds } from '../../protocol/Clock.ts';
import { parseSigned } from '../../protocol/struct/parseSigned.ts';
import type { Signed } from '../../protocol/struct/requests.ts';
import { digestOf } from '../../protocol/struct/signing.ts';
import { unlessMalformed } from '../../protocol/wire/unlessMalformed.ts';
import { ACTIONS } from '../../protocol/vocabulary.ts';
import { confirmFacts } from '../audit/confirmFacts.ts';
import type { Party } from '../party/Party.ts';
import { requireSoundRight } from '../rights/grantRight.ts';
import { ownHandle } from '../state/ownHandle.ts';
import { keepAsked, readAllAsked, readAsked, type AccessAsked } from './accessRequests.ts';
import { askIn } from './askIn.ts';
import type { LetterKind, LetterVerdict } from './LetterKind.ts';
import type { LetterContent, OpenedLetter } from './letters.ts';

/** Largest number of requests that may wait for a patient's answer, in all and of one party; further ones are discarded. */
const [MOST_OPEN, MOST_OF_ONE] = [200, 8];
/** Seconds by which the deadline of a request may lie in the future. */
const LONGEST_OPEN = 90 * 24 * 3600;

/** A request to the patient for a right, or its withdrawal: a log shows that its sender asked this. */
export const REQUEST_LETTER: LetterKind = {
  field: 'request',
  proofs: { request: 'verdicts', entry: 'verdicts', withdrawn: 'sender' },
  take: async (party, { from, content }) => {
    const request = unlessMalformed(() => soundRequest(party, from, content));
    if (request === undefined) return 'refused';
    const { handle, deadline } = request.message;
    const now = seconds(party.clock);
    if (deadline < now || deadline > now + LONGEST_OPEN) return 'refused';
    const own = await ownHandle(party);
    if (own !== undefined && own !== handle) return 'refused';
    const asked = unlessMalformed(() => enteredRequest(party, request, content));
    if (asked === undefined) return 'refused';
    if (own === undefined) {
      // A patient's device that was not restored yet cannot answer it.
      const { patient } = await confirmFacts(party, { handle });
      return patient?.controller === party.address ? 'unknown' : 'refused';
    }
    if (content.withdrawn === true) return newsOf(await withdrawn(party, asked));
    // A letter that stayed would block others, so that a few parties could close the inbox.
    const open = (await readAsked(party)).filter((each) => each.digest !== asked.digest);
    const ofOne = open.filter((each) => each.request.party === from);
    if (open.length >= MOST_OPEN || ofOne.length >= MOST_OF_ONE) return 'refused';
    return newsOf(await keepAsked(party, asked));
  },
};

function newsOf(asked: AccessAsked): LetterVerdict {
  if (asked.answer === undefined) return { requests: [asked] };
  return asked.answer === 'withdrawn' ? { withdrawals: [asked] } : 'refused';
}

/** A request of its sender for itself, for a right that the patient could give. */
function soundRequest(
  party: Party,
  from: OpenedLetter['from'],
  content: LetterContent,
): Signed<'AccessRequest'> | undefined {
  const request = parseSigned(content.request, ['AccessRequest']);
  const { terms } = request.message;
  if (request.party !== from || terms.grantee !== from) return undefined;
  // The patient could not give it otherwise; its words may not even have a date.
  const { categories, until } = terms;
  requireSoundRight(party, { categories, actions: ACTIONS.filter((each) => terms[each]), until });
  return request;
}

/** Only what a log shows is taken, so that everything that is asked can be audited. */
function enteredRequest(
  party: Party,
  request: Signed<'AccessRequest'>,
  { entry }: LetterContent,
): AccessAsked | undefined {
  const { handle, terms } = request.message;
  const digest = digestOf(party, 'AccessRequest', request.message);
  const entered = entry && askIn(party, entry);
  if (entry === undefined || entered?.party !== request.party) return undefined;
  // Nobody can tell from the log which purpose the digest covers: the patient’s audit would show another.
  const { what, request: named, purpose, handle: chart } = entered.message;
  const isOf = what === 'request' && named === digest && purpose === terms.purpose;
  return isOf && chart === handle ? { digest, request, entry } : undefined;
}

/** Closes a request that its author withdrew; one that was answered before stays answered. */
async function withdrawn(party: Party, asked: AccessAsked): Promise<AccessAsked> {
  const { asked: all } = await readAllAsked(party);
  const { answer = 'withdrawn' } = all.find(({ digest }) => digest === asked.digest) ?? {};
  return await keepAsked(party, { ...asked, answer });
}
