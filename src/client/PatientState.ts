import { MedsealError } from '../errors/MedsealError.ts';
import type { Keyring } from '../protocol/epochs.ts';
import type { Bytes32, Handle } from '../protocol/ids.ts';
import type { Grant } from '../protocol/requests.ts';
import type { DeviceStore } from './DeviceStore.ts';
import type { Party } from './Party.ts';

/** A grant as the patient's device knows it. */
export interface KnownGrant {
  /** The opening. */
  readonly grant: Grant;
  /** Its EIP-712 digest: its key on the ledger. */
  readonly digest: Bytes32;
  /** Whether it was ended. */
  readonly ended: boolean;
}

/** What a patient's device knows of the patient's own chart. */
export interface PatientState {
  readonly handle: Handle;
  /** The ID that the authority issued. */
  readonly patientId: string;
  /** Opens the handle, 16 bytes in hexadecimal. */
  readonly salt: string;
  /** Salts of the committed epochs. */
  readonly keyring: Keyring;
  /** Every grant that was given, newest last. */
  readonly grants: readonly KnownGrant[];
}

const NAME = 'patient';

/**
 * Reads what the device knows of its patient.
 *
 * @throws MedsealError `NOT_FOUND` on a device of someone who is not a patient.
 */
export async function readPatientState(party: Party): Promise<PatientState> {
  const state = await party.device.read(NAME);
  if (state === undefined) throw new MedsealError('NOT_FOUND', { what: 'patient on this device' });
  return state as PatientState;
}

/** Keeps what the device knows of its patient. */
export async function writePatientState(party: Party, state: PatientState): Promise<void> {
  await party.device.write(NAME, state);
}

const turns = new WeakMap<DeviceStore, Promise<unknown>>();

/**
 * Changes what the device knows of its patient. Changes of one device go one after another, so that none is lost:
 * a right that the device does not know could not be ended.
 *
 * @param party - The patient.
 * @param change - From what is known now.
 * @returns What is known then.
 * @throws MedsealError `NOT_FOUND` on a device of someone who is not a patient.
 */
export async function changePatientState(
  party: Party,
  change: (state: PatientState) => PatientState,
): Promise<PatientState> {
  const before = turns.get(party.device) ?? Promise.resolve();
  const mine = before
    .catch(() => undefined)
    .then(async () => {
      const state = change(await readPatientState(party));
      await writePatientState(party, state);
      return state;
    });
  turns.set(party.device, mine);
  return await mine;
}
