import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { equalBytes } from '../../src/crypto/bytes.ts';
import { isMedsealError } from '../../src/errors/isMedsealError.ts';
import { verifyFiles } from '../../src/cli/verify/verifyFiles.ts';
import type { Changes, Things } from './alter.ts';
import { silentTerminal } from './silentTerminal.ts';
import type { Stage } from './Stage.ts';
import type { Outcome, Subject } from './Subject.ts';

/** Kinds of files; the first that fits counts. */
const KINDS: readonly (readonly [name: string, path: RegExp])[] = [
  ['network.json among evidence', /^network\.json$/],
  ['kept acknowledgements', /^acknowledgement/],
  ['kept histories', /^history/],
  ['kept receipts', /^/],
];

/**
 * Files that a party kept, altered as they lie, and verified offline with the network file that it pinned.
 *
 * @param stage - Stage on which they lie.
 */
export async function evidenceSubjects(stage: Stage): Promise<readonly Subject[]> {
  const now = await filesOf(stage.evidence);
  const earlier = await filesOf(stage.olderEvidence);
  const pinned = join(stage.data, '..', 'pinned.json');
  await writeFile(pinned, await readFile(join(stage.evidence, 'network.json')));
  return KINDS.map(([name]) => ({
    name,
    things: ofKind(now, name),
    older: ofKind(earlier, name),
    examine: async (changes) =>
      await verify({ folder: stage.evidence, network: pinned, files: now, earlier }, changes),
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

interface EvidenceAtRest {
  readonly folder: string;
  /** Path of the pinned network file. */
  readonly network: string;
  readonly files: Things;
  readonly earlier: Things;
}

async function verify(
  { folder, network, files, earlier }: EvidenceAtRest,
  changes: Changes,
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
    const told = [...files.values(), ...earlier.values()];
    const genuine = [...changes.values()].every((bytes) =>
      told.some((each) => bytes !== undefined && equalBytes(bytes, each)),
    );
    // It names the entry that it proves, and proves it.
    if (genuine) return { harmless: 'another file that is true, and says of what' };
    return { missed: 'it is said to be safe' };
  } finally {
    for (const name of changes.keys()) {
      await writeFile(join(folder, name), files.get(name) ?? '');
    }
  }
}
