import { existsSync } from 'node:fs';
import { exportChart } from '../../client/archive/exportChart.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { describeMoment, short } from '../describeBody.ts';
import { openVisitor } from '../home/openVisitor.ts';
import { followedPath } from '../home/readPinnedNetwork.ts';
import { calledAs } from '../program/calledAs.ts';
import { readGivenText } from '../program/readGiven.ts';
import type { VisitorOptions } from '../program/sharedOptions.ts';
import { tellWaiting } from '../tellWaiting.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import { describeSize } from '../terminal/describeSize.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import type { CHART_EXPORTED } from './archiveAnswers.ts';
import { openArchiveFile } from './openArchiveFile.ts';

/**
 * Makes one archive of all that a patient has, or goes on with one that was cut off.
 *
 * @param terminal - Asks for the passphrase, and shows how far it is.
 * @param file - The archive.
 * @param options - Device and key.
 * @throws MedsealError `ARGUMENT_INVALID` if the file is something else, or cannot be written; as `exportChart`.
 */
export async function exportVerb(
  terminal: Terminal,
  file: string,
  options: VisitorOptions,
): Promise<AnswerOf<typeof CHART_EXPORTED>> {
  // Before a passphrase is asked for.
  const archive = await openArchiveFile(file, 'write');
  try {
    const { party, home } = await openVisitor(terminal, options);
    const successors = await successorsAt(options.successors ?? followedPath(home));
    terminal.progress.stage('asking for the audit of the chart');
    const made = await exportChart(party, archive, {
      ...(successors !== undefined && { successors }),
      ...tellWaiting(terminal),
      onExamined: (log, done, of) =>
        terminal.progress.stage(`${done} of ${of} entries of ${log} are verified`),
      onVerified: (nth, of) =>
        terminal.progress.stage(`verifying ${nth} of ${of} versions that are there`),
      onRecord: (done, of) =>
        terminal.progress.stage(`${done} of ${of} record versions are in the archive`),
    });
    const { records, before, erased, left, bytes, faults, at } = made;
    const again = calledAs(`export ${file}`);
    const verify = calledAs(`verify export ${file}`);
    const more = before > 0 && before < records ? `, ${before} of them from before` : '';
    return {
      ok: left.length === 0 && faults.length === 0,
      ...(left.length > 0 && faults.length === 0 && { again: true }),
      value: { ...made, file },
      lines: [
        `${file}: ${records} record versions${more}, as of ${describeMoment(at)} (${describeSize(bytes)}).`,
        ...(erased > 0 ? [`Erased by you, and not in it: ${erased} record versions.`] : []),
        ...left.map(({ record, version, code }) => {
          return `Not in it: ${short(record)}, version ${version} (${code})`;
        }),
        ...faults.map((fault) => `Failed check: ${fault}`),
        ...(left.length > 0 ? [`Next, to have these too: ${again}`] : []),
        `The archive is not encrypted: keep it safe. Next: ${verify}`,
      ],
    };
  } finally {
    await archive.close();
  }
}

/** The successors that the device followed. */
async function successorsAt(path: string): Promise<unknown> {
  if (!existsSync(path)) return undefined;
  try {
    return JSON.parse(await readGivenText(path)) as unknown;
  } catch (cause) {
    const reason = `${path} cannot be read as JSON`;
    throw new MedsealError('SUCCESSOR_INVALID', { reason }, { cause });
  }
}
