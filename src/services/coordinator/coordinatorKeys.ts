import { rangeUnder } from '../../database/rangeUnder.ts';
import { sortable } from '../../database/sortable.ts';
import type { RequestName } from '../../log/EvidenceLog.ts';
import type { Bytes32, Handle, LogName } from '../../protocol/ids.ts';
import type { ChartVersion } from '../entries/versionPlaces.ts';

/** The rows of a coordinator: the beginnings of their keys, and how a key goes on. Nothing else spells them. */
const KEYS = {
  /** A body that it judged, or of a set of views in its logs. */
  body: ['body/', /^(0x[0-9a-f]{64})$/],
  /** A record version that a set of views names: entry, leaf. Its value may be empty if it was left out. */
  pair: ['pair/', /^(0x[0-9a-f]{64})\/(0x[0-9a-f]{64})$/],
  /** The last checkpoint of a log that it signed. */
  checkpoint: ['checkpoint/', /^(.+)$/],
  /** A checkpoint of a log that it waits for since it was restored. */
  awaited: ['awaited/', /^(.+)$/],
  /** Since when it may have forgotten what it signed of a log, because it was restored. */
  forgotten: ['forgotten/', /^(.+)$/],
  /** The size at which it ended a log whose organisation left. */
  ended: ['ended/', /^(.+)$/],
  /** Evidence that a log asked for a checkpoint over an entry that too few judged. */
  unjudged: ['unjudged/', /^(.+)$/],
  /** Evidence that a log signed two histories. */
  conflict: ['conflict/', /^(.+)$/],
  /** Entries that a log presented: log, place of the first. */
  presented: ['shown/', /^(.+)\/([^/]+)$/],
  /** The same, set aside: log, size of the edge that the coordinator took up in place of them, place of the first. */
  setAside: ['shownBefore/', /^(.+)\/([^/]+)\/([^/]+)$/],
  /** Its answer to a request: deadline, request. */
  answer: ['answer/', /^(\d{12})\/(0x[0-9a-f]{64})$/],
  /** Bodies that a log must hold by a moment. */
  due: ['due/', /^(\d{12})\/0x[0-9a-f]{32}$/],
  /** A release of shares for a view, by the entry of the view. */
  released: ['released/', /^(0x[0-9a-f]{64})$/],
  /** That there is such a release: handle of the view, when it was first, entry of the view. */
  releasedOf: ['releasedOf/', /^(0x[0-9a-f]{64})\/(\d{12})\/(0x[0-9a-f]{64})$/],
  /** Promises that only one entry can have: the summary of an agent, a version of a record, a sealed file. */
  summary: ['claim/summary/', /^(.+)$/],
  version: ['claim/version/', /^(.+)$/],
  file: ['claim/file/', /^(0x[0-9a-f]{64})$/],
} as const satisfies Readonly<Record<string, readonly [`${string}/`, RegExp]>>;

/** Kind of a coordinator's row. */
type CoordinatorRow = keyof typeof KEYS;

/** The key of a body that was judged. */
export function bodyKey(entry: string): string {
  return KEYS.body[0] + entry;
}

/** The key of a record version that a set of views names, by the entry of the set and its leaf. */
export function pairKey(entry: string, leaf: Bytes32): string {
  return `${KEYS.pair[0]}${entry}/${leaf}`;
}

/** Range of the record versions that the set of an entry names, in its order. */
export function pairsOf(entry: string): { readonly gt: string; readonly lt: string } {
  return rangeUnder(`${KEYS.pair[0]}${entry}/`);
}

/** The key of the last checkpoint of a log that the coordinator signed. */
export function checkpointKey(log: LogName): string {
  return KEYS.checkpoint[0] + log;
}

/** The key of the note that it waits for a checkpoint of a log. */
export function awaitedKey(log: LogName): string {
  return KEYS.awaited[0] + log;
}

/** The key of the note that it may have forgotten what it signed of a log. */
export function forgottenKey(log: LogName): string {
  return KEYS.forgotten[0] + log;
}

/** The key of the end of a log. */
export function endOfLogKey(log: LogName): string {
  return KEYS.ended[0] + log;
}

/** The key of the evidence that a log's organisation misbehaved. */
export function unjudgedKey(log: LogName): string {
  return KEYS.unjudged[0] + log;
}

/** The key of the evidence that a log signed two histories. */
export function conflictKey(log: LogName): string {
  return KEYS.conflict[0] + log;
}

/** The key of presented entries of a log, which begin at a place. */
export function presentedKey(log: LogName, from: number): string {
  return presentedPrefix(log) + sortable(from);
}

/** The beginning of the keys of all presented entries of a log, or of those that were set aside for an edge of a size. */
export function presentedPrefix(log: LogName, edge?: number): `${string}/` {
  return edge === undefined
    ? `${KEYS.presented[0]}${log}/`
    : `${setAsidePrefix(log)}${sortable(edge)}/`;
}

/** The beginning of the keys of all entries of a log that were set aside. */
export function setAsidePrefix(log: LogName): `${string}/` {
  return `${KEYS.setAside[0]}${log}/`;
}

/** The key of an answer; the deadline comes first, so that answers are forgotten in the order in which they end. */
export function answerKey({ deadline, request }: RequestName): string {
  return `${KEYS.answer[0]}${sortable(deadline)}/${request}`;
}

/** Range of the answers to requests whose deadline was before a moment. */
export function answersBefore(moment: number): { readonly gt: string; readonly lt: string } {
  const [prefix] = KEYS.answer;
  return { gt: prefix, lt: prefix + sortable(moment) };
}

/** The key of a note of due bodies, with a random name. */
export function dueBodiesKey(includeBy: number, name: string): string {
  return `${KEYS.due[0]}${sortable(includeBy)}/${name}`;
}

/** The key of the note that shares were released for a view. */
export function releasedKey(entry: Bytes32): string {
  return KEYS.released[0] + entry;
}

/** The key that finds the note of a release by the chart that was read, and when. */
export function releasedOfKey(handle: Handle, at: number, entry: Bytes32): string {
  return `${KEYS.releasedOf[0]}${handle}/${sortable(at)}/${entry}`;
}

/** Range of the keys that find the notes of releases of a chart from a moment on, the earliest first. */
export function releasedSince(
  handle: Handle,
  since: number,
): { readonly gte: string; readonly lt: string } {
  const prefix = `${KEYS.releasedOf[0]}${handle}/` as const;
  return { gte: prefix + sortable(since), lt: rangeUnder(prefix).lt };
}

/** The key of the claim on an agent's summary. */
export function summaryKey(log: LogName): string {
  return KEYS.summary[0] + log;
}

/** The key of the claim on a version, by its name: `handle/record/version`. */
export function versionKey(name: string): string {
  return KEYS.version[0] + name;
}

/** The key of the claim on a sealed file. */
export function claimedFileKey(file: Bytes32): string {
  return KEYS.file[0] + file;
}

/** The name of a version in claims. */
export function versionName({ handle, record, version }: ChartVersion): string {
  return `${handle}/${record}/${version}`;
}

/** Tells whether a row is of a kind, by the beginning of its key. */
export function isRowOf(kind: CoordinatorRow, key: string): boolean {
  return key.startsWith(KEYS[kind][0]);
}

/** Returns the parts of a key of a kind; nothing if it is not one, or malformed. */
export function partsOfKey(kind: CoordinatorRow, key: string): readonly string[] {
  const [prefix, rest] = KEYS[kind];
  if (!key.startsWith(prefix)) return [];
  return rest.exec(key.slice(prefix.length))?.slice(1) ?? [];
}

/** Range of all rows of a kind. */
export function rowsOf(kind: CoordinatorRow): { readonly gt: string; readonly lt: string } {
  return rangeUnder(KEYS[kind][0]);
}
