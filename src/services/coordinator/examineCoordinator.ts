import { encryptBodies } from '../../log/encryptBodies.ts';
import { bytesToHex, bytesToUtf8, hexToBytes } from '../../crypto/bytes.ts';
import { parseCheckpoint } from '../../crypto/note/checkpoint.ts';
import { openNote } from '../../crypto/note/openNote.ts';
import { MerkleFrontier } from '../../crypto/merkle/MerkleFrontier.ts';
import { isPromise } from '../../protocol/acknowledgementCheck.ts';
import { domainOf } from '../../protocol/domainOf.ts';
import type { Body } from '../../protocol/evidence.ts';
import type { Remedy } from '../../protocol/Fault.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import { logOf } from '../../protocol/networkLookups.ts';
import { examineUnjudged, type UnjudgedProof } from './examineUnjudged.ts';
import { succeeds } from '../../protocol/succeeds.ts';
import { BYTES32, findShapeError, OneOf } from '../../protocol/findShapeError.ts';
import type { StoredClaim } from './Claims.ts';
import type { SignedEdge } from '../ports.ts';
import type { ServiceDatabase } from '../../database/synced.ts';
import type { FolderFaultKind } from '../examination/FolderFault.ts';
import type { DueRow } from './DueBodies.ts';
import { isPresentedSound } from './isPresentedSound.ts';
import {
  notes,
  partPath,
  type OrganisationExamination,
} from '../examination/OrganisationExamination.ts';

/** Bodies that are read between two reports of progress. */
const STEP = 1000;

/**
 * Examines the rows of a coordinator: bodies that it judged, its promises, the last checkpoint of each log that it
 * signed, and evidence of misbehaviour.
 *
 * @param examination - The organisation's, after its logs were examined.
 * @param database - The coordinator's.
 */
export async function examineCoordinator(
  examination: OrganisationExamination,
  database: ServiceDatabase,
): Promise<void> {
  const { organisation, keys, ports, scratch, hearer, network } = examination;
  const path = partPath(examination, 'coordinator');
  const name = `${organisation}: coordinator`;
  const bodies = encryptBodies({ ...ports, storageKey: keys.storage });
  let [kept, promises] = [0, 0];
  const logs = network.channels.flatMap((channel) => channel.logs.map(({ name: each }) => each));
  const signedSizes = new Map<string, number>();
  const rows = database.iterator<string, Uint8Array>({ valueEncoding: 'view' });
  for await (const [key, bytes] of rows) {
    const [, entry] = /^body\/(0x[0-9a-f]{64})$/.exec(key) ?? [];
    const [, log] = /^checkpoint\/(.+)$/.exec(key) ?? [];
    const [, accused] = /^unjudged\/(.+)$/.exec(key) ?? [];
    if (entry !== undefined) {
      kept += 1;
      if (kept % STEP === 0) hearer.progress(name, kept);
      if (!opens(entry, bytes))
        say('coordinator-body', `the stored body of entry ${entry} was altered`);
    } else if (log !== undefined) {
      const wrong = await faultOfSigned(log, parsed(bytes));
      signedSizes.set(log, sizeOf(parsed(bytes)));
      if (wrong !== undefined)
        say('coordinator-promise', `its last signed checkpoint of ${log} ${wrong}`);
    } else if (key.startsWith('shown/')) {
      if (!(await isPresentedSound(examination, key, parsed(bytes))))
        say('coordinator-promise', `${key} was altered`);
    } else if (/^(?:answer|due)\//.test(key)) {
      promises += 1;
      if (!isNoted(key, parsed(bytes))) say('coordinator-promise', `${key} was altered`);
    } else if (accused !== undefined) {
      say('coordinator-unjudged', accusation(accused, parsed(bytes)));
    } else {
      promises += 1;
      const wrong = await faultOfClaim(key, parsed(bytes));
      if (wrong !== undefined) say('coordinator-promise', `${key} ${wrong}`);
    }
  }
  await examineForgotten();
  hearer.part({ path, name, holds: `${kept} bodies, ${promises} promises` });

  function say(kind: FolderFaultKind, what: string): void {
    hearer.fault({ kind, path, what: `${name}: ${what}`, remedy: REMEDIES[kind] ?? 'peers' });
  }

  /** Finds checkpoints that the coordinator forgot: it might sign another history. */
  async function examineForgotten(): Promise<void> {
    for (const log of logs) {
      const prefix = notes.signed(log, organisation);
      let last = 0;
      for await (const [key] of scratch.under(prefix)) last = Number(key.slice(prefix.length));
      if ((signedSizes.get(log) ?? 0) >= last) continue;
      const what = `it lost its note of a checkpoint of ${log} that it signed, of ${last} entries`;
      say('coordinator-promise', what);
    }
  }

  function accusation(log: string, proof: unknown): string {
    const context = { domain: domainOf(network), primitives: ports.primitives, network };
    try {
      const { message } = examineUnjudged(context, proof as UnjudgedProof);
      const { organisation: accused } = logOf(network, log).log;
      return `it stores evidence that ${accused} misbehaved. ${message}`;
    } catch {
      return `its stored evidence against ${log} was altered`;
    }
  }

  function opens(entry: string, value: Uint8Array): boolean {
    return succeeds(() => bodies.open(0, value, hexToBytes(entry)).length > 0);
  }

  async function faultOfSigned(log: string, signed: unknown): Promise<string | undefined> {
    if (findShapeError(SIGNED, { note: '', ...Object(signed) }, 'it') !== undefined) {
      return 'was altered';
    }
    const { size, root, peaks, note } = signed as SignedEdge;
    const edge = (): boolean => {
      const kept = MerkleFrontier.of(ports.primitives, size, peaks.map(hexToBytes));
      if (note === undefined) return bytesToHex(kept.root()) === root;
      const said = parseCheckpoint(openNote(ports.primitives, note, [logOf(network, log).log.key]));
      const roots = [bytesToHex(said.root), bytesToHex(kept.root())];
      return said.size === size && roots.every((each) => each === root);
    };
    if (!succeeds(edge)) return 'was altered';
    for await (const [key, known] of scratch.under(notes.root(log, size))) {
      if (known === root) continue;
      return `differs from that of ${key.slice(key.lastIndexOf('/') + 1)}`;
    }
    // No copy has a checkpoint of this size yet, so none contradicts it.
    return undefined;
  }

  /** Moment in the body of an entry that the coordinator judged. */
  async function momentOf(entry: Bytes32): Promise<unknown> {
    const row = await database.get<string, Uint8Array>(`body/${entry}`, { valueEncoding: 'view' });
    if (row === undefined || !opens(entry, row)) return undefined;
    const { at } = JSON.parse(bytesToUtf8(bodies.open(0, row, hexToBytes(entry)))) as Body;
    return at;
  }

  /**
   * Tells whether a row is an answer that the coordinator gave to a request, or a note of bodies until a log holds
   * them.
   */
  function isNoted(key: string, row: unknown): boolean {
    if (/^answer\/\d{12}\/0x[0-9a-f]{64}$/.test(key)) {
      return findShapeError(ANSWER, row, 'it') === undefined;
    }
    const [, dueBy] = /^due\/(\d{12})\/0x[0-9a-f]{32}$/.exec(key) ?? [];
    if (dueBy === undefined || findShapeError(DUE, row, 'it') !== undefined) return false;
    const { log, includeBy } = row as DueRow;
    return logs.includes(log) && includeBy === Number(dueBy);
  }

  async function faultOfClaim(key: string, claim: unknown): Promise<string | undefined> {
    const [, file] = /^claim\/file\/(0x[0-9a-f]{64})$/.exec(key) ?? [];
    const shape = file === undefined ? CLAIM : FILE_CLAIM;
    if (findShapeError(shape, claim, 'it') !== undefined) return 'was altered';
    const { by, log, at, includeBy } = claim as StoredClaim;
    if (!logs.includes(log) || !isPromise({ at, includeBy })) return 'was altered';
    const [, agent] = /^claim\/summary\/(.+)$/.exec(key) ?? [];
    if (agent !== undefined) {
      return agent === log && (await momentOf(by as Bytes32)) === at ? undefined : 'was altered';
    }
    if (file !== undefined) {
      for await (const [, version] of scratch.under(notes.file(organisation, file))) {
        if (version !== by) return 'names another version than the one it judged';
      }
      return undefined;
    }
    const [, version] = /^claim\/version\/(.+)$/.exec(key) ?? [];
    if (version === undefined) return 'is unknown';
    const note = notes.version(organisation, version);
    for await (const [found, request] of scratch.under(note)) {
      // Version 10 begins like version 1.
      if (found === note && request !== by) {
        return 'names another request than the one it judged';
      }
    }
    return undefined;
  }
}

const SIGNED = { size: 'count', root: BYTES32, peaks: [BYTES32], note: 'text' } as const;
const REMEDIES: Partial<Record<FolderFaultKind, Remedy>> = {
  'coordinator-body': 'rebuild',
  'coordinator-unjudged': 'none',
};
const CLAIM = { by: BYTES32, log: 'text', at: 'count', includeBy: 'count' } as const;
const ANSWER = { flag: new OneOf('A', 'R'), includeBy: 'count' } as const;
const DUE = {
  log: 'text',
  includeBy: 'count',
  bytes: 'count',
  bodies: [{ entry: BYTES32, request: BYTES32, deadline: 'count' }],
} as const;

/** Claim of a sealed file; `by` is `handle/record/version`. */
const FILE_CLAIM = { ...CLAIM, by: /^0x[0-9a-f]{64}\/0x[0-9a-f]{64}\/[1-9][0-9]{0,15}$/ } as const;

/** Parses a row; undefined unless it is spelt as nodes write it. */
function parsed(bytes: Uint8Array): unknown {
  try {
    const text = bytesToUtf8(bytes);
    const value: unknown = JSON.parse(text);
    return JSON.stringify(value) === text ? value : undefined;
  } catch {
    return undefined;
  }
}

function sizeOf(signed: unknown): number {
  const { size } = Object(signed) as { size?: unknown };
  return typeof size === 'number' ? size : 0;
}
