import { openSharedFolder } from '../folder/openFolder.ts';
import { IssuedIdFiles } from '../services/enrolment/IssuedIdFiles.ts';
import type { ExaminedFoundation } from './examineFoundation.ts';
import type {
  ExaminationHearer,
  LedgerView,
} from '../services/examination/OrganisationExamination.ts';

/**
 * Finds patients whose patient ID no member of the authority knows any more. It looks only if all members are in the
 * folder, for they alone know which of them issued it.
 *
 * @param data - The folder.
 * @param foundation - Names the members.
 * @param ledger - Tells who is a patient.
 * @param hearer - Told what is found.
 */
export async function examineIssuedIds(
  data: string,
  { network, founding, keys }: ExaminedFoundation,
  { index }: LedgerView,
  hearer: ExaminationHearer,
): Promise<void> {
  const members = network?.authority.members.map(({ organisation }) => organisation) ?? [];
  if (founding === undefined || members.some((organisation) => !keys.has(organisation))) return;
  const files = await openSharedFolder(data);
  const known = new Set<string>();
  for (const organisation of members) {
    const issued = new IssuedIdFiles(files, `authority/${organisation}/`);
    for (const name of await issued.names()) known.add(name);
  }
  for await (const { handle, controller } of index.patients()) {
    // Older ones are kept under the handle.
    if (known.has(controller) || known.has(handle)) continue;
    const what = `authority: the patient ID issued to ${controller} is lost`;
    hearer.fault({ kind: 'issued', path: 'authority', what, remedy: 'backup' });
  }
}
