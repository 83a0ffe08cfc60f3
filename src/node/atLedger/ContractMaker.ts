import { createdAddress, furtherCreation } from '../../bindings/contractCreations.ts';
import { KeyedLock } from '../../database/KeyedLock.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Sender } from '../../ledger/openSender.ts';
import { claimTermsOf } from '../../protocol/care/claimTermsOf.ts';
import type { Address } from '../../protocol/ids.ts';
import { withPartners, type FurtherContract } from '../../protocol/network/furtherContracts.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import type { ContractsCreated } from '../../protocol/operator/OperatorPort.ts';
import type { Succession } from '../../services/succession/Succession.ts';
import { findOtherAdded, type CreatedSource } from '../../services/succession/requireCreated.ts';

/** Options of `ContractMaker`. */
export interface ContractMakerOptions extends CreatedSource {
  readonly network: NetworkFile;
  readonly succession: Pick<Succession, 'files'>;
  /** The account that creates them. */
  readonly sender: Sender;
}

/**
 * Creates contracts that a network lacks, for a successor to add. Until that is signed they mean nothing to anybody: if the
 * work is cut off, it is done again, and what was created stays unused.
 */
export class ContractMaker {
  readonly #options: ContractMakerOptions;
  readonly #lock = new KeyedLock();
  /** Those that were created since this node was opened. */
  #created: ContractsCreated = {};

  /** @param options - The ledger, the network, and who sends. */
  constructor(options: ContractMakerOptions) {
    this.#options = options;
  }

  /**
   * Creates contracts, with those that they cannot be without. A repeat answers with the same ones while nobody used them.
   *
   * @param wanted - Their names.
   * @throws MedsealError `ARGUMENT_INVALID` if the network has one, or is about to; `LEDGER_REJECTED` if the ledger takes
   * no creation of their code; `NOT_YET` if they are not there in the end; of the ledger.
   */
  async create(wanted: readonly FurtherContract[]): Promise<ContractsCreated> {
    const names = withPartners(wanted);
    const newest = this.#options.succession.files.at(-1) ?? this.#options.network;
    const present = names.find((name) => newest.contracts[name] !== undefined);
    if (present !== undefined) {
      const reason = `the network has a contract ${present} already`;
      throw new MedsealError('ARGUMENT_INVALID', { argument: 'contract', reason });
    }
    if (names.includes('mandates')) {
      const reason = 'the contract of mandates comes with a founding alone';
      throw new MedsealError('ARGUMENT_INVALID', { argument: 'contract', reason });
    }
    return await this.#lock.run('create', async () => {
      const before = pick(this.#created, names);
      if (names.every((name) => before[name] !== undefined) && !(await this.#findOther(before)))
        return before;
      const made = await this.#send(names);
      if (await this.#findOther(made)) throw new MedsealError('NOT_YET', { what: 'contract' });
      this.#created = { ...this.#created, ...made };
      return made;
    });
  }

  async #findOther(made: ContractsCreated): Promise<boolean> {
    return (await findOtherAdded(this.#options, made, true)) !== undefined;
  }

  /** Sends the creations with nonces in a row: contracts that name each other need to know the other's. */
  async #send(names: readonly FurtherContract[]): Promise<ContractsCreated> {
    const { network, sender } = this.#options;
    const addressAt = (nonce: number): Address => createdAddress(sender.address, nonce);
    const made: Partial<Record<FurtherContract, Address>> = {};
    const sends = names.map(async (name, place) => {
      const dataAt = (nonce: number) => {
        made[name] = addressAt(nonce);
        return furtherCreation(name, {
          registry: network.contracts.registry,
          addressOf: (other) => addressAt(nonce - place + names.indexOf(other)),
          terms: claimTermsOf(network),
        });
      };
      await sender.send({ data: dataAt(names.length), dataAt });
    });
    const failed = (await Promise.allSettled(sends)).find(({ status }) => status === 'rejected');
    if (failed?.status === 'rejected') throw failed.reason;
    return made;
  }
}

function pick(created: ContractsCreated, names: readonly FurtherContract[]): ContractsCreated {
  return Object.fromEntries(names.map((name) => [name, created[name]]));
}
