import { readJsonFile } from '../../folder/jsonFiles.ts';
import type { DemoPerson } from '../../protocol/care/DemoPerson.ts';
import type { NodeFolder } from '../NodeFolder.ts';

/** File of a demonstration's node: its people with their keys, written by the process that made them. */
export const PEOPLE = 'people.json';

/**
 * Makes the reader of the people whose keys the node of a demonstration gives to its portal's pages.
 *
 * @param folder - The node's folder.
 * @returns Undefined if the folder was not made for a demonstration, whatever lies in it.
 */
export function peopleIn({
  demo,
  files,
}: Pick<NodeFolder, 'demo' | 'files'>): (() => Promise<readonly DemoPerson[]>) | undefined {
  if (!demo) return undefined;
  return async () => ((await readJsonFile(files, PEOPLE)) ?? []) as readonly DemoPerson[];
}
