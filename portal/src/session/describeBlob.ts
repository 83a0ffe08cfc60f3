import { BEGINNING, describeFile, type FileDescribed } from '../../../src/fhir/describeFile.ts';

/**
 * Describes a file that a person chose: by its bytes first, then by its name.
 *
 * @param file - The file; plain text if absent, as of a note.
 */
export async function describeBlob(file: File | undefined): Promise<FileDescribed> {
  if (file === undefined) return { contentType: 'text/plain' };
  const beginning = await file.slice(0, BEGINNING).arrayBuffer();
  return describeFile(file.name, new Uint8Array(beginning));
}
