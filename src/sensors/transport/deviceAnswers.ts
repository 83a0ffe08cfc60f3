import type { MedsealError } from '../../errors/MedsealError.ts';
import type { Address, Bytes32 } from '../../protocol/ids.ts';
import type { DeviceRight } from '../gateway/ReadingsAuthor.ts';
import type { BatchState } from '../spool/ReadingsSpool.ts';

/** State of a batch as its device is told: `stored` is the promise that it will not be lost. */
export type BatchTold = { readonly digest: Bytes32 } & BatchState;

/** Error as a device is told it. */
export interface ErrorTold {
  /** Batch that it is about, if it is about one. */
  readonly digest?: Bytes32;
  /** Right that it is about, if it is about one. */
  readonly grant?: Bytes32;
  readonly code: string;
  readonly message: string;
  /** Values that the message names. */
  readonly values: Readonly<Record<string, string | number>>;
  /** True if the same may be taken later. */
  readonly again: boolean;
}

/** Binding as a device is told it: the right that its batches name. */
export interface BindingTold {
  readonly format: 'medseal-binding/1';
  readonly device: Address;
  /** Digest of the right. */
  readonly grant: Bytes32;
  readonly categories: readonly string[];
  /** First second of the right, Unix. */
  readonly from: number;
  /** First second after it. */
  readonly until: number;
}

/** Makes the binding that a device is told. */
export function bindingOf(device: Address, { grant, digest }: DeviceRight): BindingTold {
  const { categories, from, until } = grant.terms;
  return { format: 'medseal-binding/1', device, grant: digest, categories, from, until };
}

/**
 * Makes the error that a device is told.
 *
 * @param error - The error.
 * @param about - Batch or right that it is about.
 */
export function errorToldOf(
  { code, message, values, retry }: MedsealError,
  about: Pick<ErrorTold, 'digest' | 'grant'> = {},
): ErrorTold {
  return { ...about, code, message, values, again: retry };
}
