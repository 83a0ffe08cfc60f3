import type { Command } from 'commander';
import { visitor } from '../program/sharedOptions.ts';
import { addVerb } from '../program/verb.ts';

/**
 * Adds the command that takes a chart along: `export`.
 *
 * @param program - The command line.
 */
export function addArchiveCommands(program: Command): void {
  addVerb(program, {
    name: 'export <file>',
    about: 'make one archive of all that a patient has: records, audit, rights, a summary',
    args: { file: 'the archive; if it was begun before, it is gone on from' },
    shared: visitor(),
    notes: `The archive is a tar file that any program opens. It has every version of every record with what proves it, all FHIR
in one bundle, an International Patient Summary, the audit, and the rights. It is of one moment: if it was cut off, the
same command goes on with that moment, and nothing is fetched twice. It is not encrypted: keep it safe.
\`medseal verify export\` verifies it without any network. Each record is opened, which is a view like any other.
Exit code: 0 if all is in it; 3 if records could not be read now, which are named; 1 if the audit failed a check.`,
    examples: ['export anna.tar', 'export anna.tar --home .medseal --as patient --json'],
    interrupted: 'The archive is not whole. The same command goes on from here.',
    gives: async () => (await import('./archiveAnswers.ts')).CHART_EXPORTED,
    load: async () => (await import('./exportVerb.ts')).exportVerb,
  });
}
