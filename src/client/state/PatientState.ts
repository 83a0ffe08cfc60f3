import { redactedInPrint } from '../../crypto/keys/redactedInPrint.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Keyring, SeededKeyring } from '../../protocol/rights/epochs.ts';
import type { Address, Bytes32, Handle } from '../../protocol/ids.ts';
import type { Grant } from '../../protocol/struct/requests.ts';
import type { DeviceNamed } from '../../protocol/sensors/deviceCode.ts';
import type { Mandate } from '../../protocol/care/mandates.ts';
import type { Will } from '../../protocol/care/vitalRecords.ts';
import type { Category } from '../../protocol/vocabulary.ts';
import { endFormerSpan } from '../epochs/endFormerSpan.ts';
import { keyringOf } from '../epochs/keyringOf.ts';
import type { Party } from '../party/Party.ts';
import { openRemembered, rememberSealed } from '../party/sealedMemory.ts';
import type { StandingRule } from '../rules/StandingRule.ts';

/** A grant as the patient's devices know it. */
export interface KnownGrant {
  /** Opening of the grant. */
  readonly grant: Grant;
  /** Its EIP-712 digest: its key on the ledger. */
  readonly digest: Bytes32;
  /** The newest epoch whose keys nodes are known to keep for the grantee; 0 for none. */
  readonly sealedTo: number;
  /** Number of versions whose keys nodes are known to keep, for a grant to one record alone. */
  readonly versions?: number;
  /** Name of the standing rule that it follows from; absent for a grant that was given by itself. */
  readonly rule?: string;
  /** The device that it binds, for a right that names one. */
  readonly device?: DeviceNamed;
}

/** A mandate as the patient's devices know it. */
export interface KnownMandate {
  /** Its opening. */
  readonly mandate: Mandate;
  readonly digest: Bytes32;
  /** age recipient of the acting key: the state is sealed to it too. */
  readonly recipient: string;
  /** True once the span of keys that it opened ended, after the mandate did. */
  readonly isClosed?: boolean;
}

/**
 * State that a patient's devices share about the chart. Nodes store it too, sealed to the patient, so that the seed
 * brings it back on a new device.
 */
export interface PatientState {
  readonly format: 'medseal-patient/1';
  /** Grows with every change, so that no older state passes for the newest. */
  readonly revision: number;
  readonly handle: Handle;
  /** The ID that the authority issued. */
  readonly patientId: string;
  /** Opens the handle, 16 bytes in hexadecimal. */
  readonly salt: string;
  /** The keys of the prepared epochs: no later state gives another key, and only erased keys are missing. */
  readonly keyring: Keyring;
  /**
   * For each category that is being erased, the last epoch whose keys are deleted: no packet of a later epoch holds
   * them, so a packet that is on its way during the deletion does not hold them either. It stays until the log has the
   * erasure.
   */
  readonly erasing?: Readonly<Partial<Record<Category, number>>>;
  /** Every grant that the patient gave, newest last. */
  readonly grants: readonly KnownGrant[];
  /** By grantee, SHA-256 of the recipient that keys are sealed to; another one has to be confirmed first. */
  readonly recipients: Readonly<Record<Address, Bytes32>>;
  /** Standing rules, oldest first. */
  readonly rules?: readonly StandingRule[];
  /** Mandates that were given, oldest first: those that are over too, so that lists have their names. */
  readonly mandates?: readonly KnownMandate[];
  /** Openings of the newest will, and of one that the ledger may not have taken yet. */
  readonly wills?: readonly Will[];
  /** Names that the patient gave to devices that measure, by address; see `nameDevice`. */
  readonly deviceNames?: Readonly<Record<Address, string>>;
}

/** A state as nodes or devices have it: this version reads the keyring of the one before. */
export interface StoredState extends Omit<PatientState, 'keyring'> {
  readonly keyring: Keyring | SeededKeyring;
}

const NAME = 'patient';

/**
 * Reads the patient's state from the device, where it lies sealed under a key of the seed. One that no key of the party opens
 * is not there: nodes have it.
 *
 * @param holder - The patient, at one of its devices.
 * @throws MedsealError `NOT_FOUND` on a device of someone who is not a patient.
 * @example
 * ```ts
 * const { handle, grants } = await readPatientState(patient);
 * const chart = await readChart(patient, { handle, purpose: 'PATRQT' });
 * console.log(`${chart.records.length} record versions, ${grants.length} grants`);
 * ```
 */
export async function readPatientState(holder: StateHolder): Promise<PatientState> {
  const recalled = await recallState(holder);
  if (recalled === undefined)
    throw new MedsealError('NOT_FOUND', { what: 'patient on this device' });
  return recalled.state;
}

/** A party at a device, or the device and the keys that open the state on it. */
export type StateHolder = Pick<Party, 'cipher' | 'device' | 'formerKeys' | 'keys'>;

/** The state on a device, and who could write it there. */
export interface StateRecalled {
  readonly state: PatientState;
  /** The key that it is sealed under; `none` for one that a device of the version before stored in clear. */
  readonly under: 'present' | 'former' | 'none';
}

/**
 * Reads the patient's state from the device, and tells how it lies there: in clear, everybody who writes the device's files may
 * have chosen it. One that a former key sealed has its last span ended, as `openNewest` ends it.
 *
 * @param holder - The patient, at one of its devices.
 * @returns Undefined if the device has no state that a key of the party opens.
 */
export async function recallState(holder: StateHolder): Promise<StateRecalled | undefined> {
  const { cipher, keys: present, formerKeys = [] } = holder;
  const stored = await holder.device.read(NAME);
  if (stored === undefined || stored === null) return undefined;
  if (typeof stored !== 'string') {
    return { state: openedState(holder, stored as StoredState, false), under: 'none' };
  }
  for (const keys of [present, ...formerKeys]) {
    const opened = openRemembered({ keys, ...(cipher && { cipher }) }, NAME, stored);
    if (opened === undefined) continue;
    const isOfFormer = keys !== present;
    const state = openedState(holder, opened as StoredState, isOfFormer);
    return { state, under: isOfFormer ? 'former' : 'present' };
  }
  return undefined;
}

/**
 * Brings a state that was opened into the form of this version.
 *
 * @param party - The patient.
 * @param state - The state, as it was stored.
 * @param isOfFormer - True if a former key kept it: a holder of that key may have chosen it, so its last span ends.
 */
export function openedState(
  party: Pick<Party, 'keys'>,
  state: StoredState,
  isOfFormer: boolean,
): PatientState {
  const keyring = keyringOf(party.keys.seed(), state.keyring);
  return redactedState({ ...state, keyring: isOfFormer ? endFormerSpan(keyring) : keyring });
}

/** Keeps a patient's state, and the keyring in it, from being printed in Node. */
export function redactedState(state: PatientState): PatientState {
  return redactedInPrint({ ...state, keyring: redactedInPrint(state.keyring) });
}

/** Writes the patient's state to the device. */
export async function writePatientState(party: Party, state: PatientState): Promise<void> {
  await rememberSealed(party, NAME, state);
}
