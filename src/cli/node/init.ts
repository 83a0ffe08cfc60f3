// Over 400 lines: one verb founds a network, joins one and prepares a validator, and its options depend on each other.
import { isAbsolute, join, relative, resolve } from 'node:path';
import { MedsealError } from '../../errors/MedsealError.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { foundFromFiles, joinFromFiles } from '../../node/founding/ceremony.ts';
import type { Agree } from '../../node/founding/guardedFounding.ts';
import { ACCOUNTS, noteChannel, writeAccounts } from '../../node/founding/channelFiles.ts';
import { configurationSchema } from '../../node/configuration/configurationSchema.ts';
import {
  CONFIGURATION_FILE,
  readConfiguration,
} from '../../node/configuration/readConfiguration.ts';
import { foundAlone } from '../../node/founding/foundAlone.ts';
import { isNodeUrl } from '../../protocol/wire/isNodeUrl.ts';
import { writeIdentity, type IdentityValidator } from '../../node/founding/identityFiles.ts';
import { dealName, readOwnTerms, TERMS_NAME } from '../../node/founding/termsFiles.ts';
import { openToken } from '../../node/token/openToken.ts';
import type { PkcsToken } from '../../node/token/PkcsToken.ts';
import { openEngine } from '../../node/validator/openEngine.ts';
import { VALIDATOR_ADDRESS } from '../../protocol/network/validatorShapes.ts';
import { writeJsonFile } from '../../folder/jsonFiles.ts';
import { areKeysLocked } from '../../folder/keyGuard.ts';
import type { FoundingTerms } from '../../folder/Founding.ts';
import { openNodeFolder, type NodeFolder } from '../../node/NodeFolder.ts';
import { machinePorts, type NodePorts } from '../../folder/NodePorts.ts';
import { DEFAULT_ORGANISATIONS } from '../../node/openNetwork.ts';
import { channelNumbersOf } from '../../protocol/network/channelNumbers.ts';
import { fingerprintOf } from '../../protocol/network/fingerprintOf.ts';
import type { Organisation } from '../../protocol/ids.ts';
import { founderOf } from '../../protocol/network/networkLookups.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { isGuarded } from '../../protocol/release/isGuarded.ts';
import { openFolder, openSharedFolder } from '../../folder/openFolder.ts';
import { readNewestNetwork } from '../../folder/readNewestNetwork.ts';
import { ledgerOn } from '../../node/founding/ledgerHost.ts';
import { readNewPassphrase, type PassphraseOptions } from '../home/readPassphrase.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { readChannelHost, type ChannelHost } from './channelHost.ts';
import { describeFounding, describeNetwork } from './describeFounding.ts';
import { FOUNDING_TERMS, type INIT } from './nodeOptions.ts';
import { nodePassphrase, nodePassphraseFile } from './nodePassphrase.ts';
import { calledAs } from '../program/calledAs.ts';
import { noteUnguarded } from '../warnUnguarded.ts';
import type { OptionsOf } from '../program/VerbOption.ts';
import type { NODE_MADE } from './nodeAnswers.ts';

/** Shown before a deal is taken that was made with the folder's key, and that the folder does not know. */
const DEALT_BEFORE = [
  '',
  'A deal was signed with this folder’s key before, and the folder does not know it. Go on only if the folder was',
  'restored from a backup. Otherwise somebody else has its key: found the network with new folders.',
];

/** Options of `medseal init`. */
type InitOptions = PassphraseOptions & OptionsOf<typeof INIT> & { readonly yes?: boolean };

/**
 * Makes a node, or a whole network in one folder; founds and joins a network by files. Each step may be repeated.
 *
 * @param terminal - Asks for the passphrase of new keys.
 * @param options - See `medseal init --help`.
 */
export async function init(
  terminal: Terminal,
  options: InitOptions,
): Promise<AnswerOf<typeof NODE_MADE>> {
  const { organisation, organisations } = options;
  if (organisation !== undefined && organisations !== undefined) {
    throw wrong(
      '--organisation',
      'give either --organisation, for a node of one organisation, or --organisations',
    );
  }
  if (options.on !== undefined && organisations !== undefined) {
    throw wrong('--on', 'give it with --organisation: each organisation has a folder of its own');
  }
  if (options.channel !== undefined && options.on === undefined) {
    throw wrong('--channel', 'give it together with --on');
  }
  const ports = await machinePorts();
  const host = options.on === undefined ? undefined : await readChannelHost(options.on, ports);
  requireBeside(resolve(options.data), host?.folder);
  const terms = termsOf(terminal, options);
  if (options.organisation !== undefined) requireFounders(options);
  terminal.changing();
  const folder = await openOrCreate(terminal, options, ports);
  try {
    const [home, ...others] = folder.homes;
    const single = home !== undefined && others.length === 0 && organisations === undefined;
    if (single) requireFounders(options);
    await writeSettings(folder, host);
    if (!single && host !== undefined) {
      throw wrong(
        '--on',
        `it needs a folder of one organisation: ${folder.files.path} has several`,
      );
    }
    const done = single
      ? await exchangeFiles(terminal, folder, { options, terms, ports, host })
      : { network: await foundAlone(folder, ports, terms) };
    return await answerOf(folder, options, done);
  } finally {
    await folder.close();
  }
}

/** Terms that the founder decides on, shown and asked about. */
function termsOf(terminal: Terminal, options: InitOptions): FoundingTerms {
  const { faulty, writes, views, longestRight, delay, claimTerm, maxLedgerAge } = options;
  const { categories, controlledMedicines, copies, channel, unguarded } = options;
  return {
    faulty,
    longestRight,
    delay,
    maxLedgerAge,
    claims: { ...(claimTerm !== undefined && { term: claimTerm }) },
    categories,
    controlledMedicines,
    copies,
    ...channelNumbersOf(options),
    channel,
    thresholds: {
      ...(writes !== undefined && { writes }),
      ...(views !== undefined && { views }),
    },
    unguarded,
    async agree(founding, isGuarded) {
      if (!isGuarded) noteUnguarded(terminal);
      await terminal.confirm(describeFounding(founding, isGuarded), 'Found this network?');
    },
  };
}

/** Refuses terms at a node of one organisation that does not found the network: they would have no effect. */
function requireFounders(options: InitOptions): void {
  if (options.found === true) return;
  const named = FOUNDING_TERMS.map((term) => term.make()).find(
    (term) => options[term.attributeName() as keyof InitOptions] !== undefined,
  );
  if (named !== undefined)
    throw wrong(named.long ?? '', 'only the founder may give it, with --found');
}

async function openOrCreate(
  terminal: Terminal,
  options: InitOptions,
  ports: NodePorts,
): Promise<NodeFolder> {
  const path = resolve(options.data);
  const { organisation, organisations, demo = false, plainKeys = demo } = options;
  const wanted = organisation === undefined ? organisations : [organisation];
  const askPassphrase = async (): Promise<string> => await nodePassphrase(terminal, options);
  const { pkcs11 } = await readConfiguration({ folder: path, environment: process.env });
  const token = (): PkcsToken | undefined => openToken(path, pkcs11, ports);
  const folder = await openNodeFolder(path, { ports, askPassphrase, token: token() }).catch(
    async (error: unknown) => {
      if (!isMedsealError(error, 'NODE_ABSENT')) throw error;
      const file = await nodePassphraseFile(options);
      const create = {
        demo,
        hosts: wanted ?? DEFAULT_ORGANISATIONS,
        ...(!plainKeys && { passphrase: await readNewPassphrase(terminal, 'this node', file) }),
        ...terminal.passphrases,
      };
      return await openNodeFolder(path, { ports, create, token: token() });
    },
  );
  const found = folder.homes.map((home) => home.organisation);
  // A demonstration of one process has no files to exchange.
  const isOther =
    (wanted !== undefined && wanted.join() !== found.join()) || (demo && found.length > 1);
  if (folder.demo !== demo || isOther) {
    await folder.close();
    const kind = folder.demo ? 'a demonstration' : 'not a demonstration';
    const what = folder.demo === demo ? `of ${found.join(', ')}` : kind;
    throw new MedsealError('FOLDER_FOREIGN', { path, what: `it is ${what}` });
  }
  return folder;
}

/** Steps of a founding by files that were done. */
interface Done {
  readonly network?: NetworkFile;
  /** The terms that the organisations deal for, while the network file is not complete, and who has yet to do what. */
  readonly dealing?: { readonly terms: NetworkFile; readonly missing: string };
  /** The folder that files are exchanged in. */
  readonly exchange?: string;
}

async function exchangeFiles(
  terminal: Terminal,
  folder: NodeFolder,
  {
    options,
    terms,
    ports,
    host,
  }: {
    readonly options: InitOptions;
    readonly terms: FoundingTerms;
    readonly ports: NodePorts;
    readonly host: ChannelHost | undefined;
  },
): Promise<Done> {
  const [home] = folder.homes;
  const exchange = resolve(options.exchange ?? join(options.data, 'exchange'));
  if (home === undefined) return { exchange };
  const engine = openEngine(options.engine);
  const { url, found = false } = options;
  if (host !== undefined && options.exchange === undefined && url === undefined && !found) {
    const known = await readNewestNetwork(folder.files, ports);
    if (known !== undefined) return await noteAgain(host, folder, { network: known, ports });
  }
  if (options.url !== undefined) {
    const validator = await validatorOf(folder, options.validator);
    const proxied = { isProxied: options.proxy, validator };
    await writeIdentity(folder, addressOf(options.url), exchange, ports, proxied);
    // One that joins by a change of the channel takes no network file here.
    await noteIn(host, folder);
  } else if (options.proxy === true) {
    throw wrong('--proxy', 'give it together with --url');
  }
  const on = host?.network;
  const files = await openSharedFolder(exchange);
  if (options.found === true) {
    const done = await whileDealing(
      folder,
      foundFromFiles(folder, exchange, ports, { ...terms, engine, on }),
    );
    const named = done.network ?? done.dealing?.terms;
    if (named !== undefined) await writeAccounts(files, named);
    await noteIn(host, folder);
    return { exchange, ...done };
  }
  const sizes = await Promise.all(
    ['network.json', TERMS_NAME].map(async (name) => await files.size(name)),
  );
  const isEarly = sizes.every((size) => size === undefined);
  if (isEarly && options.url !== undefined) return { exchange };
  const agree: Agree = async (network, isTerms, hasDealt) => {
    if (!isTerms && !isGuarded(network)) noteUnguarded(terminal);
    const fingerprint = fingerprintOf(ports.primitives, network);
    const lines = describeNetwork(network, fingerprint, isTerms);
    await terminal.confirm([...lines, ...(hasDealt ? DEALT_BEFORE : [])], 'Join this network?');
  };
  const joining = joinFromFiles(folder, exchange, ports, { agree, engine, on });
  const done = await whileDealing(folder, joining);
  await noteIn(host, folder);
  return { exchange, ...done };
}

/** The network file, or what the node dealt for if deals of others are missing. */
async function whileDealing(
  { files }: NodeFolder,
  founding: Promise<NetworkFile>,
): Promise<Pick<Done, 'network' | 'dealing'>> {
  try {
    return { network: await founding };
  } catch (error) {
    if (!isMedsealError(error, 'DEALS_MISSING')) throw error;
    const own = await readOwnTerms(files);
    if (own === undefined) throw error;
    return { dealing: { terms: own.network, missing: error.values.missing } };
  }
}

/** Notes the folder of a channel's node that was moved, or restored elsewhere. */
async function noteAgain(
  host: ChannelHost,
  folder: NodeFolder,
  { network, ports }: Required<Pick<Done, 'network'>> & { readonly ports: NodePorts },
): Promise<Done> {
  if (network.ledger.of?.network !== ledgerOn(ports.primitives, host.network).of?.network) {
    throw wrong('--on', 'the node in the folder uses the ledger of another network');
  }
  await noteIn(host, folder);
  return { network };
}

/**
 * Refuses a folder within that of the first node: what copies, backs up or examines that one would take the databases of
 * another node, which runs, for its own files.
 */
function requireBeside(data: string, host: string | undefined): void {
  if (host === undefined) return;
  const way = relative(host, data);
  if (way.startsWith('..') || isAbsolute(way)) return;
  throw wrong('--data', `it must lie beside the folder of the first node, ${host}, not in it`);
}

/** Notes the folder of a channel's node in that of the first one, if it is on this machine. */
async function noteIn(host: ChannelHost | undefined, { files }: NodeFolder): Promise<void> {
  if (host?.folder !== undefined) await noteChannel(await openFolder(host.folder), files.path);
}

/** The validator that the node is to have; its keys are made the first time. */
async function validatorOf(
  folder: NodeFolder,
  address: string | undefined,
): Promise<IdentityValidator | undefined> {
  if (address === undefined) return undefined;
  if (!VALIDATOR_ADDRESS.test(address)) throw wrong('--validator', 'it must be host:port');
  const settings = await readConfiguration({
    folder: folder.files.path,
    environment: process.env,
  });
  const { key, node } = await folder.validatorKeys(settings.validator);
  return { key, node, address };
}

/** The settings of a new node; that of a further channel finds the ledger where the first node has it. */
async function writeSettings({ files }: NodeFolder, host?: ChannelHost): Promise<void> {
  await writeJsonFile(files, 'medseal.schema.json', configurationSchema());
  if ((await files.size(CONFIGURATION_FILE)) !== undefined) return;
  await writeJsonFile(files, CONFIGURATION_FILE, {
    $schema: './medseal.schema.json',
    ...(host?.url !== undefined && { ledger: { url: host.url } }),
  });
}

async function answerOf(
  folder: NodeFolder,
  options: InitOptions,
  done: Done,
): Promise<AnswerOf<typeof NODE_MADE>> {
  const { network, dealing, exchange } = done;
  const organisations = folder.homes.map((home) => home.organisation);
  const locked = await areKeysLocked(folder.files);
  const { primitives } = await machinePorts();
  const fingerprint = network && fingerprintOf(primitives, network);
  const terms = dealing && fingerprintOf(primitives, dealing.terms);
  const keys = locked
    ? 'Its keys are encrypted under the passphrase: if you lose it, you lose them.'
    : 'Its keys are not encrypted, in files of mode 0600: guard the disk, and every copy of it.';
  const lines = [`The node of ${organisations.join(', ')} is in ${folder.files.path}.`, keys];
  if (dealing !== undefined) {
    lines.push(...describeDealing(dealing, terms ?? '', { exchange, organisations, options }));
  } else if (fingerprint === undefined) {
    const file = `${organisations[0]}.identity.json`;
    lines.push(
      `Next: give ${join(exchange ?? '', file)} to the founder. With everyone’s files in one folder, the founder runs`,
      `  ${calledAs('init --found --exchange <folder>')}`,
      `and gives ${TERMS_NAME} and all identity files back. Then run here`,
      `  ${calledAs('init --exchange <folder>')}`,
    );
  } else {
    lines.push(
      `The fingerprint of its network is ${fingerprint}.`,
      ...(exchange === undefined
        ? []
        : [
            'Compare it with the other organisations, by telephone or on paper, before you run the node.',
          ]),
      ...(network === undefined ? [] : describeAccounts(network, exchange)),
      `Next: ${calledAs(`up --data ${options.data}`)}`,
    );
  }
  return {
    value: {
      folder: folder.files.path,
      organisations,
      locked,
      ...(exchange !== undefined && { exchange }),
      ...(network && { networkId: network.networkId, fingerprint, guarded: isGuarded(network) }),
      ...(dealing && { terms, missing: dealing.missing }),
    },
    lines,
  };
}

/** The next steps with the files, while organisations deal the release key. */
function describeDealing(
  { terms, missing }: NonNullable<Done['dealing']>,
  fingerprint: string,
  {
    exchange = '',
    organisations: [organisation = ''],
    options,
  }: {
    readonly exchange: string | undefined;
    readonly organisations: readonly Organisation[];
    readonly options: InitOptions;
  },
): readonly string[] {
  const isFounder = founderOf(terms) === organisation;
  return [
    `The fingerprint of its terms is ${fingerprint}.`,
    'Compare it with the other organisations, by telephone or on paper, before you run the node.',
    ...describeAccounts(terms, exchange),
    `Its release key is being dealt: ${missing}.`,
    ...(isFounder
      ? [
          `Next: give ${join(exchange, TERMS_NAME)} and all identity files to the others. Each runs`,
          `  ${calledAs('init --exchange <folder>')}`,
          'and gives its deal back. With the deals in that folder, run here',
        ]
      : [`Next: give ${join(exchange, dealName(organisation))} to the founder, and run here`]),
    `  ${calledAs(`up --data ${options.data}`)}`,
    'It waits for the files that are missing.',
  ];
}

function describeAccounts(network: NetworkFile, exchange: string | undefined): readonly string[] {
  if (network.ledger.of === undefined || exchange === undefined) return [];
  return [
    'A quorum of the authority of the network whose ledger it uses must admit its accounts:',
    `  ${calledAs(`channel admit ${join(exchange, ACCOUNTS)}`)}`,
  ];
}

function addressOf(url: string): string {
  const address = url.replace(/\/$/, '');
  if (isNodeUrl(address)) return address;
  throw wrong('--url', 'it must be an address such as https://medseal.hospital.example');
}

function wrong(argument: string, reason: string): MedsealError {
  return new MedsealError('ARGUMENT_INVALID', { argument, reason });
}
