// Over 400 lines: a network file is one value, and its parts are checked against each other.
import { parseVerifierKey } from '../../crypto/note/NoteKey.ts';
import { portablePrimitives } from '../../crypto/portablePrimitives.ts';
import { bytesToHex, utf8ToBytes } from '../../crypto/bytes.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { canonicalJson } from '../wire/canonicalJson.ts';
import { MOST_CHANGE_DELAY } from './changeDelayOf.ts';
import { areClaimTerms } from '../care/claimTermsOf.ts';
import { areControlled } from '../care/controlledMedicines.ts';
import { areCopies } from '../evidence/areCopies.ts';
import { CHANNEL_NUMBER_NAMES, CHANNEL_NUMBERS, isChannelNumber } from './channelNumbers.ts';
import { FURTHER_CONTRACTS } from './furtherContracts.ts';
import { isMaxLedgerAge } from './maxLedgerAgeOf.ts';
import { isNodeUrl } from '../wire/isNodeUrl.ts';
import { MOST_INDEX } from '../../crypto/threshold/combineShares.ts';
import { succeeds } from '../wire/succeeds.ts';
import { isEngineUpgrade } from './engineUpgrade.ts';
import { isQuorum } from './isQuorum.ts';
import { ENTRY_KINDS } from '../struct/kindOf.ts';
import type { NetworkFile } from './NetworkFile.ts';
import { organisationId } from './networkLookups.ts';
import { MOST_STAKE } from './stakeChangesOf.ts';
import { MAX_FORMER_RELEASES, MAX_SUCCESSORS } from './Successor.ts';
import { CATEGORIES } from '../vocabulary.ts';
import { CHAIN_NAME, VALIDATOR_ADDRESS, VALIDATOR_NODE } from './validatorShapes.ts';

/**
 * Parses a network file from outside. Only the person who pins it can know if it is the right one.
 *
 * @param value - Value, decoded from JSON.
 * @throws MedsealError `NETWORK_FILE_INVALID` with the reason.
 * @example
 * ```ts
 * import { readFile } from 'node:fs/promises';
 * const network = parseNetworkFile(JSON.parse(await readFile('network.json', 'utf8')));
 * ```
 */
export function parseNetworkFile(value: unknown): NetworkFile {
  const file = record(value, 'it');
  if (file['format'] !== 'medseal-network/1') throw invalid('it is of another format');
  bytes(file['networkId'], 32, 'the network id');
  if (typeof file['demo'] !== 'boolean') throw invalid('it does not say if it is a demonstration');
  const ledger = record(file['ledger'], 'the ledger');
  whole(ledger['chainId'], 'the chain id');
  bytes(ledger['genesis'], 32, 'the genesis hash');
  if (ledger['timestamp'] !== undefined) whole(ledger['timestamp'], 'the time of block 0');
  checkMaxAge(ledger);
  const contracts = record(file['contracts'], 'the contracts');
  for (const name of ['registry', 'consent', 'evidence']) bytes(contracts[name], 20, name);
  for (const name of FURTHER_CONTRACTS) {
    if (contracts[name] !== undefined) bytes(contracts[name], 20, name);
  }
  if (file['engine'] !== undefined && !isEngineUpgrade(file['engine'])) {
    throw invalid('the upgrade of the engine is malformed');
  }
  if (ledger['of'] === undefined) checkConsortium(ledger, contracts, file['founders']);
  else checkHost(ledger, contracts, file);
  const authority = record(file['authority'], 'the authority');
  const members = checkOffice(authority['threshold'], authority['members'], 'the authority');
  const earlier = checkBefore(file['before']);
  const senders = checkNodes(file, members);
  if (file['rights'] !== undefined) {
    whole(record(file['rights'], 'the rights')['longest'], 'the length of the longest right');
  }
  if (file['changes'] !== undefined) {
    const delay = whole(record(file['changes'], 'the terms of changes')['delay'], 'their delay');
    if (delay > MOST_CHANGE_DELAY) throw invalid('the delay of changes is too long');
  }
  if (file['claims'] !== undefined) {
    const terms = record(file['claims'], 'the terms of claims');
    if (!areClaimTerms({ term: whole(terms['term'], 'their term') }))
      throw invalid('the term of claims is too long, or none');
  }
  const others = new Set([...members.addresses, ...senders]);
  const ids: string[] = [];
  const names = list(file['channels'], 'the channels').map((each) => {
    const { name, coordinators, logs } = checkChannel(each, earlier);
    ids.push(...logs);
    for (const organisation of coordinators.organisations) {
      if (members.organisations.has(organisation)) continue;
      throw invalid(`${organisation} has coordinators, but no member of the authority`);
    }
    if (coordinators.addresses.some((address) => others.has(address))) {
      throw invalid('a coordinator has the address of another office');
    }
    return name;
  });
  if (names.length === 0) throw invalid('it has no channel');
  unique(names, 'channels');
  unique(ids, 'logs');
  if (!succeeds(() => canonicalJson(value) !== '')) throw invalid('it has no fingerprint');
  return value as NetworkFile;
}

/** Holders of an office. */
interface Holders {
  readonly organisations: ReadonlySet<string>;
  readonly addresses: readonly string[];
}

const NOBODY: Holders = { organisations: new Set(), addresses: [] };

/** The accounts of the organisations, if they are named. */
function checkNodes(file: Json, members: Holders): readonly string[] {
  const { founders, nodes, before } = file;
  if (nodes === undefined) {
    if (before !== undefined && founders !== undefined) throw invalid('it names no nodes');
    return checkFounders(founders, members);
  }
  if (before === undefined || founders === undefined) {
    throw invalid('it names nodes, but nothing before them');
  }
  checkPresentValidators(nodes, record(file['ledger'], 'the ledger'));
  checkFounders(founders);
  return checkFounders(nodes, members);
}

const NO_ADDRESSES: Pick<Holders, 'addresses'> = { addresses: [] };

/** The accounts of the founders, if they are named: each organisation of the authority, and no other, has one. */
function checkFounders(value: unknown, members?: Holders): readonly string[] {
  if (value === undefined) return [];
  const founders = list(value, 'the founders').map((each) => record(each, 'a founder'));
  const named = founders.map(({ organisation }) => organisationIn(organisation));
  unique(named, 'organisations of the founders');
  if (members !== undefined && !isSame(new Set(named), members.organisations)) {
    throw invalid('the founders are other organisations than those of the authority');
  }
  const senders = founders.map(({ sender }) => bytes(sender, 20, 'the account of a founder'));
  const { addresses } = members ?? NO_ADDRESSES;
  unique([...senders, ...addresses], 'addresses of founders and the authority');
  const urls = founders.flatMap(({ url }) => (url === undefined ? [] : [url]));
  if (!urls.every(isNodeUrl)) throw invalid('the address of a founder’s node is not one');
  unique(urls, 'addresses of nodes');
  const keys = founders.flatMap(({ tls }) => (tls === undefined ? [] : [tls]));
  unique(
    keys.map((key) => bytes(key, 32, 'the TLS key of a founder')),
    'TLS keys of nodes',
  );
  if (keys.length > 0 && keys.length < founders.length) {
    throw invalid('some founders have a TLS key, and others have none');
  }
  if (keys.length > 0 && founders.some(({ url }) => !String(url).startsWith('https://'))) {
    throw invalid('the address of a founder with a TLS key does not begin with https://');
  }
  return senders;
}

/** Either the ledger has a chain's name, the contract of stakes, and a validator of each founder; or none of these. */
function checkConsortium(ledger: Json, contracts: Json, founders: unknown): void {
  const all = Array.isArray(founders) ? founders.map((each) => record(each, 'a founder')) : [];
  const validators = all.flatMap(({ validator }) => (validator === undefined ? [] : [validator]));
  if (ledger['chain'] === undefined) {
    if (contracts['validators'] === undefined && validators.length === 0) return;
    throw invalid('it has validators, but no name of their chain');
  }
  checkChain(ledger);
  bytes(contracts['validators'], 20, 'validators');
  if (all.length === 0 || validators.length !== all.length) {
    throw invalid('a founder has no validator');
  }
  unique(validators.flatMap(checkValidator), 'keys, nodes or addresses of validators');
}

/** A ledger at one organisation makes blocks for transactions alone: a bound on its age would stop its network. */
function checkMaxAge({ chain, maxAge }: Json): void {
  if (maxAge === undefined || (chain !== undefined && isMaxLedgerAge(maxAge))) return;
  throw invalid('the age of the ledger is not one');
}

/** The chain that validators hold, and the time at which it begins. */
function checkChain({ chain, genesis, timestamp }: Json): void {
  const name = text(chain, 'the name of the chain');
  if (!CHAIN_NAME.test(name)) throw invalid('the name of the chain is not one');
  if (genesis !== bytesToHex(portablePrimitives.sha256(utf8ToBytes(name)))) {
    throw invalid('the genesis hash is not that of the name of the chain');
  }
  whole(timestamp, 'the time of block 0');
}

/** The network whose ledger it uses. It has no stake there: if validators hold that ledger, they are the other's. */
function checkHost(ledger: Json, contracts: Json, { founders, nodes = [] }: Json): void {
  const host = record(ledger['of'], 'the network whose ledger it is');
  bytes(host['network'], 32, 'the fingerprint of the network whose ledger it is');
  const registry = bytes(host['registry'], 20, 'the registry of the network whose ledger it is');
  if (registry === contracts['registry']) throw invalid('it has the registry of another network');
  const organisations = [...list(founders, 'the founders'), ...list(nodes, 'the nodes')];
  if (
    contracts['validators'] !== undefined ||
    organisations.some((each) => record(each, 'a founder')['validator'] !== undefined)
  ) {
    throw invalid('it has validators, on the ledger of another network');
  }
  if (ledger['chain'] === undefined) {
    if (host['validators'] === undefined) return;
    throw invalid('it has validators, but no name of their chain');
  }
  checkChain(ledger);
  const validators = list(host['validators'], 'the validators of the ledger').map((each) =>
    record(each, 'a validator'),
  );
  if (validators.length === 0) throw invalid('the ledger has no validator');
  for (const { stake } of validators) whole(stake, 'the stake of a validator');
  unique(
    validators.map(({ key }) => bytes(key, 32, 'the key of a validator')),
    'keys of validators',
  );
}

/** The validators of a successor: organisations can be without one, but not all of them. */
function checkPresentValidators(nodes: unknown, { chain }: Json): void {
  const validators = list(nodes, 'the nodes').flatMap((each) => {
    const { validator } = record(each, 'a node');
    return validator === undefined ? [] : [checkValidator(validator)];
  });
  if (chain === undefined && validators.length > 0) {
    throw invalid('it has validators, but no name of their chain');
  }
  if (chain !== undefined && validators.length === 0) throw invalid('it has no validator');
  unique(validators.flat(), 'keys, nodes or addresses of validators');
}

function checkValidator(value: unknown): readonly string[] {
  const validator = record(value, 'a validator');
  if (whole(validator['stake'], 'the stake of a validator') > MOST_STAKE) {
    throw invalid('the stake of a validator is too large');
  }
  const node = text(validator['node'], 'the node of a validator');
  if (!VALIDATOR_NODE.test(node)) throw invalid('the node of a validator is not one');
  const address = text(validator['address'], 'the address of a validator');
  if (!VALIDATOR_ADDRESS.test(address)) throw invalid('the address of a validator is not one');
  return [bytes(validator['key'], 32, 'the key of a validator'), node, address];
}

/** The logs that earlier files name, by their ids; their channels are checked too. */
function checkBefore(value: unknown): ReadonlySet<string> {
  const earlier = new Set<string>();
  if (value === undefined) return earlier;
  const files = list(value, 'the earlier files').map((each) => record(each, 'an earlier file'));
  if (files.length === 0 || files.length > MAX_SUCCESSORS) {
    throw invalid('the number of earlier files is not one');
  }
  let last = 0;
  for (const { until, channels, authority } of files) {
    const end = whole(until, 'the end of an earlier file');
    if (end <= last) throw invalid('the earlier files are not in their order');
    last = end;
    if (authority !== undefined) {
      const former = record(authority, 'the authority of an earlier file');
      checkOffice(former['threshold'], former['members'], 'the authority of an earlier file');
    }
    for (const each of list(channels, 'the channels of an earlier file')) {
      for (const id of checkChannel(each, earlier).logs) earlier.add(id);
    }
  }
  const prints = files.map(({ fingerprint }) => bytes(fingerprint, 32, 'a fingerprint'));
  unique(prints, 'earlier files');
  return earlier;
}

/**
 * Requires that each release key of a channel, the present one and those of before, has a share for enough organisations that
 * have coordinators, and that an organisation has one index in all of them.
 */
function checkReleases(
  { release, formerReleases }: Json,
  organisations: ReadonlySet<string>,
): void {
  if (release === undefined) {
    if (formerReleases === undefined) return;
    throw invalid('it has release keys of before, but none now');
  }
  const formers = formerReleases === undefined ? [] : list(formerReleases, 'the former keys');
  if (formers.length > MAX_FORMER_RELEASES) throw invalid('it has too many release keys');
  const keys = [release, ...formers].map((each) => checkRelease(each, organisations));
  unique(
    keys.map(({ publicKey }) => publicKey),
    'release keys',
  );
  const places = new Set(keys.flatMap(({ shares }) => shares.map((each) => each.join(' '))));
  const [names, indices] = [0, 1].map((part) =>
    [...places].map((place) => place.split(' ')[part] ?? ''),
  );
  unique(names ?? [], 'organisations with a share of the release key');
  unique(indices ?? [], 'indices of shares');
}

function checkRelease(
  value: unknown,
  organisations: ReadonlySet<string>,
): { readonly publicKey: string; readonly shares: readonly (readonly [string, number])[] } {
  const key = record(value, 'the release key');
  const threshold = whole(key['threshold'], 'the threshold of the release key');
  const publicKey = point(key['publicKey'], 'the release key');
  const shares = list(key['shares'], 'the shares of the release key').map((each) => {
    const share = record(each, 'a share of the release key');
    const organisation = organisationIn(share['organisation']);
    if (!organisations.has(organisation)) {
      throw invalid(`${organisation} has a share of the release key, but no coordinator`);
    }
    const index = whole(share['index'], 'the index of a share');
    if (index > MOST_INDEX) throw invalid('the index of a share is too large');
    point(share['key'], 'the key of a share');
    return [organisation, index] as const;
  });
  unique(
    shares.map(([organisation]) => organisation),
    'organisations with a share of the release key',
  );
  unique(
    shares.map(([, index]) => String(index)),
    'indices of shares',
  );
  if (shares.length < threshold) throw invalid('fewer shares than open a record');
  return { publicKey, shares };
}

type Json = Readonly<Record<string, unknown>>;

/** Parts of a channel that are compared with other channels: logs by their ids. */
interface CheckedChannel {
  readonly name: string;
  readonly coordinators: Holders;
  readonly logs: readonly string[];
}

/** @param earlier - Logs that may be there without a coordinator: those of organisations that left. */
function checkChannel(value: unknown, earlier: ReadonlySet<string>): CheckedChannel {
  const channel = record(value, 'a channel');
  const name = text(channel['name'], 'the name of a channel');
  // It is part of file names, before the name of an organisation.
  if (!/^[a-z0-9-]{1,31}$/.test(name)) throw invalid('the name of a channel is not one');
  const faulty = whole(channel['faulty'], 'the number of faulty coordinators', 0);
  const thresholds = record(channel['thresholds'], 'the thresholds of a channel');
  const [coordinators = NOBODY] = ENTRY_KINDS.map((kind) =>
    checkOffice(thresholds[kind], channel['coordinators'], `the coordinators on ${kind}`, faulty),
  );
  checkCategories(channel['categories']);
  if (channel['controlled'] !== undefined && !areControlled(channel['controlled'])) {
    throw invalid('the controlled medicines of a channel are not a list of codes');
  }
  const writes = whole(thresholds['writes'], 'the threshold of writes', 1);
  const office = { writes, organisations: coordinators.organisations.size };
  if (channel['copies'] !== undefined && !areCopies(channel['copies'], office)) {
    throw invalid('the copies of a channel are fewer than judge a write, or more than there are');
  }
  for (const name of CHANNEL_NUMBER_NAMES) {
    if (channel[name] === undefined || isChannelNumber(name, channel[name])) continue;
    throw invalid(`${name} of a channel is not a number of 1 to ${CHANNEL_NUMBERS[name].most}`);
  }
  checkReleases(channel, coordinators.organisations);
  const owners = new Set<string>();
  const left = new Set<string>();
  const logs = list(channel['logs'], 'the logs').map((each) => {
    const log = record(each, 'a log');
    const organisation = organisationIn(log['organisation']);
    if (owners.has(organisation)) throw invalid(`${organisation} has two logs`);
    owners.add(organisation);
    if (log['name'] !== `${name}/${organisation}`) throw invalid('a log has another name');
    const origin = text(log['origin'], 'the origin of a log');
    const key = text(log['key'], 'the key of a log');
    if (!succeeds(() => parseVerifierKey(key).name === origin)) {
      throw invalid('the key of a log is not one of its origin');
    }
    const id = bytes(log['id'], 32, 'the id of a log');
    if (id !== bytesToHex(portablePrimitives.sha256(utf8ToBytes(origin)))) {
      throw invalid('the id of a log is not that of its origin');
    }
    if (earlier.has(id) && !coordinators.organisations.has(organisation)) left.add(organisation);
    return id;
  });
  if (!isSame(new Set([...owners].filter((name) => !left.has(name))), coordinators.organisations)) {
    throw invalid('the logs are of other organisations than the coordinators');
  }
  return { name, coordinators, logs };
}

/** The categories that may be written; absent if all may. */
function checkCategories(value: unknown): void {
  if (value === undefined) return;
  const categories = list(value, 'the categories of a channel').map((each) =>
    text(each, 'a category'),
  );
  if (categories.length === 0) throw invalid('a channel has no category');
  const known: readonly string[] = CATEGORIES;
  if (!categories.every((each) => known.includes(each))) throw invalid('a category is unknown');
  unique(categories, 'categories of a channel');
}

/** One member of each organisation, of different keys, and a threshold of them that is a quorum. */
function checkOffice(threshold: unknown, members: unknown, what: string, faulty = 0): Holders {
  const organisations = new Set<string>();
  const addresses = list(members, what).map((each) => {
    const member = record(each, `a member of ${what}`);
    const organisation = organisationIn(member['organisation']);
    if (organisations.has(organisation)) {
      throw invalid(`${organisation} has two addresses among ${what}`);
    }
    organisations.add(organisation);
    return bytes(member['address'], 20, `an address of ${what}`);
  });
  unique(addresses, `addresses of ${what}`);
  const needed = whole(threshold, `the threshold of ${what}`);
  if (!isQuorum(needed, { organisations: organisations.size, faulty })) {
    const also = faulty === 0 ? '' : `, and of ${faulty} faulty ones`;
    throw invalid(`the threshold of ${what} is not over half of its organisations${also}`);
  }
  return { organisations, addresses };
}

function isSame(left: ReadonlySet<string>, right: ReadonlySet<string>): boolean {
  return left.size === right.size && [...left].every((each) => right.has(each));
}

function organisationIn(value: unknown): string {
  const name = text(value, 'the name of an organisation');
  try {
    organisationId(name);
  } catch {
    throw invalid('the name of an organisation is not one');
  }
  return name;
}

function record(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Readonly<Record<string, unknown>>;
  }
  throw invalid(`${what} is not an object`);
}

function list(value: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(value)) throw invalid(`${what} are not a list`);
  return value;
}

function text(value: unknown, what: string): string {
  if (typeof value !== 'string' || value === '') throw invalid(`${what} is not a text`);
  return value;
}

/** A point of secp256k1, compressed. */
function point(value: unknown, what: string): string {
  const digits = text(value, what);
  if (digits.length === 2 + 2 * 96) {
    throw invalid(
      `${what} is of another curve, by which an earlier version of Medseal computed. Found the network again with this version`,
    );
  }
  if (/^0x0[23]/.test(digits)) return bytes(value, 33, what);
  throw invalid(`${what} is not a compressed point of secp256k1`);
}

function bytes(value: unknown, length: number, what: string): string {
  const digits = text(value, what);
  if (!/^0x[0-9a-f]*$/.test(digits) || digits.length !== 2 + 2 * length) {
    throw invalid(`${what} is not ${length} bytes in hexadecimal`);
  }
  return digits;
}

function whole(value: unknown, what: string, least = 1): number {
  if (!Number.isSafeInteger(value) || (value as number) < least) {
    throw invalid(`${what} is not a number`);
  }
  return value as number;
}

function unique(values: readonly string[], what: string): void {
  if (new Set(values).size !== values.length) throw invalid(`two ${what} are alike`);
}

function invalid(reason: string): MedsealError {
  return new MedsealError('NETWORK_FILE_INVALID', { reason });
}
