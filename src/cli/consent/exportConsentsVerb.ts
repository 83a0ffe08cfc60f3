import { listGrants } from '../../client/rights/listGrants.ts';
import { consentsOfGrants } from '../../fhir/consentsOfGrants.ts';
import { findPatient } from '../contact/findContact.ts';
import { short } from '../describeBody.ts';
import { openVisitor } from '../home/openVisitor.ts';
import type { VisitorOptions } from '../program/sharedOptions.ts';
import { writeFileWhole } from '../program/writeFileWhole.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import type { CONSENTS_EXPORTED } from './consentAnswers.ts';

/** Writes the rights on the visitor's chart to a file, as FHIR Consents. */
export async function exportConsentsVerb(
  terminal: Terminal,
  file: string,
  options: VisitorOptions,
): Promise<AnswerOf<typeof CONSENTS_EXPORTED>> {
  const visitor = await openVisitor(terminal, options);
  const { handle } = await findPatient(visitor, undefined);
  const { organisation = '' } = visitor.key;
  const { bundle, unknown } = consentsOfGrants(await listGrants(visitor.party), organisation);
  await writeFileWhole(file, `${JSON.stringify(bundle, null, 2)}\n`);
  const consents = bundle.entry?.length ?? 0;
  return {
    value: { handle, file, consents, unknown },
    lines: [
      `Wrote ${consents === 1 ? '1 Consent' : `${consents} Consents`} to ${file}.`,
      ...unknown.map((digest) => `Left out: ${short(digest)}, which no device of yours knows.`),
    ],
  };
}
