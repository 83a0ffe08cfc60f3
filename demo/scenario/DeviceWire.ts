import type { Address, Bytes32 } from '../../src/protocol/ids.ts';
import type { LogPlace } from '../../src/protocol/AgentPort.ts';
import type { KeysTold } from '../../src/protocol/sensors/DeviceKeys.ts';
import type { MessageSigned } from '../../src/protocol/sensors/signReadings.ts';

/** A device of a scenario, made in software. */
export interface ScenarioDevice {
  /** The device's key, 32 bytes. */
  readonly signingKey: Uint8Array;
  readonly address: Address;
  readonly model: string;
  readonly serial: string;
}

/** The way of a device to its gateway: a broker between them. */
export interface DeviceWire {
  /**
   * Has a device announce itself.
   *
   * @param device - The device.
   * @returns Digest of the right that the gateway tells it.
   */
  announce(device: ScenarioDevice): Promise<Bytes32>;
  /**
   * Has a device send a batch, and waits until its gateway tells where the log has it.
   *
   * @param device - Its topics are used.
   * @param message - As the device signed it.
   * @throws MedsealError that the gateway tells the device.
   */
  send(
    device: Pick<ScenarioDevice, 'address'>,
    message: Pick<MessageSigned, 'bytes' | 'digest'>,
  ): Promise<LogPlace>;
  /**
   * Asks the gateway for the keys that a device seals to.
   *
   * @param device - Its topics are used.
   * @param question - As `signKeysAsked` makes it.
   * @returns The answer, which is not verified.
   * @throws MedsealError that the gateway tells the device.
   */
  askKeys(device: Pick<ScenarioDevice, 'address'>, question: string): Promise<KeysTold>;
  /** Stops the gateway. */
  close(): Promise<void>;
}
