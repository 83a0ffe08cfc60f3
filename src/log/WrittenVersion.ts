import type { Bytes32 } from '../protocol/ids.ts';
import type { RecordVersion } from './RecordVersion.ts';

/** A version of a record as an entry puts it on a chart: with the sealed file, which is no other version's. */
export interface WrittenVersion extends RecordVersion {
  /** SHA-256 of the sealed file. */
  readonly file: Bytes32;
}
