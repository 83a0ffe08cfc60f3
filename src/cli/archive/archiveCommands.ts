import type { Command } from 'commander';
import { visitor, yes } from '../program/sharedOptions.ts';
import { addVerb } from '../program/verb.ts';
import { IMPORT } from './archiveOptions.ts';

/**
 * Adds the commands that take a chart along: `export` and `import`.
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
  addVerb(program, {
    name: 'import <file>',
    about: 'add to your own chart what an archive from elsewhere holds',
    args: { file: 'the archive, as `medseal export` made it' },
    options: IMPORT,
    shared: [...visitor(), yes()],
    notes: `Each record is written by you, in its category, and says who wrote it where and when; what that author signed goes
along, so that anybody with the other network’s file can verify it. The newest version of each record is taken. A record
that is on the chart already is not added again: after a cut, and with a later archive, call the same command. Batches of readings of
devices stay in the archive.
Exit code: 0 if all is on the chart; 3 if records could not be added now, which are named; 1 if the archive failed a check.`,
    examples: ['import anna.tar --from first-network.json'],
    interrupted:
      'Some records may be on the chart. The same command adds the others, and nothing twice.',
    gives: async () => (await import('./archiveAnswers.ts')).CHART_IMPORTED,
    load: async () => (await import('./importVerb.ts')).importVerb,
  });
}
