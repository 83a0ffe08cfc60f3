import type { Bytes32, Organisation } from '../../protocol/ids.ts';
import type { BatchHeader } from '../../protocol/LogBatch.ts';
import type { Member } from '../../protocol/NetworkFile.ts';
import type { CommandAnswer } from '../terminal/Answer.ts';

/** Result for one thing that was verified. */
export interface Finding {
  /** Name of the thing, such as a file's name or `care/hospital #3`. */
  readonly what: string;
  readonly safe: boolean;
  /** Details of the thing if it is safe; the reason if it is not. */
  readonly detail: string;
  /** More of it, each in a few words: of a block its header. */
  readonly notes?: readonly string[];
  /** Of a block: its header, for programs. */
  readonly header?: BatchHeader;
  /** Of a block: what was found of each entry in it. */
  readonly entries?: readonly Finding[];
  /** Whom it convicts, for everybody who has the network file and what was verified. */
  readonly convicts?: {
    /** Whose log it is. */
    readonly organisation: Organisation;
    /** Coordinators that signed what is not so. */
    readonly signers: readonly Member[];
  };
}

/** All that a verification found. */
export interface Findings {
  /** Fingerprint of the network file that all was checked against. */
  readonly network: Bytes32;
  readonly findings: readonly Finding[];
  /** Things that could not be checked, each in a sentence. */
  readonly unchecked: readonly string[];
}

/**
 * Makes the answer of a verification: for each thing whether it is safe and why, in the end what could not be checked.
 *
 * @param found - The findings.
 */
export function answerFindings({ network, findings, unchecked }: Findings): CommandAnswer {
  const ok = findings.length > 0 && findings.every(({ safe }) => safe);
  const good = findings.filter(({ safe }) => safe).length;
  const lines = [
    ...findings.flatMap(({ what, safe, detail, notes = [], entries = [] }) => [
      `${safe ? 'Safe    ' : 'Not safe'}  ${what}`,
      ...[detail, ...notes].map((line) => `            ${line}`),
      ...entries.map(
        (each) => `            ${each.safe ? 'Safe' : 'Not safe'}: ${each.what}: ${each.detail}`,
      ),
    ]),
    '',
    `${good} of ${findings.length} safe, verified against the network file ${network}`,
    ...(unchecked.length > 0 ? ['', 'Not checked:'] : []),
    ...unchecked.map((what) => `  - ${what}`),
  ];
  return { ok, value: { network, findings, unchecked }, lines };
}
