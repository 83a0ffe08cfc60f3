import { cp, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { LevelDatabase } from '../../src/database/LevelDatabase.ts';
import { MemoryDatabase } from '../../src/database/test/MemoryDatabase.ts';
import { equalBytes } from '../../src/crypto/bytes.ts';
import { examineCoordinator } from '../../src/services/coordinator/examineCoordinator.ts';
import { examineFolder } from '../../src/fsck/examineFolder.ts';
import { examineFoundation, type ExaminedFoundation } from '../../src/fsck/examineFoundation.ts';
import { examineDeposits } from '../../src/services/deposits/examineDeposits.ts';
import { examineIndexFolder } from '../../src/fsck/examineIndexFolder.ts';
import { examineLedgerFolder, LEDGER_FOLDER } from '../../src/fsck/examineLedgerFolder.ts';
import { examineLetters } from '../../src/services/letters/examineLetters.ts';
import { erasuresIn } from '../../src/fsck/erasuresIn.ts';
import { examineStoredLog } from '../../src/fsck/examineLog.ts';
import { examineOrganisation } from '../../src/fsck/examineOrganisation.ts';
import { examineContributor } from '../../src/services/contributor/examineContributor.ts';
import type { FolderFault } from '../../src/services/examination/FolderFault.ts';
import type {
  ExaminationHearer,
  LedgerView,
  OrganisationExamination,
} from '../../src/services/examination/OrganisationExamination.ts';
import { LEDGER_INDEX_FOLDER } from '../../src/node/atLedger/openLedgerIndex.ts';
import { databasesIn } from '../../src/database/files/databasesIn.ts';
import { plainKeys } from '../../src/folder/keyGuard.ts';
import { machinePorts, type NodePorts } from '../../src/folder/NodePorts.ts';
import type { LocalDatabase } from '../../src/database/synced.ts';
import { examineVault } from '../../src/vault/examineVault.ts';
import { folderStore } from '../../src/vault/folderStore.ts';
import { openFolder } from '../../src/folder/openFolder.ts';

/** Rows of a database, by their keys in hexadecimal. */
export type Rows = ReadonlyMap<string, Uint8Array>;

/**
 * A stopped network's folder, to be looked at again and again as `medseal fsck` does: by the same functions, but only
 * at the part that was altered, with the rest of the databases in memory.
 */
export class AtRest {
  readonly data: string;
  /** Rows of every database, by its path. */
  readonly rows: ReadonlyMap<string, Rows>;
  readonly ports: NodePorts;
  readonly foundation: ExaminedFoundation;

  readonly #unaltered = new Map<string, LocalDatabase>();
  readonly #notes = new Map<string, string>();
  /** View of its ledger. */
  ledger: LedgerView | undefined;

  private constructor(
    data: string,
    rows: ReadonlyMap<string, Rows>,
    ports: NodePorts,
    foundation: ExaminedFoundation,
  ) {
    this.data = data;
    this.rows = rows;
    this.ports = ports;
    this.foundation = foundation;
  }

  /**
   * Reads all databases of a folder.
   * @param data - The folder of a network that was stopped in order; nothing in it is altered by this.
   */
  static async open(data: string): Promise<AtRest> {
    const ports = await machinePorts();
    const foundation = await examineFoundation({
      data,
      pinned: undefined,
      ports,
      ...foundationOf([]),
    });
    const scratch = `${data}-read`;
    await cp(data, scratch, { recursive: true });
    const rows = await rowsIn(scratch);
    await rm(scratch, { recursive: true });
    const opened = new AtRest(data, rows, ports, foundation);
    const faults = [...(await opened.faultsOn(data)), ...(await opened.#begin())];
    if (faults.length > 0) throw new Error(`it is not whole: ${faults[0]?.what}`);
    return opened;
  }

  /** Looks at all that is there, once: what later looks lean on. */
  async #begin(): Promise<readonly FolderFault[]> {
    for (const [path, rows] of this.rows) this.#unaltered.set(path, await inMemory(rows));
    const faults: FolderFault[] = [];
    const ledger = this.#unaltered.get(LEDGER_FOLDER);
    this.ledger =
      ledger &&
      (await examineLedgerFolder(ledger, this.foundation, this.ports, hearerInto(faults)));
    for (const organisation of this.foundation.keys.keys()) {
      await examineOrganisation(this.#examination(organisation, new Map(), faults, this.#notes));
    }
    return faults;
  }

  /**
   * Lists the faults of altered rows of databases: examines each database alone, and, if that finds nothing, the
   * whole folder.
   *
   * @param altered - Rows by the paths of their databases.
   */
  async faultsOfRows(altered: ReadonlyMap<string, Rows>): Promise<readonly FolderFault[]> {
    const databases = new Map<string, LocalDatabase>();
    for (const [path, rows] of altered) databases.set(path, await inMemory(rows));
    for (const path of altered.keys()) {
      const faults = await this.#faultsOfPart(path, databases);
      if (faults.length > 0) return faults;
    }
    return await this.withCopy(async (copy) => {
      for (const [path, rows] of altered) await overwrite(join(copy, path), rows);
      return await this.faultsOn(copy);
    });
  }

  /** Does something with a copy of the folder. */
  async withCopy<Result>(work: (copy: string) => Promise<Result>): Promise<Result> {
    const copy = `${this.data}-altered`;
    await rm(copy, { recursive: true, force: true });
    await cp(this.data, copy, { recursive: true });
    try {
      return await work(copy);
    } finally {
      await rm(copy, { recursive: true });
    }
  }

  /** Lists the faults that `medseal fsck` finds in a folder and that need a remedy. */
  async faultsOn(data: string): Promise<readonly FolderFault[]> {
    const faults: FolderFault[] = [];
    const hearer = hearerInto(faults);
    await examineFolder({ data, ports: this.ports, hearer, stoppedInOrder: true });
    return faults.filter(({ remedy }) => remedy !== 'none');
  }

  /** Lists the faults of the files of an organisation's vault. */
  async faultsOfVault(
    organisation: string,
    index?: LocalDatabase,
  ): Promise<readonly FolderFault[]> {
    const path = `node/${organisation}/vault`;
    const database = index ?? this.#unaltered.get(`${path}-index`);
    if (database === undefined) throw new Error(`${organisation} has no vault`);
    const faults: FolderFault[] = [];
    await examineVault({
      store: folderStore(await openFolder(join(this.data, path))),
      database,
      createSha256: this.ports.createSha256,
      onFault: (fault) => void faults.push({ ...fault, path }),
    });
    return faults.filter(({ remedy }) => remedy !== 'none');
  }

  async #faultsOfPart(
    path: string,
    altered: ReadonlyMap<string, LocalDatabase>,
  ): Promise<readonly FolderFault[]> {
    const faults: FolderFault[] = [];
    const database = altered.get(path);
    const [, organisation = '', part = '', owner = ''] = path.split('/');
    if (database === undefined) return [];
    if (path === LEDGER_FOLDER) {
      await examineLedgerFolder(database, this.foundation, this.ports, hearerInto(faults));
      return faults.filter(({ remedy }) => remedy !== 'none');
    }
    const { network } = this.foundation;
    if (path === LEDGER_INDEX_FOLDER && network !== undefined) {
      const hearer = hearerInto(faults);
      const provider = this.ledger?.provider;
      await examineIndexFolder(database, { network, clock: this.ports.clock, provider, hearer });
      return faults;
    }
    const notes = new Map(part === 'logs' ? [] : this.#notes);
    const examination = this.#examination(organisation, altered, faults, notes);
    if (part === 'vault-index') return await this.faultsOfVault(organisation, database);
    if (part === 'coordinator') await examineCoordinator(examination, database);
    if (part === 'kept') await examineDeposits(examination, database);
    if (part === 'letters') await examineLetters(examination, database);
    if (part === 'contributor') await examineContributor(examination, database);
    if (part === 'logs') {
      const at = (name: string): LocalDatabase | undefined =>
        this.#unaltered.get(`node/${organisation}/${name}`);
      const [coordinator, vault, contributor] = [
        at('coordinator'),
        at('vault-index'),
        at('contributor'),
      ];
      const identity = examination.network.channels
        .flatMap(({ logs }) => logs)
        .find((log) => log.organisation === owner);
      if (identity === undefined) throw new Error(`there is no log of ${owner}`);
      const erasures = await erasuresIn(examination);
      const stores = { coordinator, vault, contributor, erasures };
      await examineStoredLog(examination, identity, stores);
    }
    return faults.filter(({ remedy }) => remedy !== 'none');
  }

  #examination(
    organisation: string,
    altered: ReadonlyMap<string, LocalDatabase>,
    faults: FolderFault[],
    notes: Map<string, string>,
  ): OrganisationExamination {
    const { network, keys } = this.foundation;
    const own = keys.get(organisation);
    if (network === undefined || own === undefined) throw new Error(`${organisation} has no keys`);
    return {
      data: this.data,
      organisation,
      network,
      keys: own,
      ports: this.ports,
      hearer: hearerInto(faults),
      ledger: this.ledger,
      scratch: {
        store: async (name) =>
          await Promise.resolve(altered.get(name) ?? this.#unaltered.get(name)),
        note: async (key, value?: string) => {
          notes.set(key, value ?? '');
          await Promise.resolve();
        },
        async *under(prefix) {
          const found = [...notes].filter(([key]) => key.startsWith(prefix));
          yield* found.toSorted(([one], [other]) => (one < other ? -1 : 1));
          await Promise.resolve();
        },
      },
    };
  }
}

/** Tells whether rows are the same. */
export function sameRows(one: Rows, other: Rows): boolean {
  if (one.size !== other.size) return false;
  for (const [key, value] of one) {
    const there = other.get(key);
    if (there === undefined || !equalBytes(there, value)) return false;
  }
  return true;
}

/**
 * Rows of all databases in a folder, which may be changed by that.
 *
 * @param data - The folder.
 */
export async function rowsIn(data: string): Promise<ReadonlyMap<string, Rows>> {
  const found = new Map<string, Rows>();
  for (const path of await databasesIn(data)) found.set(path, await readRows(join(data, path)));
  return found;
}

/** Rows of one database, which may be changed by that. */
export async function readRows(path: string): Promise<Rows> {
  const database = new LevelDatabase<Uint8Array, Uint8Array>(path, {
    ...BINARY,
    createIfMissing: false,
  });
  try {
    await database.open();
    const all = await database.iterator().all();
    return new Map(
      all.map(([key, value]) => [Buffer.from(key).toString('hex'), Uint8Array.from(value)]),
    );
  } finally {
    await database.close();
  }
}

/** Puts other rows into a database on disk, and takes those away that are not among them. */
export async function overwrite(path: string, rows: Rows): Promise<void> {
  await rm(path, { recursive: true });
  await mkdir(path);
  const database = new LevelDatabase<Uint8Array, Uint8Array>(path, BINARY);
  await database.open();
  await database.batch(puts(rows));
  await database.close();
}

async function inMemory(rows: Rows): Promise<LocalDatabase> {
  const database: LocalDatabase = new MemoryDatabase();
  await database.open();
  await database.batch<Uint8Array, Uint8Array>(puts(rows), BINARY);
  return database;
}

function puts(rows: Rows): { type: 'put'; key: Uint8Array; value: Uint8Array }[] {
  return [...rows].map(([key, value]) => ({
    type: 'put',
    key: Uint8Array.from(Buffer.from(key, 'hex')),
    value,
  }));
}

const BINARY = { keyEncoding: 'view', valueEncoding: 'view' } as const;

/** A hearer that notes faults alone. */
export function hearerInto(faults: FolderFault[]): ExaminationHearer {
  return {
    fault: (fault) => void faults.push(fault),
    part: () => undefined,
    progress: () => undefined,
  };
}

function foundationOf(faults: FolderFault[]) {
  return { hearer: hearerInto(faults), guard: plainKeys };
}
