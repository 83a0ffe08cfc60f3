import { addressOf } from '../crypto/addressOf.ts';
import { bytesToHex, hexToBytes } from '../crypto/bytes.ts';
import type { HeldKey, SigningKey } from '../crypto/keys/SigningKey.ts';
import { SecretBytes } from '../crypto/keys/SecretBytes.ts';
import type { Primitives } from '../crypto/Primitives.ts';
import type { Random } from '../crypto/Random.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import type { Address, Organisation } from '../protocol/ids.ts';
import type { Files } from './Files.ts';
import { readJsonFile, writeJsonFile } from './jsonFiles.ts';
import { plainKeys, type KeyGuard } from './keyGuard.ts';
import { isNamedKey, type KeyToken, type NamedKey } from './KeyToken.ts';

/** Ports for reading or making keys. */
export interface KeyPorts {
  readonly primitives: Primitives;
  readonly random: Random;
  /** Protection of the keys on disk; plain files if absent. */
  readonly guard?: KeyGuard;
  /** The token that has keys of an organisation; if absent, new keys are made in the folder, and those of a token sign nothing. */
  readonly token?: { readonly organisation: Organisation; readonly keys: KeyToken } | undefined;
}

/** A secp256k1 key with its address. */
export interface AccountKey {
  readonly address: Address;
  readonly signingKey: SigningKey;
}

/** The secrets of an organisation's node. */
export interface OrganisationKeys {
  /** Signs verdicts and checkpoints. */
  readonly coordinator: AccountKey;
  /** Sends transactions to the ledger. */
  readonly sender: AccountKey;
  /** Seed of the log's note key, 32 bytes. */
  readonly note: Uint8Array;
  /** Key that encrypts bodies at rest, 32 bytes. */
  readonly storage: Uint8Array;
  /** Seed of the Ed25519 key for TLS between nodes, 32 bytes; absent in folders that were made before there was one. */
  readonly tls?: Uint8Array;
}

const NAMES = ['coordinator', 'sender', 'note', 'storage'] as const;
const LATER = ['tls'] as const;
/** The file in which an engine keeps its validator's last signature; empty before the first. */
const LAST_SIGNED = 'data/last-signed.json';
const OF_NODES = ['sender', 'tls', 'note'] as const;
/** Names of the keys of accounts: those that a token can have. */
type AccountName = 'coordinator' | 'sender' | 'seat' | 'member';
/** Name in a token for each key of an account. */
type NamesInToken = Partial<Record<AccountName, string>>;
const ACCOUNTS: ReadonlySet<string> = new Set<AccountName>([
  'coordinator',
  'sender',
  'seat',
  'member',
]);
const FIRST_IN_TOKEN: NamesInToken = { coordinator: 'coordinator', sender: 'sender' };
const MEMBER_IN_TOKEN: NamesInToken = { member: 'member' };

/**
 * Reads the keys of an organisation's node, or makes them the first time; the file has mode 0600.
 *
 * @param files - The organisation's folder.
 * @param ports - Hashes, curve and randomness, and protection of keys on disk.
 * @throws MedsealError `FOLDER_FOREIGN` if the file lacks keys; they are never made again.
 */
export async function openOrganisationKeys(
  files: Files,
  ports: KeyPorts,
): Promise<OrganisationKeys> {
  const secrets = await secretsOf(files, 'keys.json', NAMES, ports, LATER, FIRST_IN_TOKEN);
  return {
    coordinator: accountKey(ports, secrets.coordinator),
    sender: accountKey(ports, secrets.sender),
    note: secrets.note,
    storage: secrets.storage,
    ...(secrets.tls && { tls: secrets.tls }),
  };
}

/**
 * Reads the key of an authority member, or makes it the first time.
 *
 * @param files - The member's folder.
 * @param ports - Hashes, curve and randomness, and protection of keys on disk.
 */
export async function openAuthorityKey(files: Files, ports: KeyPorts): Promise<AccountKey> {
  const names = ['member'] as const;
  const { member } = await secretsOf(files, 'keys.json', names, ports, [], MEMBER_IN_TOKEN);
  return accountKey(ports, member);
}

/**
 * Reads the seeds of a validator's two Ed25519 keys, or makes them the first time.
 *
 * @param files - The validator's folder.
 * @param ports - Hashes, curve and randomness, and protection of keys on disk.
 * @returns 32 bytes each: of the key that signs blocks, and of the one that names the node among its peers.
 * @throws MedsealError `FOLDER_FOREIGN` if the file lacks keys, or is gone after something was signed.
 */
export async function openValidatorSeeds(
  files: Files,
  ports: KeyPorts,
): Promise<Record<'validator' | 'node', Uint8Array>> {
  const isNew = (await files.size('keys.json')) === undefined;
  const signed = await readJsonFile(files, LAST_SIGNED);
  if (isNew && Object.keys(signed ?? {}).length > 0) {
    const what = `keys.json is gone, but ${LAST_SIGNED} says that its validator signed blocks`;
    throw new MedsealError('FOLDER_FOREIGN', { path: files.path, what });
  }
  // Before the keys are there: without it the engine signs nothing, for it might have signed before.
  if (isNew) await writeJsonFile(files, LAST_SIGNED, {});
  return await secretsOf(files, 'keys.json', ['validator', 'node'], ports);
}

/**
 * Reads the seed of the Ed25519 key that names a validator among its peers, or makes it the first time, for a validator whose key
 * is at a remote signer. It lies beside the validator's folder, so that a backup has it: the key that signs blocks stays
 * where it is when a node is restored, and the other validators take the restored one as the same peer.
 *
 * @param files - The folder of its node.
 * @param ports - Hashes, curve and randomness, and protection of keys on disk.
 * @throws MedsealError `FOLDER_FOREIGN` if the file lacks the key.
 */
export async function openPeerSeed(files: Files, ports: KeyPorts): Promise<Uint8Array> {
  return (await secretsOf(files, 'validator-peer.json', ['node'], ports)).node;
}

/** Keys that an organisation made after its first ones; each is used once a network file names it. */
export interface LaterKeys {
  /** Of its coordinator, or of its member of the authority. */
  readonly seats: readonly AccountKey[];
  /** Accounts that send to the ledger; none of a member of the authority. */
  readonly senders: readonly AccountKey[];
  /** Seeds of keys for TLS, 32 bytes each; none of a member of the authority. */
  readonly tls: readonly Uint8Array[];
  /** Seeds of note keys of its log, 32 bytes each; none of a member of the authority. */
  readonly notes: readonly Uint8Array[];
}

/**
 * Reads the keys that were made after the first ones, for successors of the network file.
 *
 * @param files - The folder of the first keys.
 * @param ports - Hashes and curve, and protection of keys on disk.
 * @throws MedsealError `FOLDER_FOREIGN` if a file lacks its key.
 */
export async function readLaterKeys(files: Files, ports: KeyPorts): Promise<LaterKeys> {
  const seats: AccountKey[] = [];
  const senders: AccountKey[] = [];
  const tls: Uint8Array[] = [];
  const notes: Uint8Array[] = [];
  while ((await files.size(laterName(seats.length))) !== undefined) {
    const held = await secretsOf(files, laterName(seats.length), ['seat'], ports, OF_NODES);
    seats.push(accountKey(ports, held.seat));
    if (held.sender !== undefined) senders.push(accountKey(ports, held.sender));
    if (held.tls !== undefined) tls.push(held.tls);
    if (held.note !== undefined) notes.push(held.note);
  }
  return { seats, senders, tls, notes };
}

/**
 * Makes other keys; each is used once a network file names it.
 *
 * @param files - The folder of the first keys.
 * @param ports - Hashes, curve and randomness, and protection of keys on disk.
 * @param isNode - True for those of a node: also an account, a key for TLS and one of its log.
 * @returns The key of the seat.
 */
export async function makeLaterKeys(
  files: Files,
  ports: KeyPorts,
  isNode: boolean,
): Promise<AccountKey> {
  const { seats } = await readLaterKeys(files, ports);
  const path = laterName(seats.length);
  const later = isNode ? OF_NODES : [];
  const number = seats.length + 2;
  const inToken = {
    seat: `${isNode ? 'coordinator' : 'member'}-${number}`,
    sender: `sender-${number}`,
  };
  const { seat } = await secretsOf(files, path, ['seat'], ports, later, inToken);
  return accountKey(ports, seat);
}

/** Names the file of the keys that were made so many times after the first ones. */
function laterName(place: number): string {
  return `keys-${place + 2}.json`;
}

/** Secrets by their names; that of an account may be a key of a token. */
type Secrets<Name extends string> = {
  readonly [Each in Name]: Each extends AccountName ? Uint8Array | NamedKey : Uint8Array;
};

/** Returns the named secrets; a file that is there may lack the later ones. */
async function secretsOf<Name extends string, Later extends string = never>(
  files: Files,
  path: string,
  names: readonly Name[],
  ports: KeyPorts,
  later: readonly Later[] = [],
  inToken: NamesInToken = {},
): Promise<Secrets<Name> & Partial<Secrets<Later>>> {
  const { guard = plainKeys } = ports;
  const written = await readJsonFile(files, path);
  let known: unknown;
  if (written === undefined) {
    const fresh: Record<string, string | NamedKey> = {};
    for (const name of [...names, ...later]) {
      fresh[name] = await freshSecret(ports, (inToken as Record<string, string>)[name]);
    }
    await writeJsonFile(files, path, await guard.wrap(fresh));
    known = fresh;
  } else {
    known = await guard.unwrap(written).catch((cause: unknown) => {
      const what = `${path} cannot be decrypted with the key of this folder`;
      throw new MedsealError('FOLDER_FOREIGN', { path: files.path, what }, { cause });
    });
  }
  const secrets = (known ?? {}) as Record<Name | Later, unknown>;
  const held = later.filter((name) => secrets[name] !== undefined);
  const read = [...names, ...held].map((name) => {
    const secret = secrets[name];
    if (ACCOUNTS.has(name) && isNamedKey(secret)) return [name, secret];
    if (typeof secret !== 'string' || !/^0x[0-9a-f]{64}$/.test(secret)) {
      const what = `${path} does not hold the key ${name}`;
      throw new MedsealError('FOLDER_FOREIGN', { path: files.path, what });
    }
    return [name, SecretBytes.from(hexToBytes(secret))];
  });
  return Object.fromEntries(read) as Awaited<ReturnType<typeof secretsOf<Name, Later>>>;
}

/** Makes a secret in the folder, or in the token if there is one and the secret has a name there. */
async function freshSecret(
  { random, token }: KeyPorts,
  name: string | undefined,
): Promise<string | NamedKey> {
  if (token === undefined || name === undefined) return bytesToHex(random(32));
  return await token.keys.take(token.organisation, name);
}

function accountKey({ primitives, token }: KeyPorts, secret: Uint8Array | NamedKey): AccountKey {
  if (!('pkcs11' in secret)) {
    return { address: addressOf(primitives, primitives.publicKey(secret)), signingKey: secret };
  }
  const address = addressOf(primitives, hexToBytes(secret.publicKey));
  const signingKey = token?.keys.key(secret) ?? unheldKey(address, secret);
  return { address, signingKey };
}

/** A key of a token that nobody named the place of. */
function unheldKey(address: Address, { pkcs11 }: NamedKey): HeldKey {
  return {
    address,
    sign() {
      const reason = `the settings name no token, and the key ${pkcs11} is in one`;
      throw new MedsealError('TOKEN_ABSENT', { token: 'without a name', reason });
    },
  };
}
