import { ageIdentity, recipientOf } from '../../crypto/keys/ageIdentity.ts';
import { portablePrimitives } from '../../crypto/portablePrimitives.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { canonicalJson } from '../../protocol/wire/canonicalJson.ts';
import { SHARE_RECIPIENT } from '../../protocol/dealing/Dealing.ts';
import {
  FIRST_NUMBER,
  FOUNDING,
  isFoundersRecipient,
  signFoundersRecipient,
} from '../../protocol/dealing/foundersRecipient.ts';
import { BYTES32, SIGNATURE } from '../../protocol/wire/findShapeError.ts';
import { isNodeUrl } from '../../protocol/wire/isNodeUrl.ts';
import { isOfShape } from '../../protocol/wire/isOfShape.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import type { Of } from '../../protocol/struct/Of.ts';
import { VALIDATOR_ADDRESS, VALIDATOR_NODE } from '../../protocol/network/validatorShapes.ts';
import type { Files } from '../../folder/Files.ts';
import { openSharedFolder } from '../../folder/openFolder.ts';
import { listExchanged, readExchanged } from './exchangeFiles.ts';
import { findDifference } from './findDifference.ts';
import { areOrganisations } from '../../folder/Founding.ts';
import type { Organisation } from '../../protocol/ids.ts';
import { readJsonFile, writeJsonFile } from '../../folder/jsonFiles.ts';
import type { NodePorts } from '../../folder/NodePorts.ts';
import type { NodeFolder, OrganisationHome } from '../NodeFolder.ts';
import { TERMS_NAME } from './termsFiles.ts';
import {
  identityOf,
  isIdentity,
  type OrganisationIdentity,
} from '../../folder/OrganisationIdentity.ts';

const FORMAT = 'medseal-identity/1';

/** Identity file that an organisation gives to the others; all of it is public. */
export interface IdentityFile extends OrganisationIdentity {
  readonly format: typeof FORMAT;
  /** Address of its node, for the others, such as `https://medseal.laboratory.example`. */
  readonly url: string;
  /** Its validator, if the organisations are to hold the ledger together. */
  readonly validator?: IdentityValidator;
  /** The recipient that its share of the release key is sealed to, signed by its coordinator; absent in older files. */
  readonly share?: Of<typeof SHARE>;
}

const SHARE = { recipient: SHARE_RECIPIENT, signature: SIGNATURE } as const;

const VALIDATOR = { key: BYTES32, node: VALIDATOR_NODE, address: VALIDATOR_ADDRESS } as const;

/** The validator that an organisation begins with, as its identity file names it. */
export type IdentityValidator = Of<typeof VALIDATOR>;

/** `identity.json` of a folder: a copy of the identity file that was given to the others. */
export const GIVEN = 'identity.json';

/**
 * Writes an organisation's identity file, `<organisation>.identity.json`, and keeps a copy in the folder, which shows
 * if the carrier of the file changed it.
 *
 * @param folder - The organisation's folder.
 * @param url - Address of its node, for the others.
 * @param exchange - The folder that files are exchanged in.
 * @param ports - Randomness and the curve.
 * @param options - `isProxied`: true if a proxy in front of the node speaks TLS for it. Otherwise a node with an `https:`
 * address speaks TLS itself, and the file has its key. `validator`: its validator, if the organisations are to hold the
 * ledger together.
 * @returns The file's name.
 */
export async function writeIdentity(
  folder: NodeFolder,
  url: string,
  exchange: string,
  ports: Pick<NodePorts, 'random' | 'primitives'>,
  {
    isProxied = false,
    validator,
  }: {
    readonly isProxied?: boolean | undefined;
    readonly validator?: IdentityValidator | undefined;
  } = {},
): Promise<string> {
  const home = onlyHome(folder);
  const { organisation, keys, authorityKey } = home;
  const name = identityName(organisation);
  const identity: IdentityFile = {
    format: FORMAT,
    ...identityOf(organisation, keys, authorityKey, isSecure(url) && !isProxied),
    url,
    ...(validator && { validator }),
    share: await ownShare(folder.files, home, ports),
  };
  await writeJsonFile(folder.files, GIVEN, identity);
  await writeJsonFile(await openSharedFolder(exchange), name, identity);
  return name;
}

/**
 * The recipient that was given before, if its identity is here or was forgotten with the founding, or else a new one, whose identity
 * is kept first.
 */
async function ownShare(
  files: Files,
  { organisation, keys, shares }: OrganisationHome,
  { random, primitives }: Pick<NodePorts, 'random' | 'primitives'>,
): Promise<NonNullable<IdentityFile['share']>> {
  const given = (await readJsonFile(files, GIVEN)) as Partial<IdentityFile> | undefined;
  const known = await shares.identity(FOUNDING);
  if (given?.share !== undefined && given.organisation === organisation) {
    const isHeld = known !== undefined && (await recipientOf(known)) === given.share.recipient;
    const founded = [TERMS_NAME, 'network.json'].map(async (name) => await files.size(name));
    const isBound = (await Promise.all(founded)).some((size) => size !== undefined);
    if (isHeld || isBound) return given.share;
  }
  const identity = known ?? ageIdentity(random(32));
  if (known === undefined) await shares.keepIdentity(FOUNDING, FIRST_NUMBER, identity);
  const recipient = await recipientOf(identity);
  return { recipient, signature: signFoundersRecipient(primitives, keys.coordinator, recipient) };
}

/**
 * Reads all identity files of a folder, in the order of their names. No two organisations may name the same key or
 * address, and the organisation's own file must be as it was written here.
 *
 * @param exchange - The folder that files are exchanged in.
 * @param folder - The organisation's folder.
 * @param network - A network or its terms, if it is there: a malformed file of an organisation that it does not name is passed over.
 * @throws MedsealError `CEREMONY_INVALID`.
 */
export async function readIdentities(
  exchange: Files,
  folder: NodeFolder,
  network?: NetworkFile,
): Promise<readonly IdentityFile[]> {
  const identities: IdentityFile[] = [];
  const named = network?.founders?.map(({ organisation }) => identityName(organisation));
  for (const name of await listExchanged(exchange, identityName(''))) {
    try {
      identities.push(parseIdentity(await readExchanged(exchange, name), name));
    } catch (error) {
      if (!isMedsealError(error, 'CEREMONY_INVALID') || named?.includes(name) !== false)
        throw error;
    }
  }
  const home = onlyHome(folder);
  await requireOwn(identities, folder, home);
  requireApart(identities, identityName(home.organisation));
  requireAlike(identities);
  const without = identities.find(({ validator }) => validator === undefined);
  if (without !== undefined && identities.some(({ validator }) => validator !== undefined)) {
    throw invalid(identityName(without.organisation), 'it names no validator, but others do');
  }
  return identities;
}

/**
 * Returns the one organisation of a node's folder.
 *
 * @throws MedsealError `FOLDER_FOREIGN` if the folder is of several organisations.
 */
export function onlyHome({ homes, files }: NodeFolder): OrganisationHome {
  const [home, ...others] = homes;
  if (home !== undefined && others.length === 0) return home;
  const what = 'it is of several organisations';
  throw new MedsealError('FOLDER_FOREIGN', { path: files.path, what });
}

/**
 * Parses an identity file from outside.
 *
 * @param value - Value, decoded from JSON.
 * @param name - Name of the file, which must be that of its organisation.
 * @throws MedsealError `CEREMONY_INVALID`.
 */
export function parseIdentity(value: unknown, name: string): IdentityFile {
  const { format, url, validator, share, ...identity } = (value ?? {}) as Partial<IdentityFile>;
  if (
    format !== FORMAT ||
    !isNodeUrl(url) ||
    !isIdentity(identity) ||
    (validator !== undefined && !isOfShape(VALIDATOR, validator)) ||
    (share !== undefined && !isOfShape(SHARE, share)) ||
    !areOrganisations([identity.organisation]) ||
    (identity.tls !== undefined && !isSecure(url))
  ) {
    throw invalid(name, 'it is malformed');
  }
  if (name !== identityName(identity.organisation)) {
    throw invalid(name, `it is the identity file of ${identity.organisation}`);
  }
  if (share && !isFoundersRecipient(portablePrimitives, identity.coordinator, share)) {
    throw invalid(name, 'its coordinator did not sign the recipient of its share');
  }
  return { format, url, ...(validator && { validator }), ...(share && { share }), ...identity };
}

/**
 * Requires that its own file, which went through other hands, names the keys that are here and the address that was
 * given.
 */
async function requireOwn(
  identities: readonly IdentityFile[],
  { files }: NodeFolder,
  { organisation, keys, authorityKey }: OrganisationHome,
): Promise<void> {
  const name = identityName(organisation);
  const mine = identities.find((each) => each.organisation === organisation);
  if (mine === undefined) throw invalid(name, 'it is not there');
  const { format: _format, url, validator, share, ...named } = mine;
  const given = (await readJsonFile(files, GIVEN)) as Partial<IdentityFile> | undefined;
  const isTls = given?.tls !== undefined;
  if (canonicalJson(named) !== canonicalJson(identityOf(organisation, keys, authorityKey, isTls))) {
    throw invalid(name, 'it names other keys than this folder has');
  }
  if (given?.url !== url) {
    throw invalid(name, 'it names another address than was given here with --url');
  }
  if (findDifference(given.validator, validator) !== undefined) {
    throw invalid(name, 'it names another validator than was given here with --validator');
  }
  if (findDifference(given.share, share) !== undefined) {
    throw invalid(name, 'it names another recipient of its share than was made here');
  }
}

/** Refuses a key or an address that two organisations, or two offices, name, for it would count twice. */
function requireApart(identities: readonly IdentityFile[], name: string): void {
  const named = identities.flatMap((identity) => {
    const { coordinator, sender, authority, log, tls, url, validator, share } = identity;
    return [
      coordinator,
      sender,
      authority,
      log,
      ...(tls === undefined ? [] : [tls]),
      url.replace(/\/$/, ''),
      ...(validator === undefined ? [] : Object.values(validator)),
      ...(share === undefined ? [] : [share.recipient]),
    ];
  });
  const twice = named.find((each, place) => named.indexOf(each) < place);
  if (twice !== undefined) throw invalid(name, `the files name ${twice} twice`);
}

/** Refuses files of which some have a key for TLS: a node with a key talks only to nodes with keys. */
function requireAlike(identities: readonly IdentityFile[]): void {
  const without = identities.find(({ tls }) => tls === undefined);
  const having = identities.find(({ tls }) => tls !== undefined);
  if (without === undefined || having === undefined) return;
  const reason = `it has no key for TLS, and that of ${having.organisation} has one; make all files with an https: address and without --proxy, or all with --proxy`;
  throw invalid(identityName(without.organisation), reason);
}

function isSecure(url: string): boolean {
  return url.startsWith('https://');
}

/**
 * Returns identity files with the founder's first.
 *
 * @param identities - The identity files, of different organisations.
 * @param founder - The founder.
 */
export function founderFirst(
  identities: readonly IdentityFile[],
  founder: Organisation | undefined,
): readonly IdentityFile[] {
  const first = identities.filter(({ organisation }) => organisation === founder);
  return [...first, ...identities.filter((each) => !first.includes(each))];
}

/** Name of an organisation's identity file. */
export function identityName(organisation: string): string {
  return `${organisation}.identity.json`;
}

function invalid(file: string, reason: string): MedsealError {
  return new MedsealError('CEREMONY_INVALID', { file, reason });
}
