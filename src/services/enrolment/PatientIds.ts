import { bytesToHex } from '../../crypto/bytes.ts';
import { handleOf } from '../../crypto/handleOf.ts';
import { KeyedLock } from '../../database/KeyedLock.ts';
import type { Address, Hex, Organisation } from '../../protocol/ids.ts';
import { ownLogOf, ownLogsOf } from '../../protocol/network/networkLookups.ts';
import type { Application } from '../../protocol/struct/requests.ts';
import type { HandleOpening } from '../ports.ts';
import type { ServiceContext } from '../ServiceContext.ts';
import { enrolmentRefused } from './accountApprovals.ts';
import { openedHandle, PATIENT_ID_BYTES, PATIENT_SALT_BYTES } from './openedHandle.ts';

/** A patient ID, the party to which it was issued, and the opening of the handle. */
export interface IssuedId extends HandleOpening {
  readonly party: Address;
  readonly handle: Hex;
}

/** Memory of patient IDs of a member of the authority. */
export interface IssuedIds {
  /** Finds the patient ID that was issued to a party before. */
  find(party: Address): Promise<IssuedId | undefined>;
  /** Keeps an issued ID durably before anybody is told of it. */
  keep(issued: IssuedId): Promise<void>;
}

/** Patient IDs that a member of the authority issues, and handles that others made. */
export class PatientIds {
  readonly #context: ServiceContext;
  readonly #issued: IssuedIds;
  readonly #issuing = new KeyedLock();

  constructor(context: ServiceContext, issued: IssuedIds) {
    this.#context = context;
    this.#issued = issued;
  }

  /**
   * A patient whose answer was lost asks again, and has the same ID; a new one where somebody who saw it had it enrolled
   * for another party.
   */
  async issueOnce({ party, organisation }: Application): Promise<IssuedId> {
    const { index } = this.#context;
    await index.refresh();
    return await this.#issuing.run(party, async () => {
      const before = await this.#issued.find(party);
      const controller = before && index.patient(before.handle)?.controller;
      if (before !== undefined && (controller ?? party) === party) return before;
      const issued = { ...this.#issue(organisation), party };
      await this.#issued.keep(issued);
      return issued;
    });
  }

  /** Requires that a handle is new: one that a lying member made up could be another's, or close to it. */
  async requireNew(
    handle: Hex,
    opening: HandleOpening | undefined,
    organisation: Organisation,
  ): Promise<void> {
    const { network, primitives, index } = this.#context;
    if (opening === undefined) throw enrolmentRefused('the opening of the handle is missing');
    const isOpened = ownLogsOf(network, organisation).some(
      ({ channel }) => openedHandle(primitives, channel.name, opening) === handle,
    );
    if (!isOpened) {
      throw enrolmentRefused('the handle is not the commitment to the ID and the salt');
    }
    await index.refresh();
    if (index.patient(handle) !== undefined) {
      throw enrolmentRefused('the handle is another patient’s');
    }
  }

  #issue(organisation: Organisation): Omit<IssuedId, 'party'> {
    const { network, primitives, random } = this.#context;
    const { channel } = ownLogOf(network, organisation);
    const patientId = `P-${bytesToHex(random(PATIENT_ID_BYTES)).slice(2).toUpperCase()}`;
    const salt = random(PATIENT_SALT_BYTES);
    const handle = handleOf(primitives, { channel: channel.name, patientId, salt });
    return { handle: bytesToHex(handle), patientId, salt: bytesToHex(salt) };
  }
}
