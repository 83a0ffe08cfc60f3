import { bytesToHex } from '../crypto/bytes.ts';
import type { PatientFacts } from '../protocol/facts.ts';
import { tipFor } from '../protocol/tipFor.ts';
import { CATEGORIES, type Category } from '../protocol/vocabulary.ts';
import { epochIdentity, holdsKey, spanEnds } from './epochIdentity.ts';
import { epochSheets } from './epochSheets.ts';
import type { Party } from './Party.ts';
import type { ClosingSpan, PatientState } from './PatientState.ts';

/**
 * Ends the present span early, after the present epoch: its keys are kept as they are, and the epochs that come after
 * get keys of new salts, so that nothing of the one follows from the other. What it was is kept too, until the ledger
 * has turned to an epoch of the new span.
 *
 * @param party - The patient.
 * @param state - What the device knows; no other span is being ended.
 * @param at - The present epoch.
 */
export function closeSpan(
  { keys, random }: Pick<Party, 'keys' | 'random'>,
  state: PatientState,
  at: number,
): PatientState {
  const { keyring } = state;
  const end = tipFor(spanEnds(keyring), at);
  const salts = end === undefined || end === at ? undefined : keyring.salts[end];
  const sealedTo = Object.fromEntries(state.grants.map((each) => [each.digest, each.sealedTo]));
  // Packets that were sealed ahead hold keys that the coming epochs will not have.
  const grants = state.grants.map((each) => ({ ...each, sealedTo: Math.min(each.sealedTo, at) }));
  if (end === undefined || salts === undefined) {
    return { ...state, grants, closing: { at, sealedTo } };
  }
  const held = CATEGORIES.filter((category) => holdsKey(keyring, end, category));
  const kept = held.map((category) => [
    category,
    epochIdentity(keys.seed(), keyring, at, category),
  ]);
  const fresh = CATEGORIES.map((category) => [category, bytesToHex(random(16))]);
  return {
    ...state,
    grants,
    keyring: {
      ...keyring,
      salts: { ...keyring.salts, [end]: Object.fromEntries(fresh) as Record<Category, string> },
      closed: { ...keyring.closed, [at]: Object.fromEntries(kept) as Record<Category, string> },
    },
    closing: { at, former: { end, salts }, sealedTo },
  };
}

/** What the device knew before it began to end a span early; the same where it did not. */
export function reopenSpan({ closing, ...state }: PatientState): PatientState {
  if (closing === undefined) return state;
  const { at, former, sealedTo } = closing;
  const grants = state.grants.map((each) => {
    return { ...each, sealedTo: Math.max(each.sealedTo, sealedTo[each.digest] ?? 0) };
  });
  if (former === undefined) return { ...state, grants };
  const { [at]: _kept, ...closed } = state.keyring.closed ?? {};
  const salts = { ...state.keyring.salts, [former.end]: former.salts };
  return { ...state, grants, keyring: { ...state.keyring, salts, closed } };
}

/**
 * Settles the end of a span that broke off: where the ledger turned to the new one it stands, and where it turned by
 * what was committed to before, it never was. Where it has not turned, the new one is still to be committed to.
 *
 * @param party - The patient.
 * @param state - What the device knows.
 * @param patient - The present epoch and commitment.
 */
export async function settleSpan(
  party: Party,
  state: PatientState,
  patient: PatientFacts,
): Promise<PatientState> {
  const { closing } = state;
  if (closing === undefined || patient.epoch <= closing.at) return state;
  return (await hasTurned(party, state, closing, patient))
    ? withoutFormer(state)
    : reopenSpan(state);
}

function withoutFormer({ closing: _closing, ...state }: PatientState): PatientState {
  return state;
}

async function hasTurned(
  party: Party,
  { keyring }: PatientState,
  { at }: ClosingSpan,
  patient: PatientFacts,
): Promise<boolean> {
  if (patient.first <= at) return false;
  return (await epochSheets(party, keyring, patient)).root === patient.root;
}
