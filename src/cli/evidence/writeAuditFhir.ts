import { auditAsFhir, type AuditToWrite } from '../../client/audit/auditAsFhir.ts';
import { writeFileWhole } from '../program/writeFileWhole.ts';

/**
 * Writes an audit to a file as FHIR: what was verified, and no more.
 *
 * @param file - The file.
 * @param found - Findings of the audit.
 * @returns The file, and the number of its resources.
 */
export async function writeAuditFhir(
  file: string,
  found: AuditToWrite,
): Promise<{ readonly file: string; readonly resources: number }> {
  const bundle = await auditAsFhir(found);
  await writeFileWhole(file, `${JSON.stringify(bundle, null, 2)}\n`);
  return { file, resources: bundle.entry?.length ?? 0 };
}
