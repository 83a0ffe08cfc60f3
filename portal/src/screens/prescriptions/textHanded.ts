/** Largest file that somebody hands over, in bytes. */
const LARGEST = 65_536;

/**
 * Returns the text of a file that somebody handed over.
 *
 * @param file - The file.
 * @param refuse - Makes the error for a file that is too large.
 * @throws The error of `refuse`.
 */
export async function textHanded(file: File, refuse: () => Error): Promise<string> {
  if (file.size > LARGEST) throw refuse();
  return await file.text();
}
