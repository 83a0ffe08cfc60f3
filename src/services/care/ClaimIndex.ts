import type { ClaimEvents } from '../../bindings/ClaimEvents.ts';
import type { RuleEvent } from '../../bindings/RuleEvent.ts';
import type { RowStore } from '../../database/rows/RowStore.ts';
import type { Rows } from '../../database/rows/Rows.ts';
import { CLAIM_STATES, type ClaimFacts, type ClaimState } from '../../protocol/care/claims.ts';
import { ZERO32, type Address, type Bytes32 } from '../../protocol/ids.ts';

/** An event of the contract. */
type ClaimEvent = Extract<
  RuleEvent,
  { kind: Exclude<keyof ClaimEvents, 'Issued' | 'Redeemed' | 'Transfer'> }
>;

/** Lots that were opened. */
interface Lots {
  readonly ofClaimant?: Bytes32;
  readonly ofInsurer?: Bytes32;
}

const APPROVED = 1;
const ASKED = 3;

/** An organisation's own index of the claims on the ledger, from their events. */
export class ClaimIndex {
  readonly #known: Rows<ClaimFacts>;
  /** Of each treatment, the newest claim. */
  readonly #newest: Rows<Bytes32>;
  /** Of each account, the first claim that has it. */
  readonly #accounts: Rows<Bytes32>;
  readonly #lots: Rows<Lots>;

  /** @param store - The store of its rows. */
  constructor(store: RowStore) {
    this.#known = store.kind('claim');
    this.#newest = store.kind('newest-claim');
    this.#accounts = store.kind('account-of-claim');
    this.#lots = store.kind('lots');
  }

  /** Number of claims and of their accounts. */
  get rows(): number {
    return this.#known.size + this.#accounts.size;
  }

  /** A claim as the ledger has it, by its digest, without the ranking that follows from its lots; undefined if it is unknown. */
  facts(claim: Bytes32): ClaimFacts | undefined {
    return this.#known.get(claim);
  }

  /** The first claim that has an account; undefined if none does. */
  with(account: Address): Bytes32 | undefined {
    return this.#accounts.get(account);
  }

  /** The lots of both sides, the claimant's first; undefined before both are open. */
  lots(claim: Bytes32): readonly [Bytes32, Bytes32] | undefined {
    const { ofClaimant, ofInsurer } = this.#lots.get(claim) ?? {};
    if (ofClaimant === undefined || ofInsurer === undefined) return undefined;
    return [ofClaimant, ofInsurer];
  }

  /** Digest of the newest claim for a treatment; undefined before the first. */
  newest(treatment: Bytes32): Bytes32 | undefined {
    return this.#newest.get(treatment);
  }

  /**
   * Takes in an event of the contract.
   *
   * @param event - The next one.
   */
  apply(event: ClaimEvent): void {
    if (event.kind === 'Claimed') {
      this.#make(event);
      return;
    }
    const known = this.#known.get(event.claim);
    if (known === undefined) return;
    if (event.kind === 'ClaimDisputed') {
      this.#open(event.claim, event.lot, event.party === known.claimant);
    } else if (event.kind === 'LotOpened') {
      this.#open(event.claim, event.lot, known.disputant !== known.claimant);
    }
    this.#known.set(event.claim, { ...known, ...changeBy(event, known) });
  }

  #make(event: Extract<ClaimEvent, { kind: 'Claimed' }>): void {
    const { claim, claimant, insurer, payee, amount, total } = event;
    const { treatment, follows, authorisation, due } = event;
    const signed = { claimant, insurer, payee, amount, total, treatment, follows, authorisation };
    const former = this.#known.get(follows);
    const before = former === undefined ? 0 : former.before + former.approved;
    const begun = { state: 'open', round: 0, judged: [], step: 0, approved: 0 } as const;
    this.#known.set(claim, { ...signed, ...begun, due, before });
    for (const account of [claimant, payee]) {
      if (!this.#accounts.has(account)) this.#accounts.set(account, claim);
    }
    if (former !== undefined) this.#known.set(follows, { ...former, followedBy: claim });
    if (treatment !== ZERO32) this.#newest.set(treatment, claim);
    const ahead = this.#known.get(authorisation);
    if (ahead !== undefined) this.#known.set(authorisation, { ...ahead, state: 'used' });
  }

  #open(claim: Bytes32, lot: Bytes32, ofClaimant: boolean): void {
    const known = this.#lots.get(claim);
    this.#lots.set(claim, { ...known, [ofClaimant ? 'ofClaimant' : 'ofInsurer']: lot });
  }
}

/** Change of a claim by a step, as the contract makes it. */
function changeBy(
  event: Exclude<ClaimEvent, { kind: 'Claimed' }>,
  known: ClaimFacts,
): Partial<ClaimFacts> {
  switch (event.kind) {
    case 'ClaimDecided': {
      const { step, due, outcome, lotHash } = event;
      const approved = known.approved + event.amount;
      const state = outcome === ASKED ? 'asked' : decidedState(outcome, approved);
      return { state, step, due, approved, ...(known.round === 0 && { lotHash }) };
    }
    case 'ClaimSupplemented':
      return { state: 'open', step: event.step, due: event.due };
    case 'ClaimWithdrawn':
      return { state: known.approved > 0 ? 'approved' : 'withdrawn', step: event.step };
    case 'ClaimDisputed': {
      const { step, due, party: disputant } = event;
      const state = known.round === 0 ? 'disputed' : 'drawn';
      return { state, disputant, round: known.round + 1, judged: [], step, due };
    }
    case 'LotOpened':
      return { state: 'drawn', due: event.due };
    case 'ClaimJudged': {
      const { step, due, verifier, safe } = event;
      const after = stateAfter(event.state);
      const judged = [...known.judged, verifier];
      return { ...after, step, due, judged, ...(after.state === 'judged' && { safe }) };
    }
    case 'ClaimLapsed':
      return { ...stateAfter(event.state), due: event.due };
  }
}

function decidedState(outcome: number, approved: number): ClaimState {
  return outcome === APPROVED || approved > 0 ? 'approved' : 'denied';
}

/** With a reversal nothing is held any more. */
function stateAfter(number: number): Pick<ClaimFacts, 'state'> & Partial<ClaimFacts> {
  const state = CLAIM_STATES[number - 1] ?? 'open';
  return { state, ...(state === 'reversed' && { approved: 0 }) };
}
