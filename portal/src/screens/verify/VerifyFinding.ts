import type { EntryBody } from '../../../../src/protocol/evidence/evidence.ts';
import type { BatchHeader } from '../../../../src/protocol/evidence/LogBatch.ts';
import type { WordKey } from '../../words/WordKey.ts';
import type { Values } from '../../words/useWords.tsx';

/** A sentence, by its key and values. */
export interface Told {
  readonly key: WordKey;
  readonly values?: Values;
}

/** A block of a saved chain, with what is wrong with it. */
export interface FoundBlock {
  readonly header: BatchHeader;
  readonly entries: number;
  readonly faults: readonly string[];
}

/** Finding about one file, or about several together. */
export interface VerifyFinding {
  /** Name of the file, or of the log that two files contradict each other about. */
  readonly what: string;
  readonly kind:
    | 'receipt'
    | 'acknowledgement'
    | 'release'
    | 'erasure'
    | 'history'
    | 'chain'
    | 'network'
    | 'fork'
    | 'record'
    | 'other';
  /** `doubtful` is valid, and still needs a look. */
  readonly state: 'safe' | 'doubtful' | 'unsafe';
  /** The entry that it proves. */
  readonly body?: EntryBody;
  /** Things that were checked and hold. */
  readonly checked: readonly Told[];
  /** Things that a look is needed at. */
  readonly doubts: readonly Told[];
  /** Reasons why it is not safe, in English, as the checks give them. */
  readonly faults: readonly string[];
  /** Things that the files alone cannot tell. */
  readonly unchecked: readonly Told[];
  /** Blocks of a chain. */
  readonly blocks?: readonly FoundBlock[];
}
