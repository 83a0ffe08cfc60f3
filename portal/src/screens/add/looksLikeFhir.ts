import { fhirForm } from '../../../../src/fhir/fhirForm.ts';
import { fileText } from '../../../../src/fhir/fileText.ts';

/**
 * Tells whether a file looks like FHIR by its beginning, whatever it is called; whether it is valid is another question.
 *
 * @param file - The file.
 */
export async function looksLikeFhir(file: Blob): Promise<boolean> {
  const start = new Uint8Array(await file.slice(0, 65_536).arrayBuffer());
  return fhirForm(fileText(start).text) !== undefined;
}
