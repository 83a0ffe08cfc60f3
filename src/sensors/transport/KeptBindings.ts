import { parseJsonBytes } from '../../crypto/parseJsonBytes.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Address, Bytes32 } from '../../protocol/ids.ts';
import { BYTES32 } from '../../protocol/wire/findShapeError.ts';
import { findShapeError } from '../../protocol/wire/findShapeError.ts';
import { jsonLimitsOf } from '../../protocol/wire/jsonLimitsOf.ts';
import type { DeviceRight } from '../gateway/ReadingsAuthor.ts';
import type { SensorGateway } from '../gateway/SensorGateway.ts';
import { bindingOf, errorToldOf, type BindingTold, type ErrorTold } from './deviceAnswers.ts';

/** Words of a gateway about the binding of a device. */
export interface BindingWords {
  /** Has the broker keep a binding for a device, or none. */
  keep(device: Address, binding: BindingTold | undefined): void;
  tellError(device: Address, error: ErrorTold): void;
}

/**
 * Keeps in order what a broker keeps for devices: a binding whose right is over goes, or gives way to the one that stands,
 * also if the gateway was away when it ended. Bindings of other gateways at the same broker stay as they are.
 */
export class KeptBindings {
  readonly #gateway: Pick<SensorGateway, 'rightOf' | 'stateOf'>;
  readonly #words: BindingWords;
  /** Devices for which the broker keeps a right of this gateway, by right. */
  readonly #kept = new Map<Bytes32, Address>();

  /**
   * @param gateway - Knows the rights.
   * @param words - Tells the broker.
   */
  constructor(gateway: Pick<SensorGateway, 'rightOf' | 'stateOf'>, words: BindingWords) {
    this.#gateway = gateway;
    this.#words = words;
  }

  /**
   * Hears what the broker keeps for a device: when the gateway begins to listen, and whenever it changes.
   *
   * @param device - The device.
   * @param bytes - A binding, or nothing; not trusted.
   */
  hear(device: Address, bytes: Uint8Array): void {
    if (bytes.length === 0) {
      // Another gateway may have cleared what this one had told.
      const right = this.#gateway.rightOf(device);
      if (right !== undefined) this.#words.keep(device, bindingOf(device, right));
      return;
    }
    const grant = grantIn(bytes);
    const state = grant && this.#gateway.stateOf(device, grant);
    if (grant === undefined || state === undefined) return;
    this.#kept.set(grant, device);
    if (state === 'over') this.#clear(device, grant);
  }

  /** Takes back a right that is over, if the broker keeps it. */
  over({ digest }: DeviceRight): void {
    const device = this.#kept.get(digest);
    if (device !== undefined) this.#clear(device, digest);
  }

  #clear(device: Address, grant: Bytes32): void {
    this.#kept.delete(grant);
    const right = this.#gateway.rightOf(device);
    this.#words.keep(device, right && bindingOf(device, right));
    this.#words.tellError(device, errorToldOf(new MedsealError('RIGHT_ENDED', {}), { grant }));
  }
}

function grantIn(bytes: Uint8Array): Bytes32 | undefined {
  try {
    const limits = jsonLimitsOf('any', bytes.length);
    const told = parseJsonBytes(bytes, limits) as { readonly grant?: unknown } | null;
    const grant = told?.grant;
    return findShapeError(BYTES32, grant, '') === undefined ? (grant as Bytes32) : undefined;
  } catch {
    return undefined;
  }
}
