/** A program in Go that a release has beside the npm package. */
export type ProgramName = 'engine' | 'pkcs11';

/** A row of `PROGRAMS`. */
export interface Program {
  /** Folder of its sources, and what its licences and its row in the bill of materials are listed under. */
  readonly folder: ProgramName;
  readonly file: string;
  readonly says: string;
  /** True if `--with-c` concerns it. */
  readonly mayHaveC: boolean;
}

/** All of them; the node finds each by the name of its file. */
export const PROGRAMS: readonly Program[] = [
  {
    folder: 'engine',
    file: 'medseal-engine',
    says: 'the engine of a consortium’s ledger',
    mayHaveC: true,
  },
  {
    folder: 'pkcs11',
    file: 'medseal-pkcs11',
    says: 'the program that speaks to a PKCS#11 token',
    mayHaveC: false,
  },
];
