import type { Bytes32 } from '../../protocol/ids.ts';

/** What was found of one thing that was verified. */
export interface Finding {
  /** What it is, such as a file's name or `care/hospital #3`. */
  readonly what: string;
  readonly safe: boolean;
  /** What it says where it is safe; why it does not hold where it is not. */
  readonly detail: string;
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
 * Prints what was found: for each thing whether it is safe and why, in the end what could not be checked.
 *
 * @param found - What was found.
 * @param json - Whether for a program.
 * @returns Whether everything is safe.
 */
export function printFindings({ network, findings, unchecked }: Findings, json: boolean): boolean {
  const ok = findings.length > 0 && findings.every(({ safe }) => safe);
  if (json) {
    process.stdout.write(`${JSON.stringify({ ok, network, findings, unchecked })}\n`);
    return ok;
  }
  for (const { what, safe, detail } of findings) {
    process.stdout.write(`${safe ? 'Safe    ' : 'Not safe'}  ${what}\n            ${detail}\n`);
  }
  const good = findings.filter(({ safe }) => safe).length;
  process.stdout.write(`\n${good} of ${findings.length} safe, by network file ${network}\n`);
  if (unchecked.length > 0) {
    process.stdout.write('\nNot checked:\n');
    for (const what of unchecked) process.stdout.write(`  - ${what}\n`);
  }
  return ok;
}
