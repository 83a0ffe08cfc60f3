import { DEFAULT_REQUEST_LIMITS } from '../http/limits/RequestLimits.ts';
import { DEFAULT_QUOTAS } from '../../services/agent/Quotas.ts';
import { NODE_URL } from '../../protocol/isNodeUrl.ts';
import type { Fragment } from './Fragment.ts';

/** A setting, as parser, schema and documentation know it. */
export interface Setting {
  /** Its place in the configuration, such as `listen.port`. */
  readonly key: string;
  /** What it is, for people, in a line. */
  readonly about: string;
  readonly fragment: Fragment;
  /** What a text of it looks like, if it is one. */
  readonly like?: string;
  /** What holds if nothing is said; nothing if absent. */
  readonly otherwise?: unknown;
}

const PORT: Fragment = { type: 'integer', minimum: 0, maximum: 65_535 };
const HOST: Fragment = { type: 'string', pattern: '^[A-Za-z0-9:.\\-]{1,253}$' };
const BYTE = '(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)';
const IPV4_NETWORK = `(?:${BYTE}\\.){3}${BYTE}(?:/(?:3[0-2]|[12]?\\d))?`;
const IPV6_NETWORK = '(?=[^:]*:[^:]*:)[0-9A-Fa-f:]{2,39}(?:/(?:12[0-8]|1[01]\\d|[1-9]?\\d))?';
const NETWORK: Fragment = { type: 'string', pattern: `^(?:${IPV4_NETWORK}|${IPV6_NETWORK})$` };
const URL_TEXT: Fragment = { type: 'string', pattern: NODE_URL };
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

/** How much of a door its callers can take up, one address an eighth of what is for all. */
const doorLimits: readonly Setting[] = (
  [
    ['requestsPerSecond', 1, 1_000_000, 'requests of one address in a second, on the average'],
    ['burst', 1, 1_000_000, 'requests that one address may send at once'],
    ['connections', 8, 1_000_000, 'connections of one door at once'],
    ['requests', 1, 100_000, 'requests that are worked on at a time'],
    ['files', 1, 100_000, 'sealed files that come or go at a time'],
    ['waiting', 0, 100_000, 'requests that wait for one of these to end'],
    ['patience', 1, 600_000, 'milliseconds that one of them waits at most'],
    ['bodyBytes', 1024, 2 ** 30, 'bytes of one JSON body'],
    ['bodiesBytes', 1024, 2 ** 40, 'bytes of all JSON bodies that are in memory at a time'],
    ['bodyTime', 1, 3_600_000, 'milliseconds in which a JSON body must arrive'],
    ['leastRate', 1, 2 ** 30, 'bytes per second that a body arrives with at least'],
    ['pause', 1, 3_600_000, 'milliseconds that a body may be behind that, or silent'],
  ] as const
).map(([name, least, most, about]) =>
  setting(`limits.${name}`, count(least, most), DEFAULT_REQUEST_LIMITS[name], about),
);

/** Every setting that there is. */
export const settings: readonly Setting[] = [
  setting(
    'listen.host',
    HOST,
    '127.0.0.1',
    'address that parties come in at; another than this machine’s own only behind a proxy that ends TLS',
    '127.0.0.1',
  ),
  setting('listen.port', PORT, 8480, 'port that parties come in at; 0: any free one'),
  setting(
    'listen.names',
    { type: 'array', items: HOST, maxItems: 64 },
    [],
    'names that requests may give as their host, beside this machine’s own',
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
    'addresses or networks of proxies in front, which alone are believed when X-Forwarded-For says who calls',
    '127.0.0.1',
  ),
  setting(
    'peers.host',
    HOST,
    '127.0.0.1',
    'address that other organisations come in at; another than this machine’s own only behind a proxy that ends TLS',
    '127.0.0.1',
  ),
  setting('peers.port', PORT, 8481, 'port that other organisations come in at; 0: any free one'),
  setting(
    'peers.proxies',
    { type: 'array', items: NETWORK, maxItems: 64 },
    [],
    'addresses or networks of proxies in front of that port: their connections may be more than an eighth of all',
    '127.0.0.1',
  ),
  setting(
    'peers.urls',
    { type: 'object', propertyNames: ORGANISATION, additionalProperties: URL_TEXT },
    {},
    'where the other organisations are, by name, if not where they said when the network was founded',
    'https://medseal.laboratory.example',
  ),
  setting(
    'peers.timeout',
    count(1, 600),
    10,
    'seconds that a call to another organisation may take; three times as long where it copies something first',
  ),
  setting(
    'ledger.port',
    PORT,
    8545,
    'port of JSON-RPC for tools of this machine, where the ledger is in this folder; 0: any free one',
  ),
  setting(
    'ledger.url',
    URL_TEXT,
    undefined,
    'JSON-RPC of the ledger, if it is not at the organisation that founded the network',
    'https://rpc.example',
  ),
  setting('operate.host', HOST, '127.0.0.1', 'address of health and metrics', '127.0.0.1'),
  setting('operate.port', PORT, 9480, 'port of health and metrics; 0: any free one'),
  setting(
    'operate.names',
    { type: 'array', items: HOST, maxItems: 64 },
    [],
    'names that requests for health and metrics may give as their host, beside this machine’s own',
    'node.hospital.example',
  ),
  setting(
    'checkpoints.maxEntries',
    count(1, 65_536),
    1024,
    'a log is checkpointed after so many entries',
  ),
  setting(
    'checkpoints.maxBytes',
    count(1024, 2 ** 30),
    4 * 2 ** 20,
    'a log is checkpointed after so many bytes of bodies',
  ),
  setting(
    'checkpoints.maxDelay',
    count(0, 600_000),
    200,
    'a log is checkpointed so many milliseconds after an entry',
  ),
  setting(
    'quotas.refusals',
    count(0, 100_000),
    DEFAULT_QUOTAS.refusals,
    'refusals of one party in a minute that become entries of their own',
  ),
  setting(
    'quotas.leasedBytes',
    count(0, 2 ** 50),
    DEFAULT_QUOTAS.leasedBytes,
    'bytes of sealed files of one party that no entry names yet',
  ),
  setting(
    'quotas.leasedFiles',
    count(0, 1_000_000),
    DEFAULT_QUOTAS.leasedFiles,
    'sealed files of one party that no entry names yet',
  ),
  setting(
    'quotas.arrivingFiles',
    count(0, 1_000_000),
    DEFAULT_QUOTAS.arrivingFiles,
    'sealed files that one party sends at once, from however many addresses',
  ),
  setting(
    'limits.fileBytes',
    count(1, 2 ** 50),
    8 * 2 ** 30,
    'bytes that one sealed file may have',
  ),
  ...doorLimits,
  setting(
    'disk.reserve',
    count(0, 2 ** 50),
    2 ** 28,
    'bytes of the disk that are kept in reserve: while no more are free, nothing new is taken',
  ),
  setting(
    'authority.accepts',
    { enum: ['approved', 'everyone'] },
    'approved',
    'whose applications this organisation’s member of the authority signs: of parties that were approved, or everyone’s',
  ),
  setting('log.level', { enum: LEVELS }, 'info', 'what is logged: everything from this level on'),
  setting(
    'log.format',
    { enum: ['json', 'pretty'] },
    'json',
    'how it is logged: JSON lines for programs, or lines for people',
  ),
  setting(
    'stop.timeout',
    count(1, 600),
    10,
    'seconds in which what is under way may end at a stop',
  ),
];

/** The name of a setting in the environment, such as `MEDSEAL_LISTEN_PORT`. */
export function environmentName(key: string): string {
  const words = key.replaceAll('.', '_').replaceAll(/[A-Z]/g, (letter) => `_${letter}`);
  return `MEDSEAL_${words.toUpperCase()}`;
}
