import { collect } from '../program/sharedOptions.ts';
import { option } from '../program/VerbOption.ts';

/** One log of a network. */
export const LOG_OPTION = option(
  '--log <name>',
  'take this log alone, such as care/hospital (default: all logs)',
);

/** A ledger beside the nodes. */
export const RPC_OPTION = option(
  '--rpc <url>',
  'also ask this ledger, over JSON-RPC; one that validators hold is verified, not believed',
);

/** Options of `medseal verify`. */
export const VERIFY_FILES = [
  option('--record <file>', 'verify that the receipt names this sealed file'),
  RPC_OPTION,
  option(
    '--url <url>',
    'with --rpc: also ask these nodes if promises were kept; repeatable, as <organisation>=<url>',
  ).argParser(collect),
  option('--keep <folder>', 'with --url: save proof of misbehaviour in this folder'),
  option('--offline', 'verify the files alone: ask no node and no ledger'),
];

/** Options of `medseal verify log`. */
export const VERIFY_LOG = [LOG_OPTION, RPC_OPTION];

/** Options of `medseal verify chain`. */
export const VERIFY_CHAIN = [
  RPC_OPTION,
  option(
    '--records <folder>',
    'verify that the sealed files in this folder were made for the record versions that name them',
  ),
  option('--keep <file>', 'save the chain in this file, to verify it again later'),
  option('--offline', 'verify the file alone: ask no node and no ledger'),
];

/** Options of `medseal verify node`. */
export const VERIFY_NODE = [
  option('--data <folder>', 'verify this folder').default('.medseal'),
  option('--network <file>', 'trust this network file (default: the one in the folder)'),
  option(
    '--config <file>',
    'reach stores at servers as this configuration says; without it, those that the folder names are not called',
  ),
];

/** Options of `medseal verify network`. */
export const VERIFY_NETWORK = [
  option('--fingerprint <hash>', 'compare with this fingerprint, which someone you trust told you'),
  option(
    '--url <url>',
    'also ask these nodes, such as http://127.0.0.1:8480; repeatable, as <organisation>=<url>',
  ).argParser(collect),
  RPC_OPTION,
];

/** Options of `medseal verify portal`. */
export const VERIFY_PORTAL = [
  option(
    '--sha256 <hash>',
    'compare with this hash of the page, which someone you trust told you (default: this package’s)',
  ),
];

/** Options of `medseal verify origin`. */
export const VERIFY_ORIGIN = [
  option(
    '--file <file>',
    'also verify this file, which the record tells of; repeat it for each',
  ).argParser(collect),
];
