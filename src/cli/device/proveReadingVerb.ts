import { batchesOnChart } from '../../client/devices/batchesOnChart.ts';
import { proveReading } from '../../client/devices/proveReading.ts';
import { readReadings } from '../../client/devices/readReadings.ts';
import { readChart } from '../../client/records/readChart.ts';
import { readPatientState } from '../../client/state/PatientState.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { visibleText } from '../../errors/visibleText.ts';
import { formatEvidenceFile } from '../../protocol/evidence/parseEvidenceFile.ts';
import { endOfBatch } from '../../protocol/sensors/furthestBefore.ts';
import { shortCodeOf } from '../../protocol/sensors/shortCodeOf.ts';
import { findPatient } from '../contact/findContact.ts';
import { keepingEvidence } from '../evidence/keepEvidence.ts';
import { openVisitor } from '../home/openVisitor.ts';
import { calledAs } from '../program/calledAs.ts';
import type { VisitorOptions } from '../program/sharedOptions.ts';
import { writeFileWhole } from '../program/writeFileWhole.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import type { READING_PROVED } from './deviceAnswers.ts';
import { findDevice } from './findDevice.ts';
import type { OptionsOf } from '../program/VerbOption.ts';
import type { DEVICE_PROVE } from './deviceOptions.ts';

/**
 * Saves the proof of one reading on the visitor's chart, which shows no other reading.
 *
 * @throws MedsealError `ARGUMENT_INVALID` if these are not letters of a device on the chart, or two batches have the number; `NOT_FOUND` if the chart
 * has no such reading.
 */
export async function proveReadingVerb(
  terminal: Terminal,
  named: string,
  options: VisitorOptions & OptionsOf<typeof DEVICE_PROVE>,
): Promise<AnswerOf<typeof READING_PROVED>> {
  const visitor = await openVisitor(terminal, options);
  const { party } = visitor;
  await findPatient(visitor, undefined);
  const { number, start, out } = options;
  const { handle } = await readPatientState(party);
  const chart = await readChart(party, { handle, purpose: 'PATRQT' });
  const devices = batchesOnChart(party, chart);
  const known = devices.map((each) => each.device);
  const device = findDevice(party, named, known);
  const { batches = [] } = devices.find((each) => each.device === device) ?? {};
  const boot = start ?? Math.max(...batches.map(({ header }) => header.boot));
  const [listed, other] = batches.filter(
    ({ header }) => header.boot === boot && header.first <= number && number < endOfBatch(header),
  );
  if (listed === undefined) throw new MedsealError('NOT_FOUND', { what: 'reading' });
  if (other !== undefined) {
    const reason = 'two batches have this number: another device may have the same key';
    throw new MedsealError('ARGUMENT_INVALID', { argument: '--number', reason });
  }
  const span = { from: listed.start, until: listed.end + 1 };
  const { record } = listed.record;
  const only = { ...chart, records: chart.records.filter((each) => each.record === record) };
  const [read] = await readReadings(party, only, span);
  const batch = read?.batches[0];
  if (batch === undefined) throw new MedsealError('NOT_FOUND', { what: 'reading' });
  terminal.progress.stage('waiting for the receipt of the batch');
  const place = number - listed.header.first;
  const proof = await keepingEvidence(
    terminal,
    '.',
    async () => await proveReading(party, batch, place),
  );
  await writeFileWhole(out, formatEvidenceFile(proof), '--out');
  const { log, index } = proof.receipt.acknowledgement;
  const shortCode = shortCodeOf(party.primitives, device);
  const { line } = proof;
  return {
    value: { device, start: boot, number, line, log, index, file: out },
    lines: [
      `Saved in ${out}: reading ${number} since start ${boot} of ${shortCode}, at ${log} #${index}.`,
      visibleText(line),
      `It shows no other reading. Anyone can check it: ${calledAs(`verify ${out}`)}`,
    ],
  };
}
