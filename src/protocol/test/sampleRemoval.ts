import type { Organisation } from '../ids.ts';
import { organisationId } from '../network/networkLookups.ts';
import { draftSuccessor, signSuccessor } from '../network/signSuccessor.ts';
import type { Successor } from '../network/Successor.ts';
import { context, word } from './sampleNetwork.ts';
import { four, LATER, termsWith } from './sampleReplacement.ts';
import { seatsOf } from './sampleSuccessors.ts';

/** A successor that takes power from a validator’s key at once and changes nothing else, signed by all seats of some organisations. */
export function removing(
  organisations: readonly Organisation[],
  of: Organisation = 'pharmacy',
  deadline = LATER,
): Successor {
  const removal = {
    organisation: organisationId(of),
    key: word(`validator of ${of}`),
    removal: 1,
    deadline,
  };
  const terms = termsWith((node) => node);
  const draft = draftSuccessor(context, four, terms, { removal });
  return signSuccessor(context, four, draft, organisations.flatMap(seatsOf));
}
