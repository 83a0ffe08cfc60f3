import { access } from 'node:fs/promises';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { refuseBackup } from '../../backup/refuseBackup.ts';
import { readNodes } from '../../node/founding/ceremony.ts';
import { readOwnTerms } from '../../node/founding/termsFiles.ts';
import type { Configuration } from '../../node/configuration/Configuration.ts';
import { readFolderFile } from '../../folder/FolderFile.ts';
import { askStores, type AskedFolder } from '../../folder/askStores.ts';
import type { Files } from '../../folder/Files.ts';
import { readJsonFile } from '../../folder/jsonFiles.ts';
import { areKeysLocked, openKeyGuard, plainKeys, type KeyGuard } from '../../folder/keyGuard.ts';
import { isCurveNative } from '../../native/nativePrimitives.ts';
import { migrations } from '../../node/migrations.ts';
import { migrationsDue } from '../../folder/migrateFolder.ts';
import { founderOf } from '../../protocol/network/networkLookups.ts';
import type { Channel, NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { parseNetworkFile } from '../../protocol/network/parseNetworkFile.ts';
import { openFolder } from '../../folder/openFolder.ts';
import { machinePorts } from '../../folder/NodePorts.ts';
import { faultsOfShares } from '../../fsck/faultsOfShares.ts';
import { readSuccession } from '../../node/succession/readSuccession.ts';
import { openToken } from '../../node/token/openToken.ts';
import { seconds } from '../../protocol/Clock.ts';
import type { Organisation } from '../../protocol/ids.ts';
import { readPassphrase, type PassphraseOptions } from '../home/readPassphrase.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { describeBlocks } from './describeBlocks.ts';
import { describePromises } from './describePromises.ts';
import { nodePassphraseFile } from './nodePassphrase.ts';
import type { NODE_CHECKED, NODE_REFUSED } from './nodeAnswers.ts';

const PORTABLE =
  'There is no native build of secp256k1 for this machine: the node computes with its keys and shares in JavaScript, ten times as slowly, and the time that it takes tells something of them.';

/**
 * Checks that a node can be run as it is configured, without running it, also while it runs.
 *
 * @param terminal - Not asked: a passphrase is checked where it is in a file.
 * @param data - The folder.
 * @param configuration - Settings of the node; they were read, so they are sound in themselves.
 * @param options - `passphraseFile`, if it was named.
 * @throws MedsealError that says what is wrong.
 */
export async function checkNode(
  terminal: Terminal,
  data: string,
  configuration: Configuration,
  options: PassphraseOptions,
): Promise<AnswerOf<typeof NODE_CHECKED> | AnswerOf<typeof NODE_REFUSED>> {
  await access(data).catch((cause: unknown) => {
    throw new MedsealError('NODE_ABSENT', { path: data }, { cause });
  });
  const files = await openFolder(data);
  await refuseBackup(files);
  const asked = await askStores(files);
  const refusal = await refusalOf(files, asked);
  if (refusal !== undefined) return refusedAnswer(data, asked, refusal);
  const due = await migrationsDue(files, migrations);
  const folder = await readFolderFile(files);
  if (folder === undefined && due.length === 0)
    throw new MedsealError('NODE_ABSENT', { path: data });
  const written = await readJsonFile(files, 'network.json');
  const terms = written === undefined ? await readOwnTerms(files) : undefined;
  if (written === undefined && terms === undefined) {
    throw new MedsealError('NETWORK_ABSENT', { path: data });
  }
  const network = terms?.network ?? parseNetworkFile(written);
  const hosts = folder?.hosts ?? [];
  const nodes = terms?.network.founders?.flatMap(({ organisation, url }) =>
    url === undefined ? [] : [[organisation, url] as const],
  );
  const urls = new Map([
    ...(nodes ?? (await readNodes(files))),
    ...Object.entries(configuration.peers.urls),
  ]);
  const known = network.channels.flatMap(({ logs }) =>
    logs.map(({ organisation }) => organisation),
  );
  for (const name of known) {
    if (hosts.includes(name) || urls.has(name) || due.length > 0) continue;
    const reason = `the address of ${name} is missing`;
    throw new MedsealError('CONFIGURATION_INVALID', { key: 'peers.urls', source: data, reason });
  }
  const stranger = Object.keys(configuration.peers.urls).find((name) => !known.includes(name));
  if (stranger !== undefined) {
    const reason = `the network has no organisation ${stranger}`;
    throw new MedsealError('CONFIGURATION_INVALID', { key: 'peers.urls', source: data, reason });
  }
  if (network.ledger.of !== undefined && configuration.ledger.url === undefined) {
    const reason = 'the ledger is that of another network: give the URL of its JSON-RPC';
    throw new MedsealError('CONFIGURATION_INVALID', { key: 'ledger.url', source: data, reason });
  }
  const locked = await areKeysLocked(files);
  const file = await nodePassphraseFile(options);
  const passphrase = locked
    ? file.passphraseFile === undefined
      ? 'not checked'
      : 'right'
    : 'none';
  const guard =
    passphrase === 'right'
      ? await openKeyGuard(files, async () => await readPassphrase(terminal, 'this node', file))
      : passphrase === 'none'
        ? plainKeys
        : undefined;
  const shares = await faultsIn(data, hosts, guard);
  await requireToken(data, configuration);
  const steps = due.map(({ about }) => about);
  const curve = (await isCurveNative()) ? 'native' : 'portable';
  const found = { passphrase, migrations: steps, shares, curve } as const;
  return {
    value: { data, organisations: hosts, configuration, ...asked, ...found },
    lines: [
      `The node in ${data} is ready to run.`,
      `Passphrase of its keys: ${passphrase}.`,
      ...(terms === undefined
        ? []
        : ['Its release key is being dealt: its first run waits for what is missing.']),
      ...network.channels.flatMap((channel) => promisesIn(network, channel, terms !== undefined)),
      ...describeBlocks(network, configuration.validator),
      ...shares.map((fault) => `It will release no keys of records: ${fault}.`),
      ...(curve === 'native' ? [] : [PORTABLE]),
      ...steps.map((about) => `The next run migrates its folder: ${about}.`),
      ...linesOfStores(asked),
    ],
  };
}

/** Requires that the token signs, if the settings name one. */
async function requireToken(data: string, { pkcs11 }: Configuration): Promise<void> {
  const token = openToken(data, pkcs11, await machinePorts());
  await token?.look();
  await token?.close();
  if (token?.fault !== undefined) throw token.fault;
}

/** The error with which a start would refuse the folder for its formats; undefined if it would not. */
async function refusalOf(files: Files, { stores }: AskedFolder): Promise<MedsealError | undefined> {
  try {
    await migrationsDue(files, migrations);
  } catch (error) {
    if (isMedsealError(error, 'FOLDER_NEWER') || isMedsealError(error, 'FOLDER_OLDER'))
      return error;
    throw error;
  }
  const refused = stores.find(({ start }) => start === 'refuses');
  if (refused === undefined) return undefined;
  const { store, path: file, format, present } = refused;
  const { path } = files;
  if (format === undefined) {
    return new MedsealError('FOLDER_FOREIGN', { path, what: `${file} is malformed` });
  }
  if (format > present) {
    return new MedsealError('FOLDER_NEWER', { path, found: format, known: present, store });
  }
  const what = `${file} is of format ${format}, and this version reads format ${present}`;
  return new MedsealError('FOLDER_OLDER', { path, what });
}

function refusedAnswer(
  data: string,
  asked: AskedFolder,
  { code, message }: MedsealError,
): AnswerOf<typeof NODE_REFUSED> {
  return {
    ok: false,
    value: { data, ...asked, refused: code, reason: message },
    lines: [`The node in ${data} cannot start: ${message} [${code}]`, ...linesOfStores(asked)],
  };
}

const STARTS = {
  opens: 'opens',
  migrates: 'is migrated by the next run',
  rebuilds: 'is rebuilt by the next run',
  refuses: 'is refused',
} as const;

function linesOfStores({ version, stores }: AskedFolder): readonly string[] {
  return [
    ...(version === undefined ? [] : [`Medseal ${version} used its folder last. Its stores:`]),
    ...stores.map(({ store, format, start }) => {
      const number = format === undefined ? 'states no format' : `format ${format}`;
      const next = start === undefined ? '' : `, ${STARTS[start]}`;
      return `  ${store.padEnd(16)} ${number}${next}`;
    }),
  ];
}

/** Sentence about the promises of a channel against organisations that lie. */
function promisesIn(network: NetworkFile, channel: Channel, isDealt: boolean): readonly string[] {
  const { coordinators, faulty, thresholds } = channel;
  const { chain, of } = network.ledger;
  const keeper = chain === undefined && of === undefined ? founderOf(network) : undefined;
  const organisations = new Set(coordinators.map(({ organisation }) => organisation)).size;
  const isGuarded = isDealt || channel.release !== undefined;
  const all = describePromises({ organisations, faulty, thresholds, isGuarded, keeper }).join('; ');
  return [`Of ${organisations} organisations ${faulty} may lie (f = ${faulty}): ${all}.`];
}

/** Faults of the shares that the network file in force names; those under a passphrase that is not known need only be there. */
async function faultsIn(
  data: string,
  hosts: readonly Organisation[],
  guard: KeyGuard | undefined,
): Promise<readonly string[]> {
  const ports = await machinePorts();
  const succession = await readSuccession(await openFolder(data), ports);
  const present = succession?.inForce(seconds(ports.clock));
  const faults: string[] = [];
  if (present === undefined) return faults;
  for (const name of hosts) {
    const found = await faultsOfShares({ data, ports, guard }, present, name);
    faults.push(...found.map((each) => each.join(': ')));
  }
  return faults;
}
