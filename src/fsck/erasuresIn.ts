import { encryptBodies } from '../log/encryptBodies.ts';
import { LogRows } from '../log/LogRows.ts';
import { readErasures } from '../log/readErasures.ts';
import type { Erase } from '../protocol/struct/requests.ts';
import {
  partPath,
  type OrganisationExamination,
} from '../services/examination/OrganisationExamination.ts';

/**
 * The erasures in all logs of an organisation at rest that can be read: one may be of another's log, and later than what it erases.
 *
 * @param examination - Folder and organisation.
 */
export async function erasuresIn(examination: OrganisationExamination): Promise<readonly Erase[]> {
  const { network, scratch, ports, keys } = examination;
  const bodies = encryptBodies({ ...ports, storageKey: keys.storage });
  const found: Erase[] = [];
  for (const { organisation } of network.channels.flatMap(({ logs }) => logs)) {
    const database = await scratch.store(partPath(examination, `logs/${organisation}`));
    if (database === undefined) continue;
    // The examination of the log itself says why it cannot be read.
    found.push(...(await readErasures(new LogRows(database), bodies).catch(() => [])));
  }
  return found;
}
