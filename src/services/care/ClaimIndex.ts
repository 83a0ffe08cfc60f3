import type { ClaimEvents } from '../../bindings/ClaimEvents.ts';
import type { RuleEvent } from '../../bindings/RuleEvent.ts';
import {
  CLAIM_STATES,
  type ClaimFacts,
  type ClaimRefund,
  type ClaimState,
} from '../../protocol/claims.ts';
import type { LedgerPlace } from '../../protocol/evidence.ts';
import { ZERO32, type Address, type Bytes32 } from '../../protocol/ids.ts';

/** An event of the contract. */
type ClaimEvent = Extract<
  RuleEvent,
  {
    kind: Exclude<
      keyof ClaimEvents,
      'Issued' | 'Redeemed' | 'Accrued' | 'DebtChanged' | 'Transfer'
    >;
  }
>;

/** A step of a claim, told apart from any other that could have been taken in its place. */
export interface ClaimStepTaken {
  readonly kind: ClaimEvent['kind'];
  readonly claim: Bytes32;
  readonly step: number;
  /** Struct hash of its terms, for a dispute after its party; of a refund payee and amount. */
  readonly what?: string;
}

const APPROVED = 1;
const ASKED = 3;

/** An organisation's own index of the claims on the ledger, from their events. */
export class ClaimIndex {
  readonly #known = new Map<Bytes32, ClaimFacts>();
  /** Of each treatment, the newest claim. */
  readonly #newest = new Map<Bytes32, Bytes32>();
  /** Of each account, the first claim that has it. */
  readonly #accounts = new Map<Address, Bytes32>();
  /** Places of what was done, by the claim, and by its steps. */
  readonly #places = new Map<string, LedgerPlace>();

  /** Number of claims and of their steps that it holds in memory. */
  get rows(): number {
    return this.#known.size + this.#accounts.size + this.#places.size;
  }

  /** A claim as the ledger has it, by its digest; undefined if the ledger does not know it. */
  facts(claim: Bytes32): ClaimFacts | undefined {
    return this.#known.get(claim);
  }

  /** The first claim that has an account; undefined if none does. */
  with(account: Address): Bytes32 | undefined {
    return this.#accounts.get(account);
  }

  /** Digest of the newest claim for a treatment; undefined before the first. */
  newest(treatment: Bytes32): Bytes32 | undefined {
    return this.#newest.get(treatment);
  }

  /** Place on the ledger at which a claim was made. */
  made(claim: Bytes32): LedgerPlace | undefined {
    return this.#places.get(claim);
  }

  /** Place on the ledger of a step of a claim; undefined if another one was taken in its place. */
  taken(step: ClaimStepTaken): LedgerPlace | undefined {
    return this.#places.get(stepKey(step));
  }

  /**
   * Takes in an event of the contract.
   *
   * @param event - The next one.
   */
  apply(event: ClaimEvent): void {
    const { transaction, block } = event;
    if ('step' in event) this.#places.set(stepKey(stepOf(event)), { transaction, block });
    if (event.kind === 'Claimed') this.#places.set(event.claim, { transaction, block });
    if (event.kind === 'Claimed') {
      this.#make(event);
      return;
    }
    const known = this.#known.get(event.claim);
    if (known === undefined) return;
    const { former: _former, disputant: _disputant, verifier: _verifier, ...undisputed } = known;
    this.#known.set(event.claim, { ...undisputed, ...changeBy(event, known) });
  }

  #make(event: Extract<ClaimEvent, { kind: 'Claimed' }>): void {
    const { claim, claimant, insurer, payee, other, amount } = event;
    const { treatment, follows, authorisation, due } = event;
    const signed = { claimant, insurer, payee, other, amount, treatment, follows, authorisation };
    const former = this.#known.get(follows);
    const before = former === undefined ? 0 : former.before + former.paid + former.otherPaid;
    const begun = { state: 'open', disputed: [], step: 0, paid: 0, otherPaid: 0 } as const;
    this.#known.set(claim, { ...signed, ...begun, due, before });
    for (const account of [claimant, payee, other]) {
      if (!this.#accounts.has(account)) this.#accounts.set(account, claim);
    }
    if (treatment !== ZERO32) this.#newest.set(treatment, claim);
    const ahead = this.#known.get(authorisation);
    if (ahead !== undefined) this.#known.set(authorisation, { ...ahead, state: 'used' });
  }
}

/** Change of a claim by a step, as the contract makes it. */
function changeBy(
  event: Exclude<ClaimEvent, { kind: 'Claimed' }>,
  known: ClaimFacts,
): Partial<ClaimFacts> {
  switch (event.kind) {
    case 'ClaimDecided': {
      const { step, due, outcome } = event;
      const paid = known.paid + event.amount;
      const otherPaid = known.otherPaid + event.otherAmount;
      const state = outcome === ASKED ? 'asked' : decidedState(outcome, paid + otherPaid);
      return { state, step, due, paid, otherPaid };
    }
    case 'ClaimSupplemented':
      return { state: 'open', step: event.step, due: event.due };
    case 'ClaimWithdrawn': {
      const isPaid = known.paid + known.otherPaid > 0;
      return { state: isPaid ? 'approved' : 'withdrawn', step: event.step };
    }
    case 'ClaimDisputed': {
      const { step, due, party, verifier } = event;
      const disputed = [...known.disputed, party];
      const dispute = { former: known.state, disputant: party, verifier, disputed };
      return { state: 'disputed', ...dispute, step, due };
    }
    case 'ClaimJudged': {
      const { step, due, paid, otherPaid } = event;
      return { state: stateOf(event.state), step, due, paid, otherPaid };
    }
    case 'ClaimLapsed':
      return { state: stateOf(event.state), due: event.due };
    case 'ClaimRefunded': {
      const { step, payee, amount } = event;
      if (payee === known.payee) return { step, paid: known.paid - amount };
      return { step, otherPaid: known.otherPaid - amount };
    }
    case 'ClaimCollected':
      return { paid: known.paid - event.amount, otherPaid: known.otherPaid - event.otherAmount };
  }
}

function decidedState(outcome: number, paid: number): ClaimState {
  return outcome === APPROVED || paid > 0 ? 'approved' : 'denied';
}

function stateOf(number: number): ClaimState {
  return CLAIM_STATES[number - 1] ?? 'open';
}

/** Name of what a refund does. */
export function refundKey({ payee, amount }: Pick<ClaimRefund, 'payee' | 'amount'>): string {
  return `${payee}/${amount}`;
}

/** Name of a dispute: each side has one. */
export function disputeKey({
  party,
  termsHash,
}: {
  readonly party: Address;
  readonly termsHash: Bytes32;
}): string {
  return `${party}/${termsHash}`;
}

function stepKey({ kind, claim, step, what = '' }: ClaimStepTaken): string {
  // The ledger gives a dispute its number: refunds may come before it.
  return `${claim}/${kind === 'ClaimDisputed' ? '' : step}/${kind}/${what}`;
}

function stepOf(event: Extract<ClaimEvent, { step: number }>): ClaimStepTaken {
  const { kind, claim, step } = event;
  if (event.kind === 'ClaimRefunded') return { kind, claim, step, what: refundKey(event) };
  if (event.kind === 'ClaimDisputed') return { kind, claim, step, what: disputeKey(event) };
  return { kind, claim, step, ...('termsHash' in event && { what: event.termsHash }) };
}
