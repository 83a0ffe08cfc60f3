import { MedsealError } from '../../errors/MedsealError.ts';
import type { Organisation } from '../../protocol/ids.ts';
import { founderOf } from '../../protocol/network/networkLookups.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { parseNetworkFile } from '../../protocol/network/parseNetworkFile.ts';
import { requireNotAhead } from '../../protocol/evidence/requireNotAhead.ts';
import type { Files } from '../../folder/Files.ts';
import { openSharedFolder } from '../../folder/openFolder.ts';
import { beginFounding, requireUnknown } from './beginFounding.ts';
import {
  keepsLedger,
  parseFounding,
  type Founding,
  type FoundingTerms,
} from '../../folder/Founding.ts';
import type { Engine } from '../validator/openEngine.ts';
import { chainOf } from './chainOf.ts';
import { openExchange, readExchanged, writeExchanged } from './exchangeFiles.ts';
import { keepFoundingShare } from './foundingDeals.ts';
import {
  beginTerms,
  completeFounding,
  dealAsMember,
  dealtBeside,
  forgetRecipient,
  requireNotGiven,
  type Agree,
  type GuardedFounding,
} from './guardedFounding.ts';
import { networkFileOf } from './foundNetwork.ts';
import { founderFirst, onlyHome, readIdentities, type IdentityFile } from './identityFiles.ts';
import { identitiesIn } from './identitiesIn.ts';
import { readJsonFile, writeJsonFile } from '../../folder/jsonFiles.ts';
import { ledgerOn, requireApartFrom } from './ledgerHost.ts';
import type { NodeFolder } from '../NodeFolder.ts';
import { openFoundersLedger } from '../nodeLedger.ts';
import type { NodePorts } from '../../folder/NodePorts.ts';
import { readNetwork, requireKeysOf } from './readNetwork.ts';
import { requireDerived } from './requireDerived.ts';
import { readOwnTerms, readTerms, TERMS_NAME, type OwnTerms } from './termsFiles.ts';

/**
 * A network of organisations that each keep their keys to themselves is founded by files that they exchange: each gives
 * its identity file to the founder, and the founder gives the network file, with all identity files, back to each. Each
 * derives the network file itself from the identity files, and compares its fingerprint with the others, out of band:
 * neither the founder nor the carrier of the files is trusted.
 */

/** Options that an operator gives beside the exchanged files. */
interface GivenOptions {
  /** The engine, if the organisations' validators are to hold the ledger. */
  readonly engine?: Engine | undefined;
  /** The network whose ledger it uses, if it is a further channel there: its file, which the operator trusts. */
  readonly on?: NetworkFile | undefined;
  /** As for `GuardedFounding`. */
  readonly onLeftOut?: GuardedFounding['onLeftOut'];
}

/** `nodes.json` of a folder: addresses of the organisations' nodes, as each gave its own. */
const NODES = 'nodes.json';

/**
 * Founds the network of all organisations whose identity files are in a folder, and puts the network file there. Safe
 * to repeat; a network that was founded stays as it is.
 *
 * @param folder - The founder's folder, of one organisation.
 * @param exchange - The folder with the identity files.
 * @param ports - Clock, randomness, curve.
 * @param terms - Thresholds, the confirmation to ask for first, the engine of the organisations' validators, and the
 * network whose ledger it is to use.
 * @throws MedsealError `CEREMONY_INVALID` if a file is malformed, names the key of another, or comes too late;
 * `ENGINE_FAILED`.
 */
export async function foundFromFiles(
  folder: NodeFolder,
  exchange: string,
  ports: NodePorts,
  { agree, engine, on, unguarded = false, ...terms }: FoundingTerms & GivenOptions = {},
): Promise<NetworkFile> {
  const files = await openSharedFolder(exchange);
  const founder = onlyHome(folder).organisation;
  const identities = await readIdentities(files, folder);
  const all = founderFirst(identities, founder);
  const ledger = on && ledgerOn(ports.primitives, on);
  if (on !== undefined) requireApartFrom(on, identities, terms.channel ?? '');
  const organisations = all.map(({ organisation }) => organisation);
  const isHeld = all.some(({ validator }) => validator !== undefined);
  const wanted = { organisations, isHeld, ledger, ...terms };
  const own = await readOwnTerms(folder.files);
  if (own !== undefined && unguarded) {
    const reason = 'the network is founded already, and guarded';
    throw new MedsealError('CEREMONY_INVALID', { file: TERMS_NAME, reason });
  }
  const isFounded = (await folder.files.size('founding.json')) !== undefined;
  if (own !== undefined || !(unguarded || isFounded)) {
    const guarded = { folder, exchange: files, identities: all, ports, engine };
    return await foundGuarded(guarded, await beginTerms(guarded, wanted, agree));
  }
  if (!isFounded) {
    await requireUnknown(folder.files);
    await requireNotGiven(files, [TERMS_NAME, 'network.json']);
  }
  const network = { demo: folder.demo, identities: all, ...wanted };
  await beginFounding(folder.files, network, ports, agree);
  const founding = parseFounding(
    await readJsonFile(folder.files, 'founding.json'),
    folder.files.path,
  );
  const founded = keepsLedger(founding)
    ? await foundOnOwnLedger(folder, founding, ports)
    : await foundElsewhere(folder, founding, { all, engine, ports });
  const chain = await chainOf(founded, folder, { engine, primitives: ports.primitives });
  requireDerived(founded, identities, ports.primitives, { demo: folder.demo, chain, ledger });
  await writeNodes(folder.files, identities);
  await writeExchanged(files, 'network.json', founded);
  return founded;
}

/** Founds a network whose release key the organisations deal by the same files, as far as they have dealt. */
async function foundGuarded(guarded: GuardedFounding, own: OwnTerms): Promise<NetworkFile> {
  const { folder, identities, ports } = guarded;
  const { founding, network } = await completeFounding(guarded, own);
  await writeNodes(folder.files, identities);
  if (keepsLedger(founding)) await foundOnOwnLedger(folder, founding, ports);
  else await writeOnce(folder, network);
  await forgetRecipient(folder);
  return network;
}

async function foundOnOwnLedger(
  folder: NodeFolder,
  founding: Founding,
  ports: NodePorts,
): Promise<NetworkFile> {
  const ledger = await openFoundersLedger(folder, founding, ports);
  try {
    return await readNetwork(folder, founding, ledger, ports);
  } finally {
    await ledger.close();
  }
}

/**
 * The ledger begins once the validators run, or is that of another network, which has yet to admit the accounts: the
 * founder's node creates the contracts then.
 */
async function foundElsewhere(
  folder: NodeFolder,
  founding: Founding,
  {
    all,
    engine,
    ports,
  }: { readonly all: readonly IdentityFile[]; readonly ports: NodePorts } & GivenOptions,
): Promise<NetworkFile> {
  if ((await folder.files.size('network.json')) !== undefined) {
    return await readNetwork(folder, founding, undefined, ports);
  }
  const { primitives } = ports;
  const unnamed = networkFileOf(founding, all, primitives);
  const chain = await chainOf(unnamed, folder, { engine, primitives });
  const network = parseNetworkFile(networkFileOf(founding, all, primitives, chain));
  await writeOnce(folder, network);
  return network;
}

async function writeOnce(folder: NodeFolder, network: NetworkFile): Promise<void> {
  requireKeysOf(network, onlyHome(folder));
  if ((await folder.files.size('network.json')) !== undefined) return;
  await writeJsonFile(folder.files, 'network.json', network);
}

/**
 * Takes part in a founding by files with a node that did not found the network: deals for the founder's terms, or takes the network
 * file from the folder once it is there. The founder's own node goes on with what it founded.
 *
 * @param folder - The node's folder, of one organisation.
 * @param exchange - The folder with the founder's files and all identity files.
 * @param ports - Clock, randomness, curve.
 * @param options - `agree` is called with the terms before the node deals for them, and with the network before it is taken by a node
 * that did not deal; it throws to prevent that. `engine` is that of the organisations' validators, `on` the network whose ledger it uses.
 * @throws MedsealError `DEALS_MISSING` until the founder has joined the deals of enough organisations: repeat it then;
 * `DEAL_INVALID` with the organisation whose deal does not hold; `CEREMONY_INVALID` if a file is not there, or does not follow from the
 * identity files and deals; `NETWORK_FILE_INVALID`; `NETWORK_FILE_OTHER` if the node belongs to another network already;
 * `LEDGER_AHEAD` if the ledger begins in the future.
 */
export async function joinFromFiles(
  folder: NodeFolder,
  exchange: string,
  ports: NodePorts,
  options: JoiningOptions = {},
): Promise<NetworkFile> {
  return await joinFrom(folder, await openSharedFolder(exchange), ports, options);
}

/** Options of `joinFromFiles`. */
interface JoiningOptions extends GivenOptions {
  readonly agree?: Agree;
}

async function joinFrom(
  folder: NodeFolder,
  files: Files,
  ports: NodePorts,
  { agree, engine, on, onLeftOut }: JoiningOptions,
): Promise<NetworkFile> {
  const { clock, primitives } = ports;
  const home = onlyHome(folder);
  const own = await readOwnTerms(folder.files);
  if (own !== undefined && founderOf(own.network) === home.organisation) {
    const all = identitiesIn(own.network);
    const guarded = { folder, exchange: files, identities: all, ports, engine, onLeftOut };
    return await foundGuarded(guarded, { ...own, exchange: files.path });
  }
  const known = await readJsonFile(folder.files, 'network.json');
  const value = await readExchanged(files, 'network.json');
  const given = value === undefined ? undefined : parseNetworkFile(value);
  const terms = given === undefined && known === undefined ? await readTerms(files) : undefined;
  const network = given ?? terms?.network;
  if (network === undefined) throw invalid('it is not there yet');
  requireKeysOf(network, home);
  // A node that dealt read the identity files before it did.
  const identities =
    own === undefined ? await readIdentities(files, folder, network) : identitiesIn(own.network);
  const all = founderFirst(identities, founderOf(network));
  // A node that dealt named that network then.
  const agreed = own?.network.ledger;
  if (on === undefined && network.ledger.of !== undefined && agreed === undefined) {
    throw invalid('it uses the ledger of another network; name that network with --on');
  }
  if (on !== undefined) requireApartFrom(on, all, network.channels[0]?.name ?? '');
  const ledger = on ? ledgerOn(primitives, on) : agreed?.of && agreed;
  const guarded = { folder, exchange: files, identities: all, ports, engine, onLeftOut };
  if (terms !== undefined) return await dealAsMember(guarded, terms, { ledger, agree });
  const dealt = await dealtBeside(guarded, network, ledger);
  const chain = await chainOf(network, folder, { engine, primitives });
  const { demo } = folder;
  requireDerived(network, all, primitives, { demo, chain, ledger, release: dealt?.release });
  if (known !== undefined && JSON.stringify(known) !== JSON.stringify(network)) {
    throw new MedsealError('NETWORK_FILE_OTHER', {});
  }
  if (known === undefined) {
    if (all[0]?.organisation === home.organisation) {
      throw invalid('it says that this node founded the network');
    }
    requireNotAhead(network.ledger.timestamp ?? 0, clock);
    // A node that dealt agreed to all but the key, which follows from the deals.
    const hasDealt = dealt?.deals.some((deal) => deal.organisation === home.organisation);
    if (own === undefined) await agree?.(network, false, hasDealt === true);
    if (dealt !== undefined) await keepFoundingShare(ports, home, dealt.terms, dealt);
  }
  await writeNodes(folder.files, all);
  if (known === undefined) await writeJsonFile(folder.files, 'network.json', network);
  await forgetRecipient(folder);
  return network;
}

/**
 * Goes on with the founding by files that a node deals for, if there is one and the node has no network file yet.
 *
 * @param folder - The node's folder.
 * @param ports - Clock, randomness, curve.
 * @param engine - That of the organisations' validators.
 * @param onLeftOut - Told of a deal that is left out.
 * @throws MedsealError as `joinFromFiles` does; `CEREMONY_INVALID` if the exchange folder is not there.
 */
export async function goOnFounding(
  folder: NodeFolder,
  ports: NodePorts,
  engine: Engine,
  onLeftOut: NonNullable<GuardedFounding['onLeftOut']>,
): Promise<void> {
  const own = await readOwnTerms(folder.files);
  if (own === undefined || (await folder.files.size('network.json')) !== undefined) return;
  await joinFrom(folder, await openExchange(own.exchange), ports, { engine, onLeftOut });
}

/**
 * Reads the addresses of the organisations' nodes, as each gave its own when the network was founded.
 *
 * @param files - A node's folder.
 * @returns Empty if the network was not founded by files.
 */
export async function readNodes(files: Files): Promise<ReadonlyMap<Organisation, string>> {
  const { urls } = ((await readJsonFile(files, NODES)) ?? {}) as { urls?: Record<string, string> };
  return new Map(Object.entries(urls ?? {}));
}

/**
 * Writes the addresses of the organisations' nodes.
 *
 * @param files - A node's folder.
 * @param nodes - The organisations.
 */
export async function writeNodes(
  files: Files,
  nodes: readonly { readonly organisation: Organisation; readonly url?: string }[],
): Promise<void> {
  const urls = Object.fromEntries(
    nodes.flatMap(({ organisation, url }) => (url === undefined ? [] : [[organisation, url]])),
  );
  await writeJsonFile(files, NODES, { format: 'medseal-nodes/1', urls });
}

function invalid(reason: string): MedsealError {
  return new MedsealError('CEREMONY_INVALID', { file: 'network.json', reason });
}
