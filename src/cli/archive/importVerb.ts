import { importChart, type ImportOffered } from '../../client/archive/importChart.ts';
import { domainOf } from '../../protocol/struct/domainOf.ts';
import { fingerprintOf } from '../../protocol/network/fingerprintOf.ts';
import { describeMoment, short } from '../describeBody.ts';
import { confirmSigning } from '../home/confirmSigning.ts';
import { openVisitor } from '../home/openVisitor.ts';
import { readAnyNetwork } from '../home/readPinnedNetwork.ts';
import { calledAs } from '../program/calledAs.ts';
import type { VisitorOptions } from '../program/sharedOptions.ts';
import type { OptionsOf } from '../program/VerbOption.ts';
import { describePatient } from '../record/describePatient.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import type { CHART_IMPORTED } from './archiveAnswers.ts';
import type { IMPORT } from './archiveOptions.ts';
import { openArchiveFile } from './openArchiveFile.ts';

/**
 * Brings the records of an archive along to the patient's own chart.
 *
 * @param terminal - Asks for the passphrase and the signature, and shows how far it is.
 * @param file - The archive.
 * @param options - Device, key, and the network file of the network that the archive comes from.
 * @throws MedsealError `ARGUMENT_INVALID` if the file is something else than a sound archive of that network; as `readAnyNetwork` and `importChart`.
 */
export async function importVerb(
  terminal: Terminal,
  file: string,
  options: VisitorOptions & OptionsOf<typeof IMPORT>,
): Promise<AnswerOf<typeof CHART_IMPORTED>> {
  const { from, fromSuccessors, anotherPatient = false } = options;
  // Before a passphrase is asked for.
  const archive = await openArchiveFile(file, 'read');
  try {
    const network = await readAnyNetwork({
      network: from,
      ...(fromSuccessors !== undefined && { successors: fromSuccessors }),
    });
    const visitor = await openVisitor(terminal, options);
    const { party } = visitor;
    const first = { network, domain: domainOf(network) };
    const print = fingerprintOf(party.primitives, network);
    const done = await importChart(party, archive, first, {
      anotherPatient,
      onVerified: (nth, of) => terminal.progress.stage(`verifying ${nth} of ${of} versions`),
      onOffered: async (offered) => {
        if (offered.patient.compared === 'different')
          for (const line of describePatient(offered.patient)) terminal.note(line);
        await confirmSigning(terminal, visitor, linesOf(file, print, offered));
      },
      onRecord: (at, of) => {
        terminal.progress.stage(`${at} of ${of} records are on the chart`);
        terminal.certain(
          `${at} of ${of} records are on the chart. The same command adds the others, and nothing twice.`,
        );
      },
    });
    const { records, before, left, batches, faults, again, at } = done;
    return {
      ok: left.length === 0 && faults.length === 0,
      ...(again && { again: true }),
      value: { ...done, file },
      lines: [
        `${records} records of ${file} are on your chart, ${before} of them from before; as of ${describeMoment(at)}.`,
        ...left.map(({ record, version, code }) => {
          return `Not on it: ${short(record)}, version ${version} (${code})`;
        }),
        ...(batches > 0 ? [`Readings of devices stay in the archive: ${batches} batches.`] : []),
        ...faults.map((fault) => `Failed check: ${fault}`),
        ...(again ? [`Next, to have these too: ${calledAs(`import ${file} --from ${from}`)}`] : []),
      ],
    };
  } finally {
    await archive.close();
  }
}

function linesOf(
  file: string,
  print: string,
  { from, at, categories, before, patient }: ImportOffered,
): readonly string[] {
  const counts = Object.entries(categories).map(([category, count]) => `${count} ${category}`);
  return [
    '  add to your own chart what an archive holds',
    `    ${file}: the chart ${short(from)}, as of ${describeMoment(at)}`,
    `    of the network whose fingerprint is ${print}`,
    `    ${counts.join(', ')}${before === 0 ? '' : `; ${before} are there already`}`,
    ...describePatient(patient).map((line) => `  ${line}`),
    '',
    'Each record says that you brought it along, and who wrote it where. You can open it, and everyone whom you let',
    'read its category.',
  ];
}
