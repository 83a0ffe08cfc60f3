import type { MedsealError } from '../../errors/MedsealError.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import type { Grant } from '../../protocol/struct/requests.ts';
import type { KeysTold } from '../../protocol/sensors/DeviceKeys.ts';
import type { DeviceAnnounced } from '../../protocol/sensors/helloDigest.ts';
import type { ReadingsMessage } from '../../protocol/sensors/ReadingsMessage.ts';

/** A right to carry what a device signed. */
export interface DeviceRight {
  readonly grant: Grant;
  readonly digest: Bytes32;
}

/** A right as a look at the nodes found it. */
export interface DeviceRightFound extends DeviceRight {
  /** True if its patient ended it before its time. */
  readonly isEnded?: boolean;
}

/** A device's batch with the right that it names. */
export interface BatchToPrepare extends DeviceRight {
  readonly message: ReadingsMessage;
  /** Message as the device sent it. */
  readonly bytes: Uint8Array;
  /** Model and serial number as the device signed them; absent if it has not announced itself to this run. */
  readonly announced?: DeviceAnnounced;
}

/** Place of a batch's entry. */
export interface BatchPlace {
  readonly log: string;
  readonly index: number;
}

/** The party of a gateway, as far as it puts readings on charts. */
export interface ReadingsAuthor {
  /**
   * Gathers for a device what it seals by; nothing of it is verified.
   * @param right - The device's right.
   * @param nonce - The device's own.
   * @throws MedsealError if no node answers.
   */
  gatherKeys(right: DeviceRight, nonce: Bytes32): Promise<KeysTold>;
  /** Returns all rights of devices that it has been given, those that are over too. */
  findRights(): Promise<readonly DeviceRightFound[]>;
  /**
   * Seals a batch, uploads it and signs the request that puts it on the chart.
   * @returns The request, as a text to be kept and submitted.
   */
  prepare(batch: BatchToPrepare): Promise<string>;
  /**
   * Submits requests at once. A batch that is on the log already is found there.
   * @returns For each its place, or the error.
   * @throws MedsealError if nobody answered.
   */
  submit(prepared: readonly string[]): Promise<readonly (BatchPlace | MedsealError)[]>;
}
