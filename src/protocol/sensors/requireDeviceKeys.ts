import type { Primitives } from '../../crypto/Primitives.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { agreedFacts } from '../evidence/agreedFacts.ts';
import { domainOf } from '../struct/domainOf.ts';
import { fingerprintOf } from '../network/fingerprintOf.ts';
import type { EpochSheet } from '../rights/epochs.ts';
import type { Address, Bytes32, LogName } from '../ids.ts';
import type { NetworkFile } from '../network/NetworkFile.ts';
import { isProvenSheet } from '../rights/isProvenSheet.ts';
import { digestOf } from '../struct/signing.ts';
import type { Category } from '../vocabulary.ts';
import { deviceIdOf } from './deviceIdOf.ts';
import type { DevicePin, KeysTold } from './DeviceKeys.ts';
import { isDeviceRight } from './isDeviceRight.ts';
import { networkOfPin } from './networkOfPin.ts';

/** A device's question, as it remembers it. */
export interface KeysWanted {
  readonly device: Address;
  /** Digest of its right. */
  readonly grant: Bytes32;
  /** The nonce that it made. */
  readonly nonce: Bytes32;
  /** Unix seconds. */
  readonly now: number;
}

/** The key that a device seals its batches to. */
export interface DeviceKeys {
  /** Digest of the right that the batches name. */
  readonly grant: Bytes32;
  /** Category that the batches go to: the first of the right. */
  readonly category: Category;
  /** The patient's present epoch. */
  readonly epoch: number;
  /** The patient's recipients in that epoch. */
  readonly sheet: EpochSheet;
  /** The network file in force, and the log of the pin: they name the release key, if there is one. */
  readonly file: NetworkFile;
  readonly log: LogName;
  /** Fingerprint of the network file that was in force: the device follows from it alone from now on. */
  readonly network: Bytes32;
}

/**
 * Requires that what a gateway told is the key of the pinned patient's present epoch: the network file that it brought is the
 * pinned one or follows from it, the right names this device and this chart, k coordinators of that network sign over the device's own nonce that it stands and which commitment the
 * patient made, and the commitment holds the recipients. Neither gateway nor broker can make that up.
 *
 * @param primitives - Hashes and the curve.
 * @param pin - The chart that the device's patient gave it.
 * @param wanted - The question.
 * @param told - Of the form of `KEYS_TOLD`; not trusted.
 * @throws MedsealError `KEY_UNAUTHENTIC` naming what is wrong; `RIGHT_ENDED`; `KEY_PENDING` if the patient has no key for
 * the category yet; `EPOCHS_EXHAUSTED` before the patient's first commitment; `VERDICTS_MISSING`, `CLOCK_SKEWED`;
 * `NETWORK_FILE_INVALID`, `SUCCESSOR_INVALID`; `NOT_FOUND` if the network does not have the pinned log.
 * @example
 * ```ts
 * const { category, epoch } = requireDeviceKeys(patient.primitives, pin, wanted, told);
 * console.log(`seal ${category} to epoch ${epoch}`);
 * ```
 */
export function requireDeviceKeys(
  primitives: Primitives,
  pin: DevicePin,
  { device, grant: digest, nonce, now }: KeysWanted,
  told: KeysTold,
): DeviceKeys {
  const { grant, facts, sheet, successors } = told;
  const network = networkOfPin({ primitives }, pin, successors, now);
  const context = { domain: domainOf(network), primitives, network, log: pin.log };
  const { handle, terms } = grant;
  if (handle !== pin.handle) throw unauthentic('chart of the right');
  const isOwn = terms.record === deviceIdOf(primitives, device) && isDeviceRight(terms);
  if (!isOwn || digestOf(context, 'Grant', grant) !== digest) throw unauthentic('right');
  const asked = { nonce, handle, grant: digest };
  const { patient, grant: right } = agreedFacts(context, asked, facts, now);
  if (patient?.handle !== handle || right?.handle !== handle) throw unauthentic('right');
  if (right.state !== 'active') throw new MedsealError('RIGHT_ENDED', {});
  const { epoch } = patient;
  if (epoch === 0) throw new MedsealError('EPOCHS_EXHAUSTED', {});
  if (!isProvenSheet(primitives, patient, epoch, sheet)) throw unauthentic('sheet of the epoch');
  const [category = 'vitals'] = terms.categories;
  if (sheet.sheet.recipients[category] === undefined) throw new MedsealError('KEY_PENDING', {});
  const followed = fingerprintOf(primitives, network);
  const of = { sheet: sheet.sheet, file: network, log: pin.log };
  return { grant: digest, category, epoch, ...of, network: followed };
}

function unauthentic(what: string): MedsealError {
  return new MedsealError('KEY_UNAUTHENTIC', { what });
}
