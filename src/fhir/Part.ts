import type { BundleEntry, Coding, Provenance } from '@medplum/fhirtypes';
import type { Hex, RecordId } from '../protocol/ids.ts';
import type { Category } from '../protocol/vocabulary.ts';

/** Number of parts of a bundle, at most; by category and encounter, the largest that we know has some thousand. */
export const MOST_PARTS = 65_536;

/** The trait that the entries of one part share: their category, or also their encounter. */
export type SplitBy = 'category' | 'encounter';

/** One part of a bundle, which becomes one sealed record. */
export interface Part {
  /** The category that it is sealed under. */
  readonly category: Category;
  /** The content to seal; a JSON value. */
  readonly content: PartContent;
}

/**
 * Content of a part. Only the first part tells how the whole is put together; the others tell their reader nothing of
 * what else there is, neither how many parts nor where their entries lay among others.
 */
export interface PartContent {
  readonly format: 'medseal-part/1';
  /** 16 random bytes, the same in every part of one bundle and in no other. */
  readonly set: Hex;
  /** Number of the part; 0 is the first. */
  readonly part: number;
  /** The category that it was sealed under, so that it cannot be passed off as something else. */
  readonly category: Category;
  /** In part 0: what is needed to put the whole together. */
  readonly whole?: Whole;
  /** The amendment of the whole bundle that wrote it last; 16 random bytes. Absent until there was one. */
  readonly edition?: Hex;
  /**
   * In a part of `sensitive`: labels of the bundle or its composition, by which entries without labels of their own are
   * sensitive. Absent if there are no labels.
   */
  readonly security?: readonly Coding[];
  /** In part 0 of what was labelled in a bundle: the other entries, which are a bundle of their own. */
  readonly beside?: Beside;
  /** Entries of the bundle, unchanged, in their order. */
  readonly entries: readonly BundleEntry[];
  /**
   * In an amended part: who changed which of its entries, when and why; in a dispense, who dispensed. It is not an entry of
   * the bundle.
   */
  readonly provenance?: Provenance;
}

/**
 * Tells those who may read labelled entries what these were beside. The other entries are a bundle by themselves, which says
 * nothing of it: it is the same, to the byte, as if nothing had been labelled and left out.
 */
export interface Beside {
  /** The set of the other entries. */
  readonly set: Hex;
  /** Fields of their bundle when this was written. */
  readonly bundle: Readonly<Record<string, unknown>>;
  /** For each entry of the true bundle: 1 if it is one of these, else 0. */
  readonly order: readonly number[];
}

/** Structure of a bundle. */
export interface Whole {
  /** Every field of the bundle but `entry`. */
  readonly bundle: Readonly<Record<string, unknown>>;
  readonly by: SplitBy;
  /** For each entry of the bundle the number of the part that it is in. */
  readonly order: readonly number[];
  /**
   * For each part, the emptied ones too, the edition of it that belongs to the whole; null for one that no amendment of
   * the whole bundle wrote. Absent until there was such an amendment.
   */
  readonly editions?: readonly (Hex | null)[];
  /**
   * For each part the record that it is; null for one that whoever named the others did not see. Absent until an amendment
   * of the whole bundle: until then every part was added by whoever added part 0.
   */
  readonly records?: readonly (RecordId | null)[];
}
