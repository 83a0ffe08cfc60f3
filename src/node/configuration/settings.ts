import { DEFAULT_REQUEST_LIMITS } from '../../http/limits/RequestLimits.ts';
import { DEFAULT_POLICY } from '../../services/administrator/createCheckpointer.ts';
import { DEFAULT_QUOTAS } from '../../services/agent/Quotas.ts';
import { PUBLIC_PUSH_SERVICES, PUSH_SERVICE } from '../push/pushServices.ts';
import { POSTGRES_URL } from '../../database/postgres/PostgresAddress.ts';
import { STORE } from '../../vault/StoreSettings.ts';
import { NODE_URL } from '../../protocol/wire/isNodeUrl.ts';
import type { Fragment } from './Fragment.ts';

/** A setting, for parser, schema and documentation alike. */
export interface Setting {
  /** Its place in the configuration, such as `listen.port`. */
  readonly key: string;
  /** Description for people, in a line. */
  readonly about: string;
  readonly fragment: Fragment;
  /** Example, if the value is a text. */
  readonly like?: string;
  /** Default; there is no default if absent. */
  readonly otherwise?: unknown;
}

const PORT: Fragment = { type: 'integer', minimum: 0, maximum: 65_535 };
const HOST: Fragment = { type: 'string', pattern: '^[A-Za-z0-9:.\\-]{1,253}$' };
const BYTE = '(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)';
const IPV4_NETWORK = `(?:${BYTE}\\.){3}${BYTE}(?:/(?:3[0-2]|[12]?\\d))?`;
const IPV6_NETWORK = '(?=[^:]*:[^:]*:)[0-9A-Fa-f:]{2,39}(?:/(?:12[0-8]|1[01]\\d|[1-9]?\\d))?';
const NETWORK: Fragment = { type: 'string', pattern: `^(?:${IPV4_NETWORK}|${IPV6_NETWORK})$` };
const URL_TEXT: Fragment = { type: 'string', pattern: NODE_URL };
const PEER: Fragment = {
  type: 'string',
  pattern: '^[0-9a-f]{40}(?:@[A-Za-z0-9:.\\[\\]\\-]{1,253}:[0-9]{1,5})?$',
};
const ORGANISATION = { pattern: '^[a-z0-9\\-]{1,31}$' };
const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];

function count(minimum: number, maximum: number): Fragment {
  return { type: 'integer', minimum, maximum };
}

function setting(
  key: string,
  fragment: Fragment,
  otherwise: unknown,
  about: string,
  like?: string,
): Setting {
  return {
    key,
    about,
    fragment,
    ...(like !== undefined && { like }),
    ...(otherwise !== undefined && { otherwise }),
  };
}

/** Limits of callers at one endpoint; one address gets at most an eighth of what all share. */
const doorLimits: readonly Setting[] = (
  [
    [
      'requestsPerSecond',
      1,
      1_000_000,
      'maximum number of requests per second from one address, on average',
    ],
    ['burst', 1, 1_000_000, 'maximum number of requests that one address may send at once'],
    ['connections', 8, 1_000_000, 'maximum number of connections to one endpoint at once'],
    ['requests', 1, 100_000, 'maximum number of requests processed at once'],
    ['files', 1, 100_000, 'maximum number of sealed files sent or received at once'],
    ['ledgerReads', 1, 100_000, 'maximum number of calls that read the ledger processed at once'],
    [
      'questions',
      1,
      100_000,
      'maximum number of questions of anybody passed on to other organisations at once',
    ],
    ['waiting', 0, 100_000, 'maximum number of requests that wait for one of these to end'],
    ['patience', 1, 600_000, 'longest wait of one of them, in milliseconds'],
    ['bodyBytes', 1024, 2 ** 30, 'largest JSON body, in bytes'],
    ['bodiesBytes', 1024, 2 ** 40, 'maximum bytes of all JSON bodies in memory at once'],
    ['bodyTime', 1, 3_600_000, 'milliseconds within which a JSON body must arrive'],
    ['leastRate', 1, 2 ** 30, 'lowest rate at which a body may arrive, in bytes per second'],
    ['pause', 1, 3_600_000, 'milliseconds that a body may fall behind that rate, or be silent'],
  ] as const
).map(([name, least, most, about]) =>
  setting(`limits.${name}`, count(least, most), DEFAULT_REQUEST_LIMITS[name], about),
);

/** All settings. */
export const settings: readonly Setting[] = [
  setting(
    'listen.host',
    HOST,
    '127.0.0.1',
    'address on which the node listens for parties; loopback, unless a proxy that terminates TLS is in front',
    '127.0.0.1',
  ),
  setting(
    'listen.port',
    PORT,
    8480,
    'port on which the node listens for parties; 0: any free port',
  ),
  setting(
    'listen.names',
    { type: 'array', items: HOST, maxItems: 64 },
    [],
    'host names that requests may give, besides this machine’s own',
    'medseal.hospital.example',
  ),
  setting(
    'listen.origins',
    {
      type: 'array',
      items: { type: 'string', pattern: '^https?://[^\\s/?#@]{1,253}$' },
      maxItems: 64,
    },
    [],
    'origins of web pages that may call the agents',
    'https://portal.hospital.example',
  ),
  setting(
    'listen.proxies',
    { type: 'array', items: NETWORK, maxItems: 64 },
    [],
    'addresses or networks of proxies in front; X-Forwarded-For is trusted from these alone',
    '127.0.0.1',
  ),
  setting(
    'portal.serve',
    { enum: ['always', 'never'] },
    'always',
    'always: serve the portal, a web page for people, to parties at `/<organisation>/portal/`',
    'never',
  ),
  setting(
    'push.services',
    { type: 'array', items: { type: 'string', pattern: PUSH_SERVICE }, maxItems: 32 },
    PUBLIC_PUSH_SERVICES,
    'push services of browsers that the node calls for parties who want to be told of news; none: it tells nobody',
    'updates.push.services.mozilla.com',
  ),
  setting(
    'push.contact',
    { type: 'string', pattern: '^(?:mailto:[!-~]{3,250}|https://[!-~]{3,250})$' },
    undefined,
    'address at which a push service reaches the operator; that of Safari calls for one',
    'mailto:operator@hospital.example',
  ),
  setting(
    'peers.host',
    HOST,
    '127.0.0.1',
    'address on which the node listens for other organisations; it speaks TLS there if the network file pins keys',
    '127.0.0.1',
  ),
  setting(
    'peers.port',
    PORT,
    8481,
    'port on which the node listens for other organisations; 0: any free port',
  ),
  setting(
    'peers.proxies',
    { type: 'array', items: NETWORK, maxItems: 64 },
    [],
    'addresses or networks of proxies in front of that port; they may hold more than an eighth of all connections',
    '127.0.0.1',
  ),
  setting(
    'peers.urls',
    { type: 'object', propertyNames: ORGANISATION, additionalProperties: URL_TEXT },
    {},
    'URLs of other organisations, by name, that differ from those given when the network was founded',
    'https://medseal.laboratory.example',
  ),
  setting(
    'peers.timeout',
    count(1, 600),
    10,
    'seconds that a call to another organisation may take; three times as long if that one must copy something first, and twelve times for a read of its ledger, which asks for many blocks',
  ),
  setting(
    'ledger.port',
    PORT,
    8545,
    'port of JSON-RPC for tools on this machine, if the ledger is in this folder; 0: any free port',
  ),
  setting(
    'ledger.serve',
    { enum: ['own', 'always'] },
    'own',
    'always: serve that port also if another organisation has the ledger, for a node of this organisation in a further channel',
    'always',
  ),
  setting(
    'ledger.reads',
    { enum: ['nobody', 'anyone'] },
    'nobody',
    'anyone: whoever reaches the agent may read blocks and transactions of the ledger there, as the portal’s explorer does',
    'anyone',
  ),
  setting(
    'ledger.url',
    URL_TEXT,
    undefined,
    'JSON-RPC URL of the ledger, if it is not at the organisation that founded the network; with validators, that of the organisation’s own, if it is run elsewhere; one on another machine is verified',
    'https://rpc.example',
  ),
  setting(
    'validator.host',
    HOST,
    '0.0.0.0',
    'address on which the organisation’s validator listens for the others; they encrypt and sign what they say, and need no proxy',
    '0.0.0.0',
  ),
  setting(
    'validator.port',
    count(1, 65_535),
    26_656,
    'port on which the validator listens for the others',
  ),
  setting(
    'validator.peers',
    { type: 'array', items: PEER, maxItems: 256 },
    [],
    'nodes that may connect to the validator besides those of the founders’ validators: each is an id, with an address if the validator is to connect to it',
    '0123456789abcdef0123456789abcdef01234567@ledger.pharmacy.example:26656',
  ),
  setting(
    'validator.rpcPort',
    count(1, 65_535),
    8546,
    'port of the validator’s JSON-RPC, for this node and for tools on this machine',
  ),
  setting(
    'validator.blocksPort',
    count(1, 65_535),
    26_657,
    'port on this machine from which the validator’s blocks and their signatures are read',
  ),
  setting(
    'validator.metricsPort',
    count(1, 65_535),
    undefined,
    'port on this machine at which the validator’s engine serves metrics of its own for Prometheus; without it, it serves none',
  ),
  setting(
    'validator.blockTime',
    count(1, 60_000),
    300,
    'milliseconds that a block waits for more transactions',
  ),
  setting(
    'validator.idleBlockTime',
    count(1, 60_000),
    10_000,
    'milliseconds that a block waits for its first transaction, if the last one had none',
  ),
  setting(
    'validator.snapshotEvery',
    count(0, 1_000_000),
    0,
    'blocks after which the validator makes a snapshot of the state, with which validators that join late begin; the newest two are kept; 0: none',
  ),
  setting(
    'validator.begin',
    { enum: ['snapshot', 'blocks'] },
    'snapshot',
    'snapshot: a validator that joins later begins with a snapshot of another organisation, if any offers one, and reads older blocks there; blocks: it fetches and keeps all',
    'blocks',
  ),
  setting(
    'validator.keepBlocks',
    count(10_000, 10 ** 12),
    undefined,
    'number of newest blocks that the validator keeps, besides all of the last 22 days, as long as k other organisations keep all; without it, it keeps all',
  ),
  setting(
    'validator.program',
    { type: 'string', pattern: '^[^\\s]{0,252}[^\\s/]$' },
    'medseal-engine',
    'program of the validator’s engine: its path, or its name if the system finds it',
    'medseal-engine',
  ),
  setting(
    'validator.privValidatorLaddr',
    {
      type: 'string',
      pattern: '^(?:tcp://[A-Za-z0-9:.\\[\\]\\-]{1,253}:[0-9]{1,5}|unix:///[^\\s]{1,100})$',
    },
    undefined,
    'address at which a remote signer connects that has the key of the validator, as CometBFT’s `priv_validator_laddr`; without it, the key is in the node’s folder',
    'tcp://127.0.0.1:26659',
  ),
  setting(
    'validator.signerKey',
    { type: 'string', pattern: '^0x[0-9a-f]{64}$' },
    undefined,
    'public Ed25519 key of the remote signer; `validator.privValidatorLaddr` needs it',
    '0x5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a',
  ),
  setting(
    'pkcs11.module',
    { type: 'string', pattern: '^/[^\\s]{1,511}$' },
    undefined,
    'PKCS#11 module of a token that has the keys which the organisation signs with, by its path; `pkcs11.token` and `pkcs11.pin` belong to it; without it, these keys are in the node’s folder',
    '/usr/lib/softhsm/libsofthsm2.so',
  ),
  setting(
    'pkcs11.token',
    { type: 'string', pattern: '^[A-Za-z0-9._-](?:[A-Za-z0-9 ._-]{0,30}[A-Za-z0-9._-])?$' },
    undefined,
    'label of the token',
    'hospital',
  ),
  setting(
    'pkcs11.pin',
    { type: 'string', pattern: '^[A-Za-z0-9._~/:@-]{2,512}$' },
    undefined,
    'file with the PIN of the token, which nobody else may read',
    '/run/secrets/pin',
  ),
  setting(
    'pkcs11.label',
    { type: 'string', pattern: '^[A-Za-z0-9._-]{1,64}$' },
    'medseal',
    'first part of the labels of keys in the token; the organisation and the name of the key follow, as in `medseal-hospital-coordinator`',
    'medseal',
  ),
  setting(
    'pkcs11.program',
    { type: 'string', pattern: '^[^\\s]{0,252}[^\\s/]$' },
    'medseal-pkcs11',
    'program that speaks to the module: its path, or its name if the system finds it',
    'medseal-pkcs11',
  ),
  setting(
    'operate.host',
    HOST,
    '127.0.0.1',
    'address on which the node serves health and metrics',
    '127.0.0.1',
  ),
  setting(
    'operate.port',
    PORT,
    9480,
    'port on which the node serves health and metrics; 0: any free port',
  ),
  setting(
    'operate.names',
    { type: 'array', items: HOST, maxItems: 64 },
    [],
    'host names that requests for health and metrics may give, besides this machine’s own',
    'node.hospital.example',
  ),
  setting(
    'checkpoints.maxEntries',
    count(1, 65_536),
    DEFAULT_POLICY.maxEntries,
    'number of entries after which a log is checkpointed',
  ),
  setting(
    'checkpoints.maxBytes',
    count(1024, 2 ** 30),
    DEFAULT_POLICY.maxBytes,
    'bytes of bodies after which a log is checkpointed',
  ),
  setting(
    'checkpoints.maxDelay',
    // Coordinators promise that an entry has its checkpoint within a minute.
    count(0, 30_000),
    DEFAULT_POLICY.maxDelay,
    'milliseconds between two moments at which a log with further entries is checkpointed; it is sooner if somebody waits for one',
  ),
  setting(
    'quotas.refusals',
    count(0, 100_000),
    DEFAULT_QUOTAS.refusals,
    'maximum number of refusals of one party per minute that become entries of their own',
  ),
  setting(
    'quotas.leasedBytes',
    count(0, 2 ** 50),
    DEFAULT_QUOTAS.leasedBytes,
    'maximum bytes of one party’s sealed files that no entry names yet',
  ),
  setting(
    'quotas.leasedFiles',
    count(0, 1_000_000),
    DEFAULT_QUOTAS.leasedFiles,
    'maximum number of one party’s sealed files that no entry names yet',
  ),
  setting(
    'quotas.arrivingFiles',
    count(0, 1_000_000),
    DEFAULT_QUOTAS.arrivingFiles,
    'maximum number of sealed files that one party may send at once, from all its addresses together',
  ),
  setting(
    'quotas.vitalRecords',
    count(0, 100_000),
    DEFAULT_QUOTAS.vitalRecords,
    'maximum number of births, deaths and wills of one party per minute that cost a transaction',
  ),
  setting(
    'quotas.releases',
    count(0, 10_000_000),
    DEFAULT_QUOTAS.releases,
    'maximum number of views per minute for which one party gets shares of a release key: at its node, and again at each coordinator',
  ),
  setting('limits.fileBytes', count(1, 2 ** 50), 8 * 2 ** 30, 'largest sealed file, in bytes'),
  ...doorLimits,
  setting(
    'vault.store',
    { type: 'string', pattern: STORE },
    'folder',
    'place of sealed files over 16 KiB: `folder`, `s3:` and a bucket’s URL, or `ipfs:` and the URL of a Kubo node',
    's3:https://objects.example.org/medseal',
  ),
  setting(
    'vault.region',
    { type: 'string', pattern: '^[a-z0-9-]{1,63}$' },
    'us-east-1',
    'region of the bucket',
    'eu-central-1',
  ),
  setting(
    'vault.credentials',
    { type: 'string', pattern: '^[A-Za-z0-9._~/:@-]{2,512}$' },
    undefined,
    'file with `aws_access_key_id` and `aws_secret_access_key`; without it, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY of the environment',
    '/run/secrets/objects',
  ),
  setting(
    'database.url',
    { type: 'string', pattern: POSTGRES_URL },
    undefined,
    'PostgreSQL database of the organisation’s stores, without a password; without it, they are in the folder',
    'postgres://medseal@db.example.org/medseal?sslrootcert=/etc/medseal/ca.pem',
  ),
  setting(
    'database.password',
    { type: 'string', pattern: '^[A-Za-z0-9._~/:@-]{2,512}$' },
    undefined,
    'file with the password for `database.url`, which nobody else may read; without it, PGPASSFILE or ~/.pgpass',
    '/run/secrets/database',
  ),
  setting(
    'database.secrets',
    { type: 'string', pattern: '^/[A-Za-z0-9._~/:@-]{1,511}$' },
    undefined,
    'folder on a file system that all machines of the organisation share, for the secrets of bodies; `--standby` needs it; without it, they are in the node’s folder',
    '/srv/medseal/secrets',
  ),
  setting(
    'database.lease',
    count(2, 60),
    10,
    'seconds that the writer may stand still before its session ends and a standby takes over',
  ),
  setting(
    'disk.reserve',
    count(0, 2 ** 50),
    2 ** 28,
    'bytes of the disk kept in reserve: the node accepts nothing new while fewer are free',
  ),
  setting(
    'authority.accepts',
    { enum: ['approved', 'everyone'] },
    'approved',
    'applications that this organisation’s member of the authority signs: those of approved parties, or all',
  ),
  setting('log.level', { enum: LEVELS }, 'info', 'lowest level that is logged'),
  setting(
    'log.format',
    { enum: ['json', 'pretty'] },
    'json',
    'format of the log: JSON lines for programs, or lines for people',
  ),
  setting(
    'stop.timeout',
    count(1, 600),
    10,
    'seconds that requests under way have to end at a stop',
  ),
];

/** The name of a setting in the environment, such as `MEDSEAL_LISTEN_PORT`. */
export function environmentName(key: string): string {
  const words = key.replaceAll('.', '_').replaceAll(/[A-Z]/g, (letter) => `_${letter}`);
  return `MEDSEAL_${words.toUpperCase()}`;
}
