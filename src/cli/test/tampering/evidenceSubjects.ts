import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isMedsealError } from '../../../errors/isMedsealError.ts';
import { verifyFiles } from '../../verify/verifyFiles.ts';
import type { Changes, Things } from './alter.ts';
import { silentTerminal } from './silentTerminal.ts';
import type { Stage } from './Stage.ts';
import type { Outcome, Subject } from './Subject.ts';

/** What each file is; the first that fits counts. */
const KINDS: readonly (readonly [name: string, path: RegExp])[] = [
  ['network.json among evidence', /^network\.json$/],
  ['kept acknowledgements', /^acknowledgement/],
  ['kept histories', /^history/],
  ['kept receipts', /^/],
];

/**
 * Files that a party kept, altered as they lie, and verified offline with the network file that it pinned.
 *
 * @param stage - Where they are.
 */
export async function evidenceSubjects(stage: Stage): Promise<readonly Subject[]> {
  const now = await filesOf(stage.evidence);
  const then = await filesOf(stage.olderEvidence);
  const pinned = join(stage.data, '..', 'pinned.json');
  await writeFile(pinned, await readFile(join(stage.evidence, 'network.json')));
  return KINDS.map(([name]) => ({
    name,
    things: ofKind(now, name),
    older: ofKind(then, name),
    examine: async (changes) => await verify(stage.evidence, pinned, changes, now),
  }));
}

async function filesOf(folder: string): Promise<Map<string, Uint8Array>> {
  const names = await readdir(folder);
  const read = names.map(async (name) => [name, await readFile(join(folder, name))] as const);
  return new Map<string, Uint8Array>(await Promise.all(read));
}

function ofKind(files: Things, wanted: string): Things {
  const found = [...files].filter(
    ([path]) => KINDS.find(([, which]) => which.test(path))?.[0] === wanted,
  );
  return new Map(found);
}

async function verify(
  folder: string,
  network: string,
  changes: Changes,
  files: Things,
): Promise<Outcome> {
  try {
    for (const [name, bytes] of changes) await writeFile(join(folder, name), bytes ?? '');
    for (const name of changes.keys()) {
      const path = join(folder, name);
      const found = await verifyFiles(silentTerminal, [path], { network, offline: true }).catch(
        (error: unknown) => {
          if (isMedsealError(error)) return { ok: false };
          throw error;
        },
      );
      if (!found.ok) return { found: 'verify: Not safe' };
    }
    return { missed: 'it is said to be safe' };
  } finally {
    for (const name of changes.keys()) {
      await writeFile(join(folder, name), files.get(name) ?? '');
    }
  }
}
