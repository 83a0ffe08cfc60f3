import { ADDABLE_CONTRACTS } from '../../protocol/network/furtherContracts.ts';
import { CHANNEL_TERMS, data } from '../node/nodeOptions.ts';
import { duration } from '../program/duration.ts';
import { collect, count, someOf, url } from '../program/sharedOptions.ts';
import { option } from '../program/VerbOption.ts';
import { PARAMETER_BOUNDS } from '../../protocol/vocabulary.ts';
import { blockHeight } from '../program/blockHeight.ts';

/** Makes the option that has a folder sign another change than before. */
export const instead = () =>
  option('--instead', 'sign although this folder signed another change in its place');

/** Makes the option that has a folder sign an upgrade of the engine while a validator does not say its program. */
export const unheard = () =>
  option(
    '--unheard <organisation>',
    'change the engine, parameters or codes although this organisation’s validator does not say its program; repeatable',
  ).argParser(collect);

/** Options of `medseal network propose`. */
export const PROPOSE = [
  data(),
  option(
    '--identity <file>',
    'identity file of an organisation that joins or changes; repeatable',
  ).argParser(collect),
  option(
    '--new-keys <organisation>',
    'an organisation in the network whose file has new keys, of its log too; repeatable',
  ).argParser(collect),
  option('--leave <organisation>', 'an organisation that leaves; repeatable').argParser(collect),
  option(
    '--after <time>',
    'how long until it holds (default: a day longer than the ledger’s delay)',
  ).argParser(duration),
  option('--channel <name>', 'the channel, if there are several'),
  option('--authority <number>', 'threshold of the authority').argParser(count),
  ...CHANNEL_TERMS,
  option(
    '--stake <organisation=stake>',
    'the stake of an organisation’s validator; repeatable (default: as it is; joining, as the smallest)',
  ).argParser(collect),
  option(
    '--replace-key <organisation>',
    'the organisation whose identity file has another key of its validator, which takes the place of the present one as soon as the change is published',
  ),
  option(
    '--remove-key <organisation>',
    'take the power to sign blocks from this organisation’s validator as soon as the change is published, signed by all others; it comes back after the ledger’s delay, unless a change of its stake to 0 is published before',
  ),
  option(
    '--release-key <what>',
    'deal shares: of a new release key beside those there are, of those there are again, or of a new one in their place',
  ).choices(['new', 'refresh', 'replace']),
  option(
    '--contract <name>',
    `create a contract that the network lacks, and add it; claims come with settlement, and cannot be without: ${ADDABLE_CONTRACTS.join(', ')}; repeatable`,
  ).argParser(someOf(ADDABLE_CONTRACTS)),
  option(
    '--engine <program>',
    'let the validators go on with another engine from a block: the program’s file, or platform=sha256, as linux/arm64=0x…; repeatable, one for each platform',
  ).argParser(collect),
  option(
    '--block-gas <gas>',
    `the most gas of a block, ${PARAMETER_BOUNDS.blockGas.least} to ${PARAMETER_BOUNDS.blockGas.most}`,
  ).argParser(count),
  option(
    '--absence-window <blocks>',
    `number of the newest blocks over which a validator’s absence is counted, ${PARAMETER_BOUNDS.absenceWindow.least} to ${PARAMETER_BOUNDS.absenceWindow.most}; counting begins at zero`,
  ).argParser(count),
  option(
    '--admit <contract>',
    `from a block on, let a contract be created that the ledger’s first state does not know; claims come with settlement: ${ADDABLE_CONTRACTS.join(', ')}; repeatable`,
  ).argParser(someOf(ADDABLE_CONTRACTS)),
  option(
    '--height <block>',
    'with --engine, --block-gas, --absence-window or --admit, the first block of these, or +number: so many after the newest',
  ).argParser(blockHeight),
  instead(),
  unheard(),
  url(),
  option(
    '--rpc <url>',
    'JSON-RPC of the ledger, to count the changes of stakes that it began and that were dropped',
  ),
];
