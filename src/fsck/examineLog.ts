import { isMedsealError } from '../errors/isMedsealError.ts';
import { encryptBodies, type BodyEncryption } from '../log/encryptBodies.ts';
import { examineRows, type ExaminedEntries, type ExaminedWrite } from '../log/examineRows.ts';
import { LogRows } from '../log/LogRows.ts';
import type { PlacedCheckpoint } from '../protocol/evidence/evidence.ts';
import { domainOf } from '../protocol/struct/domainOf.ts';
import { erasesVersion } from '../protocol/rights/erasesVersion.ts';
import type { Address, Bytes32 } from '../protocol/ids.ts';
import type { Erase, Write } from '../protocol/struct/requests.ts';
import type { LogIdentity } from '../protocol/network/NetworkFile.ts';
import { wantedKey } from '../services/contributor/contributorKeys.ts';
import { findLostBodies } from '../services/coordinator/findLostBodies.ts';
import type { ServiceDatabase } from '../database/synced.ts';
import { findMissing } from '../vault/examineVault.ts';
import type { FolderFaultKind } from '../services/examination/FolderFault.ts';
import {
  notes,
  partPath,
  type OrganisationExamination,
} from '../services/examination/OrganisationExamination.ts';

/** The stores that a log's entries name things in; absent if they cannot be opened. */
export interface LogStores {
  readonly coordinator: ServiceDatabase | undefined;
  readonly vault: ServiceDatabase | undefined;
  readonly contributor: ServiceDatabase | undefined;
  /** Erasures in all logs: their files are not missed. */
  readonly erasures: readonly Erase[];
}

/**
 * Examines a log, an organisation's own or its copy of another's, and everything that its entries name: sealed files,
 * bodies that the coordinator judged, places on the ledger.
 *
 * @param examination - Organisation and folder.
 * @param identity - The log.
 * @param stores - The stores in which its entries name things.
 */
export async function examineStoredLog(
  examination: OrganisationExamination,
  identity: LogIdentity,
  stores: LogStores,
): Promise<void> {
  const { organisation, network, keys, ports, scratch, hearer, ledger } = examination;
  const path = partPath(examination, `logs/${identity.organisation}`);
  const name = `${organisation}: log ${identity.name}`;
  const own = identity.organisation === organisation;
  const database = await scratch.store(path);
  if (database === undefined) {
    const remedy = own ? 'backup' : 'peers';
    hearer.fault({
      kind: 'database-unreadable',
      path,
      what: `${name}: the database cannot be opened`,
      remedy,
    });
    return;
  }
  const bodies = encryptBodies({ ...ports, storageKey: keys.storage });
  const context = {
    network,
    identity,
    bodies,
    primitives: ports.primitives,
    domain: domainOf(network),
    reader: examination.reader,
  };
  try {
    const found = await examineRows(new LogRows(database), context, {
      fault: (fault) => hearer.fault({ ...fault, path, what: `${name}: ${fault.what}` }),
      entries: examineNamed,
      checkpoint: examinePlace,
      progress: (done, total) => hearer.progress(name, done, total),
    });
    await scratch.note(notes.size(identity.name, organisation), String(found.entries));
    checkLength(found.entries);
    const gone = found.erased === 0 ? '' : `, ${found.erased} of them erased`;
    const holds = `${found.entries} entries${gone}, ${found.checkpoints} checkpoints`;
    hearer.part({ path, name, holds });
  } catch (error) {
    const reason = isMedsealError(error) ? error.message : 'a row cannot be read';
    hearer.fault({
      kind: 'database-unreadable',
      path,
      what: `${name}: ${reason}`,
      remedy: own ? 'backup' : 'peers',
    });
  }

  async function examineNamed({ writes, judged }: ExaminedEntries): Promise<void> {
    for (const each of writes) await examineWrite(each);
    await examineJudged(bodies, judged);
  }

  async function examineWrite({ write, request, judges }: ExaminedWrite): Promise<void> {
    const { handle, record, version, file } = write;
    // A version that others judged without it, it may have promised to a write that came to nothing.
    if (judges.includes(keys.coordinator.address)) {
      const written = `${handle}/${record}/${version}`;
      await scratch.note(notes.version(organisation, written), request);
      await scratch.note(notes.file(organisation, file), written);
    }
    const { vault, contributor } = stores;
    if (vault === undefined) return;
    const missing = await findMissing(vault, write);
    if (missing === undefined || isErased(write)) return;
    // Files that the others' logs name are copied after their entries.
    if (!own && (await contributor?.get(wantedKey({ hash: file, handle }))) !== undefined) return;
    say('vault-file', `sealed file ${file} of record ${record}, version ${version}: ${missing}`);
  }

  function isErased(write: Write): boolean {
    return stores.erasures.some((erase) => erasesVersion(erase, write));
  }

  /** Requires the bodies that this organisation's coordinator judged. */
  async function examineJudged(
    encryption: BodyEncryption,
    judged: ReadonlyMap<Bytes32, readonly Address[]>,
  ): Promise<void> {
    const mine = [...judged].flatMap(([entry, by]) =>
      by.includes(keys.coordinator.address) ? [entry] : [],
    );
    const { coordinator } = stores;
    if (coordinator === undefined) return;
    for (const what of await findLostBodies(coordinator, encryption, mine))
      say('coordinator-body', what);
  }

  async function examinePlace({ checkpoint, ledger: place }: PlacedCheckpoint): Promise<void> {
    const { size, root, signatures } = checkpoint;
    await scratch.note(notes.root(identity.name, size, organisation), root);
    if (signatures.some(({ coordinator }) => coordinator === keys.coordinator.address)) {
      await scratch.note(notes.signed(identity.name, organisation, size));
    }
    if (ledger === undefined || ledger.blockOf(place.transaction) === place.block) return;
    say(
      'log-checkpoint',
      `checkpoint of ${size} entries: the ledger does not have it in the transaction that it names`,
    );
  }

  /** Requires as many entries of the organisation's own log as the ledger has a checkpoint of. */
  function checkLength(entries: number): void {
    const held = ledger?.index.checkpoint(identity.id);
    if (!own || held === undefined || held.size <= entries) return;
    say(
      'log-entry',
      `the ledger has a checkpoint of ${held.size} entries, but only ${entries} are here`,
    );
  }

  function say(kind: FolderFaultKind, what: string): void {
    const remedy = kind === 'coordinator-body' ? 'rebuild' : 'peers';
    const where = kind === 'coordinator-body' ? partPath(examination, 'coordinator') : path;
    hearer.fault({ kind, path: where, what: `${name}: ${what}`, remedy });
  }
}
