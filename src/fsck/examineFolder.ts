import { join } from 'node:path';
import { domainOf } from '../protocol/struct/domainOf.ts';
import type { Remedy } from '../protocol/Fault.ts';
import type { LogName, Organisation } from '../protocol/ids.ts';
import type { NetworkFile } from '../protocol/network/NetworkFile.ts';
import { databasesIn } from '../database/files/databasesIn.ts';
import { examineDatabaseFiles } from '../database/files/examineDatabaseFiles.ts';
import { ReaderPool } from '../node/readers/ReaderPool.ts';
import { keepsLedger } from '../folder/Founding.ts';
import { plainKeys, type KeyGuard } from '../folder/keyGuard.ts';
import type { NodePorts } from '../folder/NodePorts.ts';
import { lstat, readdir, stat } from 'node:fs/promises';
import { canOthersEnter } from '../folder/canOthersEnter.ts';
import { isOwnFile } from '../folder/isOwnFile.ts';
import { isOwnFolder } from '../folder/isOwnFolder.ts';
import { examineFoundation, type ExaminedFoundation } from './examineFoundation.ts';
import { LEDGER_INDEX_FOLDER } from '../node/atLedger/openLedgerIndex.ts';
import { examineIndexFolder } from './examineIndexFolder.ts';
import { examineIssuedIds } from './examineIssuedIds.ts';
import { examineKeystores } from './examineKeystores.ts';
import { examineLedgerFolder, LEDGER_FOLDER } from './examineLedgerFolder.ts';
import { examineOrganisation } from './examineOrganisation.ts';
import type { ExaminationHearer } from '../services/examination/OrganisationExamination.ts';
import type { OpenStore } from '../vault/storeOpener.ts';
import { Scratch, type StoresElsewhere } from '../database/files/Scratch.ts';

/** Options of `examineFolder`. */
export interface FolderExamination {
  /** The folder; nobody works on it. */
  readonly data: string;
  /** The pinned network file; the folder's own if absent. */
  readonly network?: NetworkFile;
  /** One organisation alone; all if absent. */
  readonly organisation?: Organisation;
  readonly ports: NodePorts;
  /** Protection of the keys on disk; plain files if absent. */
  readonly guard?: KeyGuard;
  readonly hearer: ExaminationHearer;
  /** Stores of sealed files; in the folder if absent. */
  readonly openStore?: OpenStore;
  /** Stores that are at a server; none if absent. */
  readonly elsewhere?: StoresElsewhere;
  /** As in `examineVault`. */
  readonly discardUnknown?: boolean;
  /** True if the node was stopped in order, so that no write was cut off. */
  readonly stoppedInOrder: boolean;
}

/**
 * Examines all that a data folder holds, at rest, and changes nothing in it: files of databases byte by byte, then
 * their rows, each against what binds it. Memory is bounded, whatever is in the folder.
 *
 * @param examination - The folder, and the receiver of findings.
 * @returns The folder's foundation, as far as it is there.
 */
export async function examineFolder(examination: FolderExamination): Promise<ExaminedFoundation> {
  const { data, network: pinned, ports, guard = plainKeys, hearer } = examination;
  const { discardUnknown = false, elsewhere } = examination;
  await examineExposure(data, hearer);
  for (const path of await databasesIn(data)) {
    if (elsewhere?.has(path) !== true) await examineFiles(examination, path);
  }
  const foundation = await examineFoundation({ data, pinned, ports, guard, hearer });
  const { network, keys } = foundation;
  const onAltered = (path: string, rows: number): void => {
    const what = `${path}: ${rows} ${rows === 1 ? 'row is' : 'rows are'} not as written`;
    hearer.fault({ kind: 'database-row', path, what, remedy: remedyOf(path) });
  };
  const scratch = await Scratch.open(data, { elsewhere, onAltered });
  // The work of a thread that fails is done here. Two threads verify as fast as the rest of an examination goes on.
  const readers = new ReaderPool({ threads: 2, onFailure: () => undefined });
  try {
    const chain = await scratch.database(LEDGER_FOLDER);
    if (chain === undefined && foundation.founding && keepsLedger(foundation.founding)) {
      const what = 'ledger: the database is lost, or cannot be opened';
      hearer.fault({ kind: 'database-unreadable', path: LEDGER_FOLDER, what, remedy: 'backup' });
    }
    const ledger = chain && (await examineLedgerFolder(chain, foundation, ports, hearer));
    const rows = await scratch.database(LEDGER_INDEX_FOLDER);
    if (rows !== undefined && network !== undefined) {
      const provider = ledger?.provider;
      await examineIndexFolder(rows, { network, clock: ports.clock, provider, hearer });
    }
    await examineKeystores(data, ports, hearer, ledger);
    if (ledger !== undefined) await examineIssuedIds(data, foundation, ledger, hearer);
    if (network === undefined) return foundation;
    const wanted = [...keys].filter(([name]) =>
      [undefined, name].includes(examination.organisation),
    );
    for (const [organisation, own] of wanted) {
      await examineOrganisation({
        data,
        organisation,
        network,
        keys: own,
        ports,
        scratch,
        hearer,
        ...(examination.openStore && { openStore: examination.openStore }),
        discardUnknown,
        reader: readers.reader({
          domain: domainOf(network),
          primitives: ports.primitives,
          network,
        }),
        ledger,
      });
    }
    for (const { name, organisation } of network.channels.flatMap(({ logs }) => logs)) {
      if (wanted.some(([known]) => known === organisation)) await compareCopies(name, organisation);
    }
    return { ...foundation, keys: new Map(wanted) };
  } finally {
    await readers.close();
    await scratch.close();
  }

  /**
   * Compares copies of a log. They may be shorter than the log itself, which has every checkpoint; at one size they
   * must have one root.
   */
  async function compareCopies(log: LogName, owner: Organisation): Promise<void> {
    let group: { size: string; roots: Map<Organisation, string> } = { size: '', roots: new Map() };
    for await (const [key, root] of scratch.under(`root/${log}/`)) {
      const [size = '', organisation = ''] = key.slice(`root/${log}/`.length).split('/');
      if (size !== group.size) {
        compare(group.roots, Number(group.size));
        group = { size, roots: new Map() };
      }
      group.roots.set(organisation, root);
    }
    compare(group.roots, Number(group.size));

    function compare(roots: ReadonlyMap<Organisation, string>, size: number): void {
      const own = roots.get(owner);
      for (const [organisation, root] of roots) {
        if (root === own) continue;
        const what = own === undefined ? 'a checkpoint that is lost here' : 'another history';
        hearer.fault({
          kind: own === undefined ? 'log-checkpoint' : 'log-fork',
          path: `node/${owner}/logs/${owner}`,
          what: `${log}: the copy of ${organisation} has ${what}, of ${size} entries`,
          remedy: 'peers',
        });
      }
    }
  }
}

async function examineFiles(
  { data, hearer, stoppedInOrder, organisation }: FolderExamination,
  path: string,
): Promise<void> {
  if (
    organisation !== undefined &&
    path.startsWith('node/') &&
    !path.startsWith(`node/${organisation}/`)
  ) {
    if (path !== LEDGER_FOLDER && path !== LEDGER_INDEX_FOLDER) return;
  }
  hearer.progress(path, 0);
  for (const { file, what, unfinished } of await examineDatabaseFiles(join(data, path))) {
    // A write that a crash cuts off was never acknowledged.
    const remedy = unfinished && !stoppedInOrder ? 'none' : remedyOf(path);
    hearer.fault({
      kind: 'database-file',
      path: `${path}/${file}`,
      what: `${path}/${file}: ${what}`,
      remedy,
    });
  }
}

/** Remedy for a database's files: peers hold some of them too. */
function remedyOf(path: string): Remedy {
  if (path === LEDGER_INDEX_FOLDER) return 'rebuild';
  return /\/(?:logs\/[^/]+|vault-index|kept)$/.test(path) ? 'peers' : 'backup';
}

/**
 * Examines who can write to a data folder: nobody but its owner to any folder in it, nor to a file that others can come to.
 *
 * @param data - The folder.
 * @param hearer - The receiver of findings.
 */
async function examineExposure(data: string, hearer: ExaminationHearer): Promise<void> {
  await walk('');

  async function walk(path: string): Promise<void> {
    const folder = join(data, path);
    if (!isOwnFolder(folder, process.getuid?.() === 0)) say(path);
    const canBeEntered = canOthersEnter(await stat(folder));
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      const within = join(path, entry.name);
      if (entry.isDirectory()) await walk(within);
      else if (canBeEntered && entry.isFile() && !isOwnFile(await lstat(join(data, within)))) {
        say(within);
      }
    }
  }

  function say(path: string): void {
    const what = `${path === '' ? 'the folder' : path}: others on this machine can write to it`;
    hearer.fault({ kind: 'exposed', path, what, remedy: 'backup' });
  }
}
