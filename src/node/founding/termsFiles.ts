import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Files } from '../../folder/Files.ts';
import { readJsonFile, writeJsonFile } from '../../folder/jsonFiles.ts';
import { DEAL, type GivenDeal } from '../../protocol/dealing/Dealing.ts';
import {
  BYTES32,
  ListOf,
  OneOf,
  SIGNATURE,
  type Shape,
} from '../../protocol/wire/findShapeError.ts';
import type { Hex, Organisation } from '../../protocol/ids.ts';
import { isOfShape } from '../../protocol/wire/isOfShape.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import type { Of } from '../../protocol/struct/Of.ts';
import { parseNetworkFile } from '../../protocol/network/parseNetworkFile.ts';
import { ORGANISATION } from '../../protocol/shapes/answerShapes.ts';
import { MAX_SUCCESSOR_ORGANISATIONS } from '../../protocol/network/Successor.ts';
import { MOST_TERMS, readExchanged, writeExchanged } from './exchangeFiles.ts';

/**
 * The file of the terms that a guarded network is founded on. In the exchange folder it is the founder's, first with its deal
 * alone, then with all that make the release key. In a node's folder it is what its operator agreed to, with what the node dealt.
 */
export const TERMS_NAME = 'terms.json';

const DEALS = new ListOf(DEAL, MAX_SUCCESSOR_ORGANISATIONS, 1);
const TERMS_FORMAT = new OneOf('medseal-terms/1');
const DEAL_FILE = { format: new OneOf('medseal-deal/1'), deal: DEAL } as const;
const HELD_FILE = {
  format: new OneOf('medseal-held/1'),
  organisation: ORGANISATION,
  /** SHA-256 of the canonical JSON of each deal. */
  deals: new ListOf(BYTES32, MAX_SUCCESSOR_ORGANISATIONS, 1),
  signature: SIGNATURE,
} as const;

/** Terms that a network is founded on, and deals of its release key. */
export interface FoundingTermsFile {
  /** The network file that follows from them, without the release key and with another id: no network has it. */
  readonly network: NetworkFile;
  readonly deals: readonly GivenDeal[];
  /** The founder's signature of the deals, once it has joined them: of two sets it convicts the founder. */
  readonly set?: Hex | undefined;
}

/** The same in a node's folder. */
export interface OwnTerms extends FoundingTermsFile {
  /** The exchange folder, in which the founding goes on. */
  readonly exchange: string;
}

type DealFile = Of<typeof DEAL_FILE>;

/** The file in which an organisation's node that waits says which deals gave it a right share, signed by its coordinator. */
export type HeldFile = Of<typeof HELD_FILE>;

/** The contents of the files of one kind in an exchange folder. */
export interface ReadFiles<Value> {
  /** Nothing in them is trusted. */
  readonly files: readonly Value[];
  /** By their organisations, the faults of files that are not whole, malformed, or of another one than their name says. */
  readonly faults: ReadonlyMap<Organisation, MedsealError<'CEREMONY_INVALID'>>;
}

/**
 * Reads the founder's terms from the exchange folder.
 *
 * @param exchange - The folder that files are exchanged in.
 * @returns Undefined if they are not there; nothing in them is trusted.
 * @throws MedsealError `CEREMONY_INVALID`, `NETWORK_FILE_INVALID`.
 */
export async function readTerms(exchange: Files): Promise<FoundingTermsFile | undefined> {
  const value = await readExchanged(exchange, TERMS_NAME, MOST_TERMS);
  if (value === undefined) return undefined;
  const terms = parsed(value);
  if (terms !== undefined) return terms;
  throw invalid(TERMS_NAME, 'it is malformed');
}

/**
 * Reads the terms that the operator of a node agreed to.
 *
 * @param files - The node's folder.
 * @returns Undefined if it took no part in founding a guarded network by files.
 * @throws MedsealError `FOLDER_FOREIGN`.
 */
export async function readOwnTerms(files: Files): Promise<OwnTerms | undefined> {
  const value = await readJsonFile(files, TERMS_NAME);
  if (value === undefined) return undefined;
  const terms = parsed(value);
  const { exchange } = value as { readonly exchange?: unknown };
  if (terms !== undefined && typeof exchange === 'string') return { ...terms, exchange };
  throw new MedsealError('FOLDER_FOREIGN', { path: files.path, what: `${TERMS_NAME} was altered` });
}

/**
 * Writes the founder's terms into the exchange folder, unless they are there already.
 *
 * @param exchange - The folder that files are exchanged in.
 * @param terms - The terms.
 * @throws MedsealError `CEREMONY_INVALID` if they cannot be written.
 */
export async function writeTerms(exchange: Files, terms: FoundingTermsFile): Promise<void> {
  await writeExchanged(exchange, TERMS_NAME, fileOf(terms));
}

/**
 * Writes the terms that the operator of a node agreed to, durably, unless they are there already.
 *
 * @param files - The node's folder.
 * @param terms - The terms.
 * @throws MedsealError `FOLDER_UNWRITABLE`.
 */
export async function writeOwnTerms(files: Files, terms: OwnTerms): Promise<void> {
  const value = { ...fileOf(terms), exchange: terms.exchange };
  const known = await readJsonFile(files, TERMS_NAME).catch(() => undefined);
  if (JSON.stringify(known) !== JSON.stringify(value)) {
    await writeJsonFile(files, TERMS_NAME, value);
  }
}

/**
 * Writes an organisation's deal, for the founder, unless it is there already.
 *
 * @param exchange - The folder that files are exchanged in.
 * @param deal - The deal.
 */
export async function writeDeal(exchange: Files, deal: GivenDeal): Promise<void> {
  const file: DealFile = { format: 'medseal-deal/1', deal };
  await writeExchanged(exchange, dealName(deal.organisation), file);
}

/**
 * Reads the deals of organisations from the exchange folder.
 *
 * @param exchange - The folder that files are exchanged in.
 * @param of - The organisations; files in other names are passed over.
 */
export async function readDeals(
  exchange: Files,
  of: readonly Organisation[],
): Promise<ReadFiles<GivenDeal>> {
  return await readEach(exchange, of, dealName, DEAL_FILE, ({ deal }) => deal);
}

/**
 * Writes which deals an organisation holds, for the founder, unless it is there already.
 *
 * @param exchange - The folder that files are exchanged in.
 * @param held - The deals.
 */
export async function writeHeldDeals(exchange: Files, held: HeldFile): Promise<void> {
  await writeExchanged(exchange, heldName(held.organisation), held);
}

/**
 * Reads from the exchange folder which deals the organisations hold whose nodes wait.
 *
 * @param exchange - The folder that files are exchanged in.
 * @param of - As for `readDeals`.
 */
export async function readHeldDeals(
  exchange: Files,
  of: readonly Organisation[],
): Promise<ReadFiles<HeldFile>> {
  return await readEach(exchange, of, heldName, HELD_FILE, (file) => file);
}

/**
 * Returns the name of an organisation's deal.
 *
 * @param organisation - The organisation.
 */
export function dealName(organisation: Organisation): string {
  return `${organisation}.deal.json`;
}

/**
 * Returns the name of the file that says which deals an organisation holds.
 *
 * @param organisation - The organisation.
 */
export function heldName(organisation: Organisation): string {
  return `${organisation}.held.json`;
}

/** Reads the files of one kind, each of the organisation that its name says; one that is at fault does not count. */
async function readEach<S extends Shape, Value extends { readonly organisation: Organisation }>(
  exchange: Files,
  of: readonly Organisation[],
  nameOf: (organisation: Organisation) => string,
  shape: S,
  valueIn: (file: Of<S>) => Value,
): Promise<ReadFiles<Value>> {
  const files: Value[] = [];
  const faults = new Map<Organisation, MedsealError<'CEREMONY_INVALID'>>();
  for (const organisation of of) {
    const name = nameOf(organisation);
    try {
      const file = await readExchanged(exchange, name);
      if (file === undefined) continue;
      if (!isOfShape(shape, file)) throw invalid(name, 'it is malformed');
      const value = valueIn(file);
      if (value.organisation !== organisation)
        throw invalid(name, `it is of ${value.organisation}`);
      files.push(value);
    } catch (error) {
      if (!isMedsealError(error, 'CEREMONY_INVALID')) throw error;
      faults.set(organisation, error);
    }
  }
  return { files, faults };
}

function fileOf({ network, deals, set }: FoundingTermsFile): object {
  return { format: 'medseal-terms/1', network, deals, ...(set !== undefined && { set }) };
}

function parsed(value: unknown): FoundingTermsFile | undefined {
  const { format, network, deals, set } = (value ?? {}) as Readonly<Record<string, unknown>>;
  if (!isOfShape(TERMS_FORMAT, format) || !isOfShape(DEALS, deals)) return undefined;
  if (set !== undefined && !isOfShape(SIGNATURE, set)) return undefined;
  return { network: parseNetworkFile(network), deals, ...(set !== undefined && { set }) };
}

function invalid(file: string, reason: string): MedsealError<'CEREMONY_INVALID'> {
  return new MedsealError('CEREMONY_INVALID', { file, reason });
}
