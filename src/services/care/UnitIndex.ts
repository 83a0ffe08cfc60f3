import type { RuleEvent } from '../../bindings/RuleEvent.ts';
import type { RowStore } from '../../database/rows/RowStore.ts';
import type { Rows } from '../../database/rows/Rows.ts';
import type { AccountFacts, IssuerFacts } from '../../protocol/care/claims.ts';
import { ZERO_ADDRESS, type Address, type Bytes32 } from '../../protocol/ids.ts';

/** An event of the contract. */
type UnitEvent = Extract<RuleEvent, { kind: 'Issued' | 'Redeemed' | 'Transfer' }>;

const NOTHING: AccountFacts = { balance: 0, number: 0 };

/** An organisation's own index of settlement units on the ledger, from their events. */
export class UnitIndex {
  readonly #accounts: Rows<AccountFacts>;
  readonly #issuers: Rows<IssuerFacts>;

  /** @param store - The store of its rows. */
  constructor(store: RowStore) {
    this.#accounts = store.kind('account');
    this.#issuers = store.kind('issuer');
  }

  /** Number of accounts and issuers. */
  get rows(): number {
    return this.#accounts.size + this.#issuers.size;
  }

  /** An account; an empty one if the ledger does not know it. */
  account(account: Address): AccountFacts {
    return this.#accounts.get(account) ?? NOTHING;
  }

  /**
   * An organisation's issues; none if the ledger does not know them.
   *
   * @param organisation - Its name in ASCII, padded with zeros.
   */
  issuer(organisation: Bytes32): IssuerFacts {
    return this.#issuers.get(organisation) ?? { outstanding: 0, number: 0 };
  }

  /**
   * Takes in an event of the contract.
   *
   * @param event - The next one.
   */
  apply(event: UnitEvent): void {
    switch (event.kind) {
      case 'Transfer': {
        const { from, to, value } = event;
        if (from !== ZERO_ADDRESS) this.#change(from, -value);
        if (to !== ZERO_ADDRESS) this.#change(to, value);
        break;
      }
      case 'Issued': {
        const { organisation, amount, number } = event;
        const { outstanding } = this.issuer(organisation);
        this.#issuers.set(organisation, { outstanding: outstanding + amount, number });
        break;
      }
      case 'Redeemed': {
        const { organisation, holder, amount, number } = event;
        const issuer = this.issuer(organisation);
        const outstanding = issuer.outstanding - amount;
        this.#issuers.set(organisation, { ...issuer, outstanding });
        this.#accounts.set(holder, { ...this.account(holder), number });
        break;
      }
    }
  }

  #change(id: Address, by: number): void {
    const account = this.account(id);
    this.#accounts.set(id, { ...account, balance: account.balance + by });
  }
}
