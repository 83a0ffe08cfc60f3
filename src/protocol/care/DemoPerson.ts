import type { Address, Handle, Hex, Organisation } from '../ids.ts';
import type { Role } from '../vocabulary.ts';

/**
 * An invented person of a demonstration, with the key: a visitor of the demonstration acts as any of them. No other
 * network gives keys away.
 */
export interface DemoPerson {
  /** Name of the key, such as `doctor`. */
  readonly name: string;
  /** The person's name, such as `Dr. Lena Brandt`. */
  readonly called: string;
  readonly role: Role;
  readonly organisation: Organisation;
  readonly address: Address;
  /** 32 bytes that the keys derive from. */
  readonly seed: Hex;
  /** Address of the portal of the person's organisation; absent if it is beside this one. */
  readonly portal?: string;
  /** Chart of a patient. */
  readonly handle?: Handle;
}
