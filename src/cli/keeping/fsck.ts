import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { ExaminedFoundation } from '../../fsck/examineFoundation.ts';
import { examineFolder } from '../../fsck/examineFolder.ts';
import { FaultList } from '../../services/examination/FolderFault.ts';
import type {
  ExaminationHearer,
  ExaminedPart,
} from '../../services/examination/OrganisationExamination.ts';
import { repairFolder } from '../../fsck/repairFolder.ts';
import { storesAtRest, type StoresAtRest } from '../../fsck/storesAtRest.ts';
import { refuseBackup } from '../../backup/refuseBackup.ts';
import { openKeyGuard } from '../../folder/keyGuard.ts';
import type { Files } from '../../folder/Files.ts';
import { migrationsDue, type Migration } from '../../folder/migrateFolder.ts';
import { migrations } from '../../node/migrations.ts';
import { lockFolder } from '../../folder/lockFolder.ts';
import { machinePorts } from '../../folder/NodePorts.ts';
import type { Remedy } from '../../protocol/Fault.ts';
import { readConfiguration } from '../../node/configuration/readConfiguration.ts';
import { openSharedFolder } from '../../folder/openFolder.ts';
import { readPassphrase, type PassphraseOptions } from '../home/readPassphrase.ts';
import { readNetworkFile } from '../home/readPinnedNetwork.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import type { FOLDER_EXAMINED } from './keepingAnswers.ts';
import type { OptionsOf } from '../program/VerbOption.ts';
import type { FSCK } from './keepingOptions.ts';

type FsckOptions = PassphraseOptions & OptionsOf<typeof FSCK>;

/** All that an examination found. */
interface Found {
  /** Steps that a start would take first, because an earlier version wrote the folder. */
  readonly due: readonly Migration[];
  readonly foundation: ExaminedFoundation;
  readonly parts: readonly ExaminedPart[];
  readonly faults: FaultList;
}

/**
 * Examines the folder of a stopped node, and with `repair` rebuilds what can be derived from intact data.
 *
 * @throws MedsealError `FOLDER_OLDER` or `FOLDER_NEWER` for the folder of a version whose rules this one does not know.
 */
export async function fsck(
  terminal: Terminal,
  options: FsckOptions,
): Promise<AnswerOf<typeof FOLDER_EXAMINED>> {
  const data = resolve(options.data);
  // To open an absent folder would make it.
  if (!existsSync(data)) throw new MedsealError('NODE_ABSENT', { path: data });
  const files = await openSharedFolder(data);
  // A repaired backup would no longer match its signatures.
  if (options.repair === true) await refuseBackup(files);
  const names = await files.list('');
  if (!names.includes('folder.json') && !names.includes('node')) {
    throw new MedsealError('NODE_ABSENT', { path: data });
  }
  const due = await stepsDue(files);
  const ports = await machinePorts();
  const { network: path, discardUnknown = false } = options;
  const network = path === undefined ? undefined : await readNetworkFile(path);
  const stoppedInOrder = !names.includes('process.json');
  const unlock = await lockFolder(files, { leaveAsFound: true });
  const progress = (what: string, done: number, total?: number): void => {
    const amount = total === undefined ? (done > 0 ? `, ${done}` : '') : `, ${done} of ${total}`;
    terminal.progress.stage(what + amount);
  };
  let stores: StoresAtRest | undefined;
  try {
    const configuration = await readConfiguration({ folder: data, environment: process.env });
    stores = await storesAtRest(files, configuration, network, ports);
    const from = { ...stores, discardUnknown };
    const guard = await openKeyGuard(
      files,
      async () => await readPassphrase(terminal, 'the node’s keys', options),
    );
    const examine = async (): Promise<Found> => {
      const parts: ExaminedPart[] = [];
      const faults = new FaultList();
      const hearer: ExaminationHearer = {
        part: (part) => void parts.push(part),
        fault: (fault) => faults.add(fault),
        progress,
      };
      const { organisation } = options;
      const foundation = await examineFolder({
        data,
        ports,
        guard,
        hearer,
        stoppedInOrder,
        ...from,
        ...(network && { network }),
        ...(organisation !== undefined && { organisation }),
      });
      return { due, foundation, parts, faults };
    };
    const before = await examine();
    requireOrganisation(options, before);
    const paths = before.faults.rebuildable;
    if (options.repair !== true || paths.size === 0) return answer(before);
    const { foundation } = before;
    await repairFolder({ data, foundation, ports, paths, progress, ...from });
    return answer(await examine(), before.faults.size);
  } finally {
    await stores?.elsewhere.close();
    await unlock();
  }
}

/** The steps from an earlier layout; a layout that cannot be read is a fault of the folder. */
async function stepsDue(files: Files): Promise<readonly Migration[]> {
  try {
    return await migrationsDue(files, migrations);
  } catch (error) {
    if (isMedsealError(error, 'FOLDER_FOREIGN')) return [];
    throw error;
  }
}

function requireOrganisation({ organisation }: FsckOptions, { foundation }: Found): void {
  if (organisation === undefined || foundation.keys.has(organisation)) return;
  const reason = `the folder has no keys of ${organisation}`;
  throw new MedsealError('ARGUMENT_INVALID', { argument: '--organisation', reason });
}

/** Heading of each remedy, in the order in which they are printed. */
const REMEDIES: Readonly<Record<Remedy, string>> = {
  backup: 'Can be restored only from a backup; no peer is known to hold it:',
  peers: 'Held by peers too; the node fetches it when it runs:',
  rebuild: 'Can be rebuilt from intact data with --repair:',
  none: 'Needs no repair:',
};

/** Answer with the findings; `before` is the number of faults before a repair. */
function answer({ due, parts, faults }: Found, before?: number): AnswerOf<typeof FOLDER_EXAMINED> {
  const { size, told } = faults;
  const counts = Object.fromEntries(faults.counts);
  const repaired = before === undefined ? undefined : before - size;
  const ok = faults.onlyRemarks;
  const steps = due.map(({ about }) => about);
  const lines = parts.map(({ name, holds }) => `${name.padEnd(32)} ${holds}`);
  if (steps.length > 0) lines.push('', 'An earlier version wrote this folder. The next run will:');
  lines.push(...steps.map((about) => `  ${about}`));
  for (const [remedy, text] of Object.entries(REMEDIES)) {
    const these = told.filter((fault) => fault.remedy === remedy);
    if (these.length === 0) continue;
    lines.push('', text, ...these.map(({ kind, what }) => `  ${kind.padEnd(20)} ${what}`));
  }
  if (size > told.length) lines.push('', `… and ${size - told.length} more.`);
  if (repaired !== undefined) lines.push('', `${repaired} of ${before} faults repaired.`);
  const each = Object.entries(counts).map(([kind, count]) => `${count} of ${kind}`);
  lines.push('', ok ? 'No faults found.' : `Faults found: ${each.join(', ')}.`);
  const found = { migrations: steps, parts, size, counts, faults: told };
  const value = { ...found, ...(repaired !== undefined && { repaired }) };
  return { ok, value, lines };
}
