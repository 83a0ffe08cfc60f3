import { readLife } from '../../client/care/vital/readLife.ts';
import { reportDeath } from '../../client/care/vital/reportDeath.ts';
import type { Death } from '../../protocol/care/vitalRecords.ts';
import { findPatient } from '../contact/findContact.ts';
import { describeMoment, short } from '../describeBody.ts';
import { confirmSigning } from '../home/confirmSigning.ts';
import { openVisitor } from '../home/openVisitor.ts';
import type { VisitorOptions } from '../program/sharedOptions.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { hashOfFile, writeOpening } from './openings.ts';
import { refuse, told, type VitalTold } from './vitalVerbs.ts';
import type { OptionsOf } from '../program/VerbOption.ts';
import type { DEATH_REPORT } from './vitalOptions.ts';

/**
 * Reports a death, which has no effect until another organisation confirms it.
 *
 * @throws MedsealError what `reportDeath` throws.
 */
export async function reportVerb(
  terminal: Terminal,
  who: string,
  options: VisitorOptions & OptionsOf<typeof DEATH_REPORT>,
): Promise<VitalTold> {
  const { certificate, at, record, out } = options;
  const visitor = await openVisitor(terminal, options);
  const { party } = visitor;
  const { handle, name } = await findPatient(visitor, who);
  const content = await hashOfFile(visitor, certificate);
  const { death: before } = await readLife(party, handle);
  // A second report of the same party is the same report, as far as anybody can tell.
  if (before.reporter === party.address)
    return await told(visitor, 'death', handle, { already: true }, before);
  await confirmSigning(terminal, visitor, [
    `  ${name} (${short(handle)}) died on ${describeMoment(at)}, with the certificate ${certificate}`,
    '',
    'It has no effect until a party of another organisation confirms it. Then the chart is frozen, and grants end.',
  ]);
  terminal.progress.stage('waiting for the ledger');
  const keep = async (signed: Death): Promise<void> => await writeOpening(out, signed);
  await reportDeath(party, { handle, content, at, keep, ...(record && { record }) }).catch(refuse);
  const answer = await told(visitor, 'death', handle, { already: false, file: out });
  return { ...answer, lines: [...answer.lines, `Hand ${out} to whoever confirms it.`] };
}

/** Shows what the ledger has of a death. */
export async function showDeath(
  terminal: Terminal,
  who: string | undefined,
  options: VisitorOptions,
): Promise<VitalTold> {
  const visitor = await openVisitor(terminal, options);
  const { handle } = await findPatient(visitor, who);
  terminal.progress.stage('asking the coordinators');
  return await told(visitor, 'death', handle);
}
