import type { Bytes32, Organisation } from '../../protocol/ids.ts';
import type { Member } from '../../protocol/NetworkFile.ts';
import type { Answer } from '../terminal/Answer.ts';

/** What was found of one thing that was verified. */
export interface Finding {
  /** What it is, such as a file's name or `care/hospital #3`. */
  readonly what: string;
  readonly safe: boolean;
  /** What it says where it is safe; why it does not hold where it is not. */
  readonly detail: string;
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
  /** What could not be checked, each in a sentence. */
  readonly unchecked: readonly string[];
}

/**
 * What a verification says: for each thing whether it is safe and why, in the end what could not be checked.
 *
 * @param found - What was found.
 */
export function answerFindings({ network, findings, unchecked }: Findings): Answer {
  const ok = findings.length > 0 && findings.every(({ safe }) => safe);
  const good = findings.filter(({ safe }) => safe).length;
  const lines = [
    ...findings.map(
      ({ what, safe, detail }) =>
        `${safe ? 'Safe    ' : 'Not safe'}  ${what}\n            ${detail}`,
    ),
    '',
    `${good} of ${findings.length} safe, by network file ${network}`,
    ...(unchecked.length > 0 ? ['', 'Not checked:'] : []),
    ...unchecked.map((what) => `  - ${what}`),
  ];
  return { ok, value: { network, findings, unchecked }, text: lines.join('\n') };
}
