import { keccak256, stringToHex, toEventSelector, toFunctionSelector } from 'viem/utils';
import { MedsealError } from '../errors/MedsealError.ts';
import { VITALS } from '../protocol/struct/vitalTypes.ts';
import { claimsAbi } from './generated/claimsAbi.ts';
import { consentAbi } from './generated/consentAbi.ts';
import { evidenceAbi } from './generated/evidenceAbi.ts';
import { mandatesAbi } from './generated/mandatesAbi.ts';
import { prescriptionsAbi } from './generated/prescriptionsAbi.ts';
import { registryAbi } from './generated/registryAbi.ts';
import { vitalRecordsAbi } from './generated/vitalRecordsAbi.ts';
import { settlementAbi } from './generated/settlementAbi.ts';
import { quantityIn } from './quantityIn.ts';
import type { OfficeName, RuleEvent } from './RuleEvent.ts';

export type { RuleEvent } from './RuleEvent.ts';

interface Parameter {
  readonly name: string;
  readonly type: string;
  readonly indexed?: boolean;
}

const abi = [
  ...registryAbi,
  ...consentAbi,
  ...evidenceAbi,
  ...prescriptionsAbi,
  ...vitalRecordsAbi,
  ...claimsAbi,
  ...settlementAbi,
  ...mandatesAbi,
];

// Every event's fields are single words, so that a ledger of 100,000 grants is read in a moment.
const events = new Map<unknown, { kind: string; inputs: readonly Parameter[] }>(
  abi
    .filter((item) => item.type === 'event')
    .map((item) => [toEventSelector(item), { kind: item.name, inputs: item.inputs }]),
);

/** Errors that only the contract of stakes has. Its events are for the engine and are not read here. */
const STAKE_ERRORS = [
  'StakeInvalid',
  'ValidatorForeign',
  'ValidatorLast',
  'OwnerMissing',
  'ReplacementsSpent',
  'KeyWasReplaced',
  'StakeBeside',
  'ChangePending',
  'DeadlineFar',
  'KeyIsOut',
  'KeyNotOut',
  'TooManyOut',
];

const errors = new Map<unknown, string>(
  [...abi.filter((item) => item.type === 'error').map(({ name }) => name), ...STAKE_ERRORS].map(
    (name) => [toFunctionSelector(`${name}()`), name],
  ),
);

/** Fields that name one of a few words by its hash. */
const words = new Map<string, ReadonlyMap<unknown, string>>([
  ['office', byHash(['authority', 'coordinators'] satisfies readonly OfficeName[])],
  ['what', byHash(VITALS)],
]);

function byHash(names: readonly string[]): ReadonlyMap<unknown, string> {
  return new Map(names.map((name) => [keccak256(stringToHex(name)), name]));
}

/**
 * Reads the contracts' events off logs as `eth_getLogs` and receipts have them; other contracts' logs are left out.
 *
 * @param logs - The ledger's answer, which may be malformed.
 * @returns The events, in the order of the logs.
 * @throws MedsealError `PEER_MALFORMED` if it is not a list of logs, or one lacks what its event needs.
 */
export function readEvents(logs: unknown): readonly RuleEvent[] {
  if (!Array.isArray(logs)) throw malformed();
  return logs.flatMap((log) => readEvent(log) ?? []);
}

/**
 * Returns the name of a contracts' error.
 *
 * @param selector - Its selector, which stands for an error that they do not know.
 */
export function nameOfError(selector: unknown): string {
  return errors.get(selector) ?? String(selector);
}

function readEvent(value: unknown): RuleEvent | undefined {
  if (typeof value !== 'object' || value === null) throw malformed();
  const { address, topics, data, blockNumber, transactionHash, logIndex } = value as Record<
    string,
    unknown
  >;
  if (!Array.isArray(topics) || typeof data !== 'string') throw malformed();
  const event = events.get(topics[0]);
  if (event === undefined) return undefined;

  const fields: Record<string, string | number | boolean> = {};
  let topic = 1;
  let offset = 2;
  for (const { name, type, indexed } of event.inputs) {
    const word: unknown = indexed ? topics[topic++] : `0x${data.slice(offset, offset + 64)}`;
    if (!indexed) offset += 64;
    fields[name] = readWord(type, word);
  }
  if (event.kind === 'Refused') {
    fields['error'] = nameOfError(fields['reason']);
    delete fields['reason'];
  }
  for (const [field, names] of words) {
    if (fields[field] === undefined) continue;
    const name = names.get(fields[field]);
    if (name === undefined) throw malformed();
    fields[field] = name;
  }
  return {
    kind: event.kind,
    contract: hex(address, 40),
    block: quantityIn(blockNumber, 'ledger event'),
    transaction: hex(transactionHash, 64),
    logIndex: quantityIn(logIndex, 'ledger event'),
    ...fields,
  } as RuleEvent;
}

function readWord(type: string, value: unknown): string | number | boolean {
  const word = hex(value, 64);
  if (type === 'address') return `0x${word.slice(26)}`;
  if (type === 'bool') return quantityIn(word, 'ledger event') === 1;
  if (type.startsWith('uint')) return quantityIn(word, 'ledger event');
  return word.slice(0, 2 + 2 * Number(type.slice('bytes'.length)));
}

function hex(value: unknown, digits: number): string {
  if (typeof value !== 'string' || value.length !== 2 + digits) throw malformed();
  if (!/^0x[0-9a-fA-F]*$/.test(value)) throw malformed();
  return value.toLowerCase();
}

function malformed(): MedsealError {
  return new MedsealError('PEER_MALFORMED', { what: 'ledger event' });
}
