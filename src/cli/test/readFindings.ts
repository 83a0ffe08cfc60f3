import type { Finding } from '../verify/Finding.ts';
import type { Run } from './runMedseal.ts';

/** Output of `medseal verify … --json`. */
export interface PrintedFindings {
  readonly ok: boolean;
  readonly network: string;
  readonly findings: readonly Finding[];
  readonly unchecked: readonly string[];
}

/** Reads the findings that `medseal verify … --json` printed. */
export function readFindings({ stdout }: Run): PrintedFindings {
  return JSON.parse(stdout) as PrintedFindings;
}
