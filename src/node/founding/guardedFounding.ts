import { MedsealError } from '../../errors/MedsealError.ts';
import type { Files } from '../../folder/Files.ts';
import { parseFounding, type Founding, type FoundingTerms } from '../../folder/Founding.ts';
import { readJsonFile, writeJsonFile } from '../../folder/jsonFiles.ts';
import type { NodePorts } from '../../folder/NodePorts.ts';
import type { GivenDeal } from '../../protocol/dealing/Dealing.ts';
import { FIRST_NUMBER } from '../../protocol/dealing/foundersRecipient.ts';
import { dealersOf } from '../../protocol/dealing/planFounding.ts';
import type { NetworkFile, ReleaseKey } from '../../protocol/network/NetworkFile.ts';
import { founderOf } from '../../protocol/network/networkLookups.ts';
import { parseNetworkFile } from '../../protocol/network/parseNetworkFile.ts';
import { requireNotAhead } from '../../protocol/evidence/requireNotAhead.ts';
import { succeeds } from '../../protocol/wire/succeeds.ts';
import type { NodeFolder } from '../NodeFolder.ts';
import type { Engine } from '../validator/openEngine.ts';
import { decide, requireSame, requireUnknown, type TermsWanted } from './beginFounding.ts';
import { chainOf, UNKNOWN_CHAIN } from './chainOf.ts';
import { dealsToJoin, otherDealers, requireOwnDeal, type JoiningFounder } from './dealsToJoin.ts';
import {
  dealForFounding,
  dealtRelease,
  foundingDeals,
  keepFoundingShare,
  requireSet,
  signSet,
} from './foundingDeals.ts';
import { writeExchanged } from './exchangeFiles.ts';
import { findDifference } from './findDifference.ts';
import { foundingBy } from './foundingBy.ts';
import { networkFileOf } from './foundNetwork.ts';
import { signHeldDeals, soundDeals } from './heldDeals.ts';
import { onlyHome, identityName, type IdentityFile } from './identityFiles.ts';
import { networkIdOf, termsIdOf, type Decided } from './networkIdOf.ts';
import { requireKeysOf } from './readNetwork.ts';
import { decidedOf, requireDerived } from './requireDerived.ts';
import {
  dealName,
  readDeals,
  readOwnTerms,
  readTerms,
  TERMS_NAME,
  writeDeal,
  writeHeldDeals,
  writeOwnTerms,
  writeTerms,
  type FoundingTermsFile,
  type OwnTerms,
} from './termsFiles.ts';

/**
 * The release key of a network that is founded by files is dealt by the same files. The founder's terms name everything but the
 * key; the deals are signed for them, and for the recipients in the identity files. The founder joins the deals of a quorum of
 * dealers, and gives them on with the network file, which each organisation derives from them. The set of deals is the founder's
 * to choose, for two of them might join different ones; it is fixed in its folder before anything names the key.
 */

/**
 * Asks a person before a node deals for terms, or joins a network.
 *
 * @param network - The terms or the network.
 * @param isTerms - True if it is terms.
 * @param hasDealt - True if the node deals as it did before its folder was restored, or as a thief of its key did.
 */
export type Agree = (network: NetworkFile, isTerms: boolean, hasDealt: boolean) => Promise<void>;

/** A node that takes part, with the identity files, the founder's first; if the node dealt, they have no recipients. */
export interface GuardedFounding {
  readonly folder: NodeFolder;
  /** The exchange folder. */
  readonly exchange: Files;
  readonly identities: readonly IdentityFile[];
  readonly ports: NodePorts;
  readonly engine?: Engine | undefined;
  /** As for `JoiningFounder`. Another node that waits says which deals it holds. */
  readonly onLeftOut?: JoiningFounder['onLeftOut'];
}

/**
 * Writes the founder's terms with its deal, here and into the exchange folder; those that it signed before stay, also if its folder
 * was restored from before them: two terms of one founding would divide those who deal.
 *
 * @param founding - The founder's node.
 * @param wanted - The terms.
 * @param agree - Called before anything is written; it throws to prevent it.
 * @throws MedsealError as `decide` and `requireSame`; `CEREMONY_INVALID` if an identity file has no recipient, or if files are there
 * that follow from terms which this folder does not have.
 */
export async function beginTerms(
  founding: GuardedFounding,
  wanted: TermsWanted,
  agree?: FoundingTerms['agree'],
): Promise<OwnTerms> {
  const { folder, exchange, identities, ports } = founding;
  const { primitives } = ports;
  const foundingFor = (decided: Decided): Founding => {
    const networkId = termsIdOf(primitives, decided, identities);
    const { organisations } = wanted;
    return foundingBy(decided, { networkId, demo: folder.demo, organisations, identities });
  };
  const known = await readOwnTerms(folder.files);
  if (known === undefined) await requireUnknown(folder.files);
  const begun = known ?? (await signedTerms(founding, wanted.ledger));
  if (begun !== undefined) {
    requireSame(foundingFor(decidedIn(begun.network)), wanted);
    requireTerms(begun.network, founding, wanted.ledger);
    if (known === undefined) await agree?.(foundingFor(decidedIn(begun.network)), true);
    const own = { ...begun, exchange: exchange.path };
    await writeOwnTerms(folder.files, own);
    return own;
  }
  requireRecipients(identities);
  const made = foundingFor(decide(wanted, ports));
  const network = parseNetworkFile(networkFileOf(made, identities, primitives, UNKNOWN_CHAIN));
  const home = onlyHome(folder);
  requireKeysOf(network, home);
  await agree?.(made, true);
  const deal = await dealForFounding(ports, home, network, identities);
  const own = { exchange: exchange.path, network, deals: [deal] };
  await writeOwnTerms(folder.files, own);
  return own;
}

/** Reads the terms that the founder signed, as its folder does not know them, from the exchange folder; undefined if it signed none. */
async function signedTerms(
  { folder, exchange, identities, ports }: GuardedFounding,
  ledger: NetworkFile['ledger'] | undefined,
): Promise<OwnTerms | undefined> {
  const { organisation } = onlyHome(folder);
  const given = await readTerms(exchange);
  if (given === undefined) {
    const dealt = identities.map((each) => dealName(each.organisation));
    await requireNotGiven(exchange, ['network.json', ...dealt]);
    return undefined;
  }
  const { network } = given;
  const deals = given.deals.filter((deal) => deal.organisation === organisation);
  const isSigned = succeeds(() => {
    requireTerms(network, { folder, identities, ports }, ledger);
    foundingDeals(ports, network, deals);
    return founderOf(network) === organisation && deals.length > 0;
  });
  if (isSigned) return { exchange: exchange.path, network, deals };
  throw notKnown(TERMS_NAME);
}

/**
 * Refuses to found a network beside files that only another founding gives out.
 *
 * @param exchange - The exchange folder.
 * @param names - Names of such files.
 * @throws MedsealError `CEREMONY_INVALID`.
 */
export async function requireNotGiven(exchange: Files, names: readonly string[]): Promise<void> {
  for (const name of names) {
    if ((await exchange.size(name)) !== undefined) throw notKnown(name);
  }
}

function notKnown(file: string): MedsealError {
  const reason = `it is there, and this folder does not know the terms that it follows from: restore a newer copy of the folder, or put back ${TERMS_NAME} as this node gave it; take the file away only if nobody has dealt or joined`;
  return invalid(file, reason);
}

/**
 * Joins the deals of the exchange folder, once enough are there, and founds the network. It may be cut off and repeated anywhere.
 *
 * @param founding - The founder's node.
 * @param own - Its terms.
 * @returns The founding, and the network file; both are written but for the founder's own network file.
 * @throws MedsealError `DEALS_MISSING` with the organisations that have yet to deal; `DEAL_INVALID`, `CEREMONY_INVALID` with the one
 * whose deal does not hold.
 */
export async function completeFounding(
  founding: GuardedFounding,
  own: OwnTerms,
): Promise<{ readonly founding: Founding; readonly network: NetworkFile }> {
  const { folder, exchange, identities, ports, engine } = founding;
  const { primitives } = ports;
  const home = onlyHome(folder);
  const { network: terms } = own;
  const isFixed = own.deals.length >= dealersOf(terms);
  const deals = isFixed ? own.deals : await dealsToJoin({ home, ...founding }, own);
  const release = dealtRelease(ports, terms, deals);
  if (!isFixed) await writeOwnTerms(folder.files, { ...own, deals });
  await keepFoundingShare(ports, home, terms, { release, deals });
  const decided = { ...decidedIn(terms), release };
  const founded = foundingBy(decided, {
    networkId: networkIdOf(primitives, decided, identities),
    demo: folder.demo,
    organisations: identities.map(({ organisation }) => organisation),
    identities,
  });
  const unnamed = networkFileOf(founded, identities, primitives);
  const chain = await chainOf(unnamed, folder, { engine, primitives });
  const network = parseNetworkFile(networkFileOf(founded, identities, primitives, chain));
  const set = signSet(ports, home, terms, deals);
  await writeTerms(exchange, { network: terms, deals, set });
  await writeExchanged(exchange, 'network.json', network);
  const written = await readJsonFile(folder.files, 'founding.json');
  if (written === undefined) await writeJsonFile(folder.files, 'founding.json', founded);
  else requireSameId(parseFounding(written, folder.files.path), founded, folder.files.path);
  return { founding: founded, network };
}

/**
 * Deals for the founder's terms, once whoever is asked agreed to them, and puts the deal into the exchange folder. A deal that was
 * made before is given again.
 *
 * @param founding - The node of an organisation that did not found the network.
 * @param given - The founder's terms, which name the node's keys; nothing else in them is trusted.
 * @param options - The ledger of another network, if it is to use that; `agree` is called before the first deal.
 * @throws MedsealError `DEALS_MISSING`, always: the founder has yet to join the deals; `CEREMONY_INVALID` if the terms do
 * not follow from the identity files, or are not those that it dealt for; `DEAL_INVALID` with the organisation whose deal does not
 * hold, or gives it a wrong share.
 */
export async function dealAsMember(
  { folder, exchange, identities, ports, onLeftOut }: GuardedFounding,
  given: FoundingTermsFile,
  {
    ledger,
    agree,
  }: {
    readonly ledger?: NetworkFile['ledger'] | undefined;
    readonly agree?: Agree | undefined;
  },
): Promise<never> {
  const home = onlyHome(folder);
  const { network: terms } = given;
  const founding = { folder, identities, ports };
  const own = await ownTermsFor(founding, terms, ledger);
  const [founder] = identities;
  if (given.deals.every(({ organisation }) => organisation !== founder?.organisation)) {
    throw invalid(TERMS_NAME, 'it has no deal of its founder');
  }
  // Of a folder that was restored, its own deal is read as the others are.
  const known = [...given.deals, ...(own?.deals ?? [])].map((each) => each.organisation);
  const others = await readDeals(exchange, otherDealers(terms, known));
  const theirs = [...given.deals, ...others.files];
  requireOwnDeal(home.organisation, own, theirs);
  const sound = await soundDeals(ports, home, terms, { ...others, files: theirs });
  const dealt = theirs.find(({ organisation }) => organisation === home.organisation);
  const [fault] = sound.faults;
  if (onLeftOut === undefined && fault !== undefined) throw fault;
  if (own === undefined) {
    requireNotAhead(terms.ledger.timestamp ?? 0, ports.clock);
    await agree?.(terms, true, dealt !== undefined);
  }
  const [made = dealt] = own?.deals ?? [];
  const deal = made ?? (await dealForFounding(ports, home, terms, identities));
  await writeOwnTerms(folder.files, { exchange: exchange.path, network: terms, deals: [deal] });
  await writeDeal(exchange, deal);
  if (onLeftOut !== undefined) {
    await writeHeldDeals(exchange, signHeldDeals(ports, home, terms, [...sound.deals, deal]));
  }
  if (fault !== undefined) throw fault;
  dealtRelease(ports, terms, dealt === undefined ? [...theirs, deal] : theirs);
  const missing = `${founder?.organisation} must join the deals, and give network.json and ${TERMS_NAME}`;
  throw new MedsealError('DEALS_MISSING', { missing });
}

/**
 * Verifies the deals beside a network file, for a node that did not found the network.
 *
 * @param founding - The node.
 * @param network - The network file; nothing in it is trusted.
 * @param ledger - The ledger of another network, if it is to use that.
 * @returns The terms, and the release key that the deals make; undefined if the network is unguarded.
 * @throws MedsealError `CEREMONY_INVALID` if the terms are not there, do not follow from the identity files, are not those that the node
 * dealt for, or have too few deals; `DEAL_INVALID` with the organisation whose deal does not hold.
 */
export async function dealtBeside(
  { folder, exchange, identities, ports }: GuardedFounding,
  network: NetworkFile,
  ledger: NetworkFile['ledger'] | undefined,
): Promise<
  | {
      readonly terms: NetworkFile;
      readonly release: ReleaseKey;
      readonly deals: readonly GivenDeal[];
    }
  | undefined
> {
  if (network.channels[0]?.release === undefined) {
    if ((await readOwnTerms(folder.files)) !== undefined) {
      throw invalid('network.json', 'it is unguarded, and this node dealt for a guarded network');
    }
    if ((await exchange.size(TERMS_NAME)) === undefined) return undefined;
    throw invalid('network.json', `it is unguarded, and ${TERMS_NAME} is of a guarded network`);
  }
  const given = await readTerms(exchange);
  if (given === undefined) {
    throw invalid(TERMS_NAME, 'it is not there, and network.json has a release key');
  }
  const { network: terms, deals } = given;
  const own = await ownTermsFor({ folder, identities, ports }, terms, ledger);
  if (findDifference(decidedOf(terms, ledger), decidedOf(network, ledger)) !== undefined) {
    throw invalid('network.json', `it has other terms than ${TERMS_NAME}`);
  }
  const needed = dealersOf(terms);
  if (deals.length < needed) {
    throw invalid(
      TERMS_NAME,
      `it has deals of ${deals.length} organisations, and ${needed} are needed`,
    );
  }
  requireSet(ports, given);
  requireOwnDeal(onlyHome(folder).organisation, own, deals);
  return { terms, deals, release: dealtRelease(ports, terms, deals) };
}

/** Forgets the identity of a node's recipient, once its share is kept: whoever takes the folder later makes no share with it. */
export async function forgetRecipient(folder: NodeFolder): Promise<void> {
  await onlyHome(folder).shares.removeIdentities(FIRST_NUMBER);
}

/** The terms that the node dealt for, which must be these; if it has none, these must follow from the identity files. */
async function ownTermsFor(
  { folder, identities, ports }: Pick<GuardedFounding, 'folder' | 'identities' | 'ports'>,
  terms: NetworkFile,
  ledger: NetworkFile['ledger'] | undefined,
): Promise<OwnTerms | undefined> {
  const own = await readOwnTerms(folder.files);
  if (own === undefined) requireTerms(terms, { folder, identities, ports }, ledger);
  if (own === undefined || findDifference(own.network, terms) === undefined) return own;
  throw invalid(TERMS_NAME, 'it has other terms than those that this node dealt for');
}

function requireTerms(
  terms: NetworkFile,
  { folder, identities, ports }: Pick<GuardedFounding, 'folder' | 'identities' | 'ports'>,
  ledger: NetworkFile['ledger'] | undefined,
): void {
  requireRecipients(identities);
  const from = { demo: folder.demo, chain: UNKNOWN_CHAIN, ledger, isTerms: true };
  requireDerived(terms, identities, ports.primitives, from);
}

function decidedIn(terms: NetworkFile): Decided {
  return decidedOf(terms, ownLedger(terms));
}

/** The ledger of another network that terms name which the node's operator agreed to. */
function ownLedger({ ledger }: NetworkFile): NetworkFile['ledger'] | undefined {
  return ledger.of === undefined ? undefined : ledger;
}

function requireRecipients(identities: readonly IdentityFile[]): void {
  const without = identities.find(({ share }) => share === undefined);
  if (without === undefined) return;
  const { organisation } = without;
  const reason = `it has no recipient for a share of the release key, as older versions make it: ${organisation} runs its first init again with this version, and gives the file again; or found the network with --unguarded`;
  throw invalid(identityName(organisation), reason);
}

/** A founding that was written already names the same network. */
function requireSameId(written: Founding, founding: Founding, path: string): void {
  if (written.networkId === founding.networkId) return;
  const what = `founding.json is of another network than ${TERMS_NAME}`;
  throw new MedsealError('FOLDER_FOREIGN', { path, what });
}

function invalid(file: string, reason: string): MedsealError {
  return new MedsealError('CEREMONY_INVALID', { file, reason });
}
