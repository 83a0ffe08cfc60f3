import { bytesToHex } from '../../crypto/bytes.ts';
import { parseVerifierKey } from '../../crypto/note/NoteKey.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { canonicalJson } from '../wire/canonicalJson.ts';
import { isEngineUpgrade, isSameUpgrade } from './engineUpgrade.ts';
import { domainOf } from '../struct/domainOf.ts';
import { fingerprintOf } from './fingerprintOf.ts';
import type { Address, Organisation } from '../ids.ts';
import { coordinatorsIn, organisationName, presentNodes } from './networkLookups.ts';
import { furtherContractsOf, withPartners } from './furtherContracts.ts';
import type { Channel, Member, NetworkFile } from './NetworkFile.ts';
import { officeChangesOf } from './officeChangesOf.ts';
import { logKeysOf } from './officesOf.ts';
import { parseNetworkFile } from './parseNetworkFile.ts';
import type { KeyRemoval, NetworkChange } from '../struct/requests.ts';
import { signerOf, type SigningContext } from '../struct/signing.ts';
import { stakeChangesOf } from './stakeChangesOf.ts';
import { holdersToSign, requireReleases } from '../release/requireReleases.ts';
import { replacedKeyOf, replacementOffices, requireReplacement } from './replacedKeyOf.ts';
import { removalOffice, requireRemoval } from './removedKey.ts';
import { requireStatedBlock } from './requireStatedBlock.ts';
import type { Successor } from './Successor.ts';
import { successorOf } from './successorOf.ts';

/** Largest size of a network file, characters of its canonical JSON. */
const MAX_SIZE = 2 ** 20;

/** A successor whose signatures were counted. */
export interface CountedSuccessor {
  readonly network: NetworkFile;
  /** The message that those in office sign. */
  readonly message: NetworkChange;
  /** Organisations that have signed with every office that they hold. */
  readonly signedBy: readonly Organisation[];
  /** The seats whose signatures count, each once. */
  readonly signers: readonly Member[];
  /** The offices whose quorum has not signed, with the number of organisations that are missing. */
  readonly missing: readonly { readonly office: string; readonly count: number }[];
}

/** An office that must sign. */
interface SigningOffice {
  readonly name: string;
  readonly kind: 'authority' | 'coordinators' | 'holders' | 'owner' | 'others';
  /** Channel of coordinators, and of those who get shares of a release key. */
  readonly channel?: string;
  /** The organisation whose validator gets another key at once, or loses power. */
  readonly of?: Organisation;
  readonly office: NetworkFile['authority'];
}

/**
 * Derives the network file that a successor makes, and counts who signed it. The authority's quorum must, and in each
 * channel that changes the coordinators' as well: their signatures are what evidence rests on. All coordinators' quorums sign
 * a new contract, and an upgrade of the engine.
 *
 * @param primitives - Hashes and the curve.
 * @param predecessor - The file before, trusted.
 * @param successor - Of the right shape, not trusted.
 * @throws MedsealError `SUCCESSOR_INVALID` if it does not follow this file; `NETWORK_FILE_INVALID` if the file
 * that it makes is not valid. Signatures that do not count are left out.
 */
export function countSuccessor(
  { primitives }: Pick<SigningContext, 'primitives'>,
  predecessor: NetworkFile,
  successor: Successor,
): CountedSuccessor {
  const { before = [] } = predecessor;
  if (successor.number !== before.length + 1) {
    throw invalid(`its number is not ${before.length + 1}`);
  }
  const fingerprint = fingerprintOf(primitives, predecessor);
  if (successor.predecessor !== fingerprint) throw invalid('it follows another network file');
  if (successor.from <= (before.at(-1)?.until ?? predecessor.ledger.timestamp ?? 0)) {
    throw invalid('it would be in force before the file that it follows');
  }
  const derived = successorOf(primitives, predecessor, successor);
  if (canonicalJson(derived).length > MAX_SIZE) throw invalid('it is too large');
  requireAdded(predecessor, successor);
  requireOtherEngine(predecessor, successor);
  const network = parseNetworkFile(derived);
  requireLogs(predecessor, network);
  requireNewSeats(predecessor, network);
  requireLedgerKept(predecessor, network);
  requireUrls(predecessor, network);
  requireOffices(predecessor, network, successor);
  requireReplacement(predecessor, network, successor);
  requireRemoval(predecessor, successor);
  requireStakes(predecessor, network, successor);
  requireReleases(predecessor, network);
  const { newest } = successor;
  if (newest !== undefined) requireStatedBlock({ primitives }, predecessor, newest);

  const message = {
    number: successor.number,
    predecessor: fingerprint,
    successor: fingerprintOf(primitives, network),
    from: successor.from,
  };
  const context = { domain: domainOf(predecessor), primitives };
  const signers = new Set(
    successor.signatures.flatMap((signature) => signerIn(context, message, signature)),
  );
  const offices = signingOffices(predecessor, network, successor);
  const missing = offices.flatMap(({ name, office: { threshold, members } }) => {
    const signed = members.filter(({ address }) => signers.has(address));
    const count = threshold - new Set(signed.map(({ organisation }) => organisation)).size;
    return count > 0 ? [{ office: name, count }] : [];
  });
  const seats = offices.flatMap(({ office }) => office.members);
  const silent = new Set(
    seats.filter(({ address }) => !signers.has(address)).map(({ organisation }) => organisation),
  );
  const byAddress = new Map(
    seats.filter(({ address }) => signers.has(address)).map((seat) => [seat.address, seat]),
  );
  const signedBy = new Set(
    seats.map(({ organisation }) => organisation).filter((name) => !silent.has(name)),
  );
  return {
    network,
    message,
    signedBy: [...signedBy],
    signers: [...byAddress.values()],
    missing,
  };
}

/**
 * Requires a successor to follow a network file, with the signatures of those whom that file names.
 *
 * @param context - Hashes and the curve.
 * @param predecessor - The file before, trusted.
 * @param successor - Of the right shape, not trusted.
 * @returns The network file.
 * @throws MedsealError `SUCCESSOR_INVALID`, `NETWORK_FILE_INVALID`.
 */
export function requireSuccessor(
  context: Pick<SigningContext, 'primitives'>,
  predecessor: NetworkFile,
  successor: Successor,
): NetworkFile {
  return requireCounted(context, predecessor, successor).network;
}

/**
 * Requires as `requireSuccessor` does.
 *
 * @param context - Hashes and the curve.
 * @param predecessor - The file before, trusted.
 * @param successor - Of the right shape, not trusted.
 * @returns The network file, and who signed it.
 * @throws MedsealError `SUCCESSOR_INVALID`, `NETWORK_FILE_INVALID`.
 */
export function requireCounted(
  context: Pick<SigningContext, 'primitives'>,
  predecessor: NetworkFile,
  successor: Successor,
): CountedSuccessor {
  const counted = countSuccessor(context, predecessor, successor);
  const [lacking] = counted.missing;
  if (lacking === undefined) return counted;
  throw invalid(`${lacking.count} more of ${lacking.office} must sign it`);
}

/**
 * The offices that must sign a successor: the authority, and the coordinators of each channel that changes. Those of the
 * first one, who are the Registry's, must too if a validator's stake changes, and those of all if a contract is added or the engine changes. If a release key is dealt, all who get shares
 * say that they hold them, those who join too. If a validator's key is replaced at once, its organisation must, and the quorum's number
 * of others. If power is taken from a key at once, all others must.
 */
export function signingOffices(
  predecessor: NetworkFile,
  network: NetworkFile,
  { replacement, removal }: Pick<Successor, 'replacement' | 'removal'> = {},
): readonly SigningOffice[] {
  const after = new Map(network.channels.map((channel) => [channel.name, channel]));
  const isStaked = stakeChangesOf(predecessor, network).length > 0;
  const isAdded = canonicalJson(network.contracts) !== canonicalJson(predecessor.contracts);
  const isUpgraded =
    canonicalJson(network.engine ?? null) !== canonicalJson(predecessor.engine ?? null);
  const { organisation: of } = replacement ? replacedKeyOf(predecessor, network) : {};
  const replacers = of === undefined ? undefined : replacementOffices(predecessor, of);
  return [
    { name: 'the authority', kind: 'authority', office: predecessor.authority },
    ...predecessor.channels
      .filter(
        (channel, place) =>
          (isStaked && place === 0) ||
          isAdded ||
          isUpgraded ||
          canonicalJson(channel) !== canonicalJson(after.get(channel.name)),
      )
      .map((channel) => ({
        name: `the coordinators of ${channel.name}`,
        kind: 'coordinators' as const,
        channel: channel.name,
        office: coordinatorsIn(channel),
      })),
    ...network.channels.flatMap((channel) => {
      const members = holdersToSign(predecessor, channel);
      if (members.length === 0) return [];
      const office = { threshold: members.length, members };
      const { name } = channel;
      return [{ name: holdersOf(name), kind: 'holders' as const, channel: name, office }];
    }),
    ...(of !== undefined && replacers !== undefined
      ? [
          { name: `the coordinator of ${of}`, kind: 'owner' as const, of, office: replacers.owner },
          {
            name: `the coordinators other than that of ${of}`,
            kind: 'others' as const,
            of,
            office: replacers.others,
          },
        ]
      : []),
    ...(removal === undefined ? [] : [removersIn(predecessor, removal.message)]),
  ];
}

/** All others, who must sign that power is taken from a key at once. */
function removersIn(
  predecessor: NetworkFile,
  { organisation }: Pick<KeyRemoval, 'organisation'>,
): SigningOffice {
  const of = organisationName(organisation);
  const name = `the coordinators other than that of ${of}`;
  return { name, kind: 'others', of, office: removalOffice(predecessor, of) };
}

/** Name of those who hold shares of a channel's release key, as an office that signs. */
function holdersOf(channel: string): string {
  return `those who get shares of the release key of ${channel}`;
}

/**
 * A log that was taken out, or renamed, would take away what verifies its entries. Its key can change, to one that it
 * never had, and that notes tell from all that it had; not that of an organisation that left, for nobody writes there, ever: what
 * its log promised counts as void.
 */
function requireLogs(predecessor: NetworkFile, network: NetworkFile): void {
  const all = predecessor.channels.flatMap(({ name, logs, coordinators }) => {
    const channel = network.channels.find((each) => each.name === name);
    return logs.map((log) => ({
      log,
      channel,
      wasSeated: hasSeat(log.organisation, coordinators),
    }));
  });
  for (const { log, channel, wasSeated } of all) {
    const next = channel?.logs.find((each) => each.name === log.name);
    if (next === undefined || canonicalJson({ ...next, key: log.key }) !== canonicalJson(log)) {
      throw invalid(`the log ${log.name} is missing in it, or changed`);
    }
    const isSeated = hasSeat(log.organisation, channel?.coordinators);
    if (isSeated && !wasSeated) {
      throw invalid(`the log ${log.name} has ended, and ${log.organisation} needs another name`);
    }
    if (next.key === log.key) continue;
    if (logKeysOf(predecessor, log.name).map(noteIdOf).includes(noteIdOf(next.key))) {
      throw invalid(`the log ${log.name} has a key again that it had before`);
    }
    if (isSeated) continue;
    throw invalid(`the log ${log.name} has another key, and ${log.organisation} no coordinator`);
  }
}

function keysIn(channels: readonly Pick<Channel, 'coordinators'>[]): readonly Address[] {
  return channels.flatMap(({ coordinators }) => coordinators.map(({ address }) => address));
}

/** A key that comes back to a seat, under whichever name, would make count again all that it signed before. */
function requireNewSeats({ before = [], channels }: NetworkFile, network: NetworkFile): void {
  const present = keysIn(channels);
  const former = keysIn(before.flatMap((each) => each.channels));
  for (const address of keysIn(network.channels)) {
    if (present.includes(address) || !former.includes(address)) continue;
    throw invalid(`the coordinator ${address} had a seat before: give it another key`);
  }
}

function hasSeat(name: Organisation, coordinators: readonly Member[] = []): boolean {
  return coordinators.some(({ organisation }) => organisation === name);
}

/** The four bytes by which a signed note names the key of a log. */
function noteIdOf(key: string): string {
  return bytesToHex(parseVerifierKey(key).id);
}

/** Nobody is to sign a change of an office beside the one that the successor says. */
function requireOffices(
  predecessor: NetworkFile,
  network: NetworkFile,
  { offices }: Successor,
): void {
  const changes = officeChangesOf(predecessor, network).map((each) => canonicalJson(each));
  const named = offices.map(({ message: { change: _change, deadline: _deadline, ...terms } }) =>
    canonicalJson(terms),
  );
  const fits = named.every(
    (each, place) => changes.includes(each) && named.indexOf(each) === place,
  );
  if (!fits) throw invalid('it has a change of an office that does not belong to it');
}

/** A contract that the network has stays where it is, and one that is added is used by nothing else. */
function requireAdded({ contracts }: NetworkFile, { contracts: added }: Successor): void {
  if (added === undefined) return;
  const names = furtherContractsOf(added);
  if (names.length === 0) throw invalid('it adds contracts, but names none');
  const present = names.find((name) => contracts[name] !== undefined);
  if (present !== undefined) throw invalid(`the network has a contract ${present} already`);
  if (names.includes('mandates'))
    throw invalid('the contract of mandates comes with a founding alone');
  const partner = withPartners(names).find((name) => !names.includes(name));
  if (partner !== undefined) throw invalid(`it lacks the contract ${partner}, which belongs to it`);
  const all = [...Object.values(contracts), ...names.map((name) => added[name])];
  if (new Set(all).size < all.length) throw invalid('two contracts have one address');
}

/**
 * An upgrade of the engine is another one than that before it, which it replaces if that is not decided: the engine counts the last
 * statement of each validator. That its block is ahead is for whoever signs, who knows the ledger.
 */
function requireOtherEngine(
  { contracts, engine: before }: NetworkFile,
  { engine }: Successor,
): void {
  if (engine === undefined) return;
  if (contracts.validators === undefined) {
    throw invalid('it upgrades the engine, and the network has no validators');
  }
  if (!isEngineUpgrade(engine)) throw invalid('its upgrade of the engine is malformed');
  if (isSameUpgrade(engine, before))
    throw invalid('it names the upgrade of the engine that is there');
}

/** Its stakes are those of the validators that it names, and each validator's key stays with its organisation. */
function requireStakes(
  predecessor: NetworkFile,
  network: NetworkFile,
  { stakes, replacement }: Successor,
): void {
  const owners = new Map(
    [...(predecessor.founders ?? []), ...presentNodes(predecessor)].flatMap(
      ({ organisation, validator }) => (validator ? [[validator.key, organisation] as const] : []),
    ),
  );
  for (const { organisation, validator } of presentNodes(network)) {
    const owner = validator && owners.get(validator.key);
    if (owner === undefined || owner === organisation) continue;
    throw invalid(`the validator of ${organisation} has the key of that of ${owner}`);
  }
  // The ledger moves the stake of a key that is replaced.
  if (replacement !== undefined) return;
  const changes = stakeChangesOf(predecessor, network).map((each) => canonicalJson(each));
  const named = stakes.map(({ message: { change: _change, deadline: _deadline, ...terms } }) =>
    canonicalJson(terms),
  );
  const misfit = named.find(
    (each, place) => !changes.includes(each) || named.indexOf(each) !== place,
  );
  if (misfit !== undefined) throw invalid('it has a change of a stake that does not belong to it');
  if (named.length < changes.length) throw invalid('it lacks the change of a stake at the ledger');
}

/** While one organisation's node keeps the network's ledger, it cannot leave. */
function requireLedgerKept(predecessor: NetworkFile, network: NetworkFile): void {
  const [keeper] = predecessor.founders ?? [];
  const { chain, of } = predecessor.ledger;
  if (keeper === undefined || chain !== undefined || of !== undefined) return;
  const isThere = network.nodes?.some(({ organisation }) => organisation === keeper.organisation);
  if (isThere === true) return;
  throw invalid(`${keeper.organisation} keeps the ledger, and is missing in it`);
}

/** A node without an address would keep all others from starting, if they reach each other by addresses. */
function requireUrls(predecessor: NetworkFile, network: NetworkFile): void {
  const before = presentNodes(predecessor);
  const isByUrl = before.some(({ url }) => url !== undefined);
  for (const { organisation, url } of presentNodes(network)) {
    const was = before.find((each) => each.organisation === organisation);
    const needsUrl = was === undefined ? isByUrl : was.url !== undefined;
    if (needsUrl && url === undefined) throw invalid(`the node of ${organisation} has no address`);
  }
}

function signerIn(
  context: SigningContext,
  message: NetworkChange,
  signature: Successor['signatures'][number],
): readonly Address[] {
  try {
    return [signerOf(context, 'NetworkChange', message, signature)];
  } catch {
    return [];
  }
}

function invalid(reason: string): MedsealError {
  return new MedsealError('SUCCESSOR_INVALID', { reason });
}
