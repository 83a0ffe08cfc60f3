import type { LedgerProvider } from '../../bindings/LedgerProvider.ts';
import type { NodePorts } from '../../folder/NodePorts.ts';
import type { AccountKey } from '../../folder/organisationKeys.ts';
import { openSender, type Sender } from '../../ledger/openSender.ts';
import type { Address, Organisation } from '../../protocol/ids.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { enrolSender } from '../../services/enrolment/enrolSender.ts';
import { suspendFormer } from '../../services/enrolment/suspendFormer.ts';
import type { LedgerIndex } from '../../services/LedgerIndex.ts';
import type { AuthorityPort } from '../../services/ports.ts';
import type { ServiceContext } from '../../services/ServiceContext.ts';
import type { RulesCarrier } from '../../services/succession/carryChanges.ts';
import { contextOf } from '../contextOf.ts';
import type { OrganisationHome } from '../NodeFolder.ts';

/** Options of `LedgerSeat`. */
export interface LedgerSeatOptions {
  /** The organisation, with the keys that the network file names. */
  readonly home: OrganisationHome;
  /** The account that it had first. */
  readonly first: AccountKey | undefined;
  /** Its account. */
  readonly sender: Sender;
  readonly network: NetworkFile;
  readonly ledger: LedgerProvider;
  /** A view of who may call. */
  readonly index: LedgerIndex;
  /** Returns the members of the authority, as the organisation reaches them. */
  readonly members: () => readonly AuthorityPort[];
  readonly ports: NodePorts;
  /** Ends the wait for blocks of what it sends from an account of before. */
  readonly ended?: AbortSignal;
}

/** An organisation of a node as it acts at the ledger for itself and for others, beside the requests of its parties. */
export class LedgerSeat {
  readonly home: OrganisationHome;
  readonly #options: LedgerSeatOptions;

  /** @param options - The organisation, its account and the ledger. */
  constructor(options: LedgerSeatOptions) {
    this.home = options.home;
    this.#options = options;
  }

  /** Tells whether its account is enrolled, as far as the ledger was read. */
  get isEnrolled(): boolean {
    const { index, sender } = this.#options;
    return index.party(sender.address) !== undefined;
  }

  /** A context for what it brings to the ledger. */
  get carrier(): ServiceContext & NodePorts & RulesCarrier {
    const { ledger, sender } = this.#options;
    return { ...this.#contextFor(this.home.organisation), ledger, sender };
  }

  /**
   * Has an account of its own enrolled; while its present one is not, one that it had before sends for it.
   *
   * @param account - The account; its present one unless given.
   * @throws MedsealError as `enrolSender` does.
   */
  async enrol(account: Address = this.#options.sender.address): Promise<void> {
    await enrolSender(this.carrier, this.#enrolledSender(), this.#options.members(), account);
  }

  /**
   * Has an account enrolled that sends for another organisation, or for another channel.
   *
   * @param name - The organisation that it sends for.
   * @param account - The account.
   * @throws MedsealError as `enrolSender` does.
   */
  async enrolFor(name: Organisation, account: Address): Promise<void> {
    const { sender, members } = this.#options;
    await enrolSender(this.#contextFor(name), sender, members(), account);
  }

  /**
   * Has an account suspended that no network file names any more.
   *
   * @param account - The account.
   * @throws MedsealError as `suspendFormer` does.
   */
  async suspend(account: Address): Promise<void> {
    const { sender, members } = this.#options;
    await suspendFormer(this.carrier, sender, members(), account);
  }

  #contextFor(organisation: Organisation): ServiceContext & NodePorts {
    const { ports, network, index } = this.#options;
    return contextOf(ports, { network, organisation, index });
  }

  /** Its account; while that is not enrolled, one that it had before. */
  #enrolledSender(): Sender {
    if (this.isEnrolled) return this.#options.sender;
    const { home, first, sender, network, ledger, index, ports, ended } = this.#options;
    const { keys, later } = home;
    const before = [...(first ? [first] : []), ...later.node.senders].find(({ address }) => {
      const account = index.party(address);
      return address !== keys.sender.address && account !== undefined && !account.suspended;
    });
    if (before === undefined) return sender;
    const { clock, primitives } = ports;
    const { chainId } = network.ledger;
    const secret = before.signingKey;
    return openSender({ provider: ledger, chainId, secret, primitives, clock, ended });
  }
}
