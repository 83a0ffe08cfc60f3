import type { Bytes32, Handle, Hex } from '../ids.ts';
import { CATEGORIES, type Category } from '../vocabulary.ts';

/** The public recipients of one epoch of one patient: anyone permitted can add without being able to read. */
export interface EpochSheet {
  readonly format: 'medseal-sheet/1';
  readonly handle: Handle;
  readonly epoch: number;
  /** age recipients (`age1pq1…`) by category; of a chart that is older than `sensitive`, without that. */
  readonly recipients: Readonly<Partial<Record<Category, string>>>;
  /**
   * The patient's own recipients for the same categories, whose identities are in no packet; absent if the channel has no
   * release key.
   */
  readonly own?: Readonly<Partial<Record<Category, string>>>;
}

/** A sheet with the proof that the patient committed to it. */
export interface ProvenSheet {
  readonly sheet: EpochSheet;
  /** RFC 9162 inclusion proof in the root on the ledger; its place is `epoch - first`. */
  readonly proof: readonly Bytes32[];
}

/** The plaintext of a key packet: keys for a grantee, or for the patient on a new device. */
export interface Packet {
  readonly format: 'medseal-packet/1';
  readonly handle: Handle;
  /** The newest epoch that it opens. */
  readonly epoch: number;
  /**
   * age identities (`AGE-SECRET-KEY-PQ-1…`) by epoch and category: of the last epoch of each span, and of `epoch`.
   * Those of the epochs before follow from them.
   */
  readonly identities: Readonly<Record<string, Readonly<Partial<Record<Category, string>>>>>;
  /**
   * For a right to one record alone, in place of identities: the keys of its files (16 bytes) by their hash, or of guarded
   * files the halves that open with a release (32 bytes); null for a key that the patient erased.
   */
  readonly files?: Readonly<Record<Bytes32, Hex | null>>;
}

/** The name of a key of a span: a category, or `own`, which only the patient's devices have. */
export const SPAN_KEYS = [...CATEGORIES, 'own'] as const;
/** One of these names. */
export type SpanKey = (typeof SPAN_KEYS)[number];

/** Values by the last epoch of a span and by the key's name; one that was erased is not there. */
type BySpan = Readonly<Record<string, Readonly<Partial<Record<SpanKey, string>>>>>;

/**
 * The secrets of a chart: random keys that follow from nothing, in the state of the patient's devices. A key belongs to
 * the last epoch of a span; those of the epochs before, down to the span before, follow from it.
 */
export interface Keyring {
  readonly format: 'medseal-keyring/2';
  readonly handle: Handle;
  /** The newest epoch that was prepared: committed to, or about to be. */
  readonly prepared?: number;
  /** The newest epoch whose keys a former holder of the state may have; absent before the first change of key. */
  readonly former?: number;
  /**
   * Random age identities (`AGE-SECRET-KEY-PQ-1…`) by the last epoch of a span and by key. From the key `own` and an epoch's
   * identity follows the patient's own identity (`ownIdentity`). It is in no packet, and absent if the channel had no release
   * key when the span was prepared.
   */
  readonly keys: BySpan;
}

/** A keyring of before, whose open spans follow from the patient's seed. */
export interface SeededKeyring {
  readonly format: 'medseal-keyring/1';
  readonly handle: Handle;
  readonly prepared?: number;
  /** 16 random bytes in hexadecimal, which give a key together with the seed. */
  readonly salts: BySpan;
  /** Of spans that were ended early: in place of salts the identities of their last epochs. */
  readonly closed?: BySpan;
}
