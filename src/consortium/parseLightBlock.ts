import { base64, hex, list, malformedAnswer, record, textIn, whole } from './answerFields.ts';
import type { Hex } from '../protocol/ids.ts';
import type {
  BlockId,
  ConsensusHeader,
  ConsensusValidator,
  LightBlock,
  Moment,
  Vote,
} from './LightBlock.ts';

/** The most validators that a ledger has (`MaxValidators` in `engine/founding`); CometBFT shows as many at once. */
export const MOST_VALIDATORS = 100;
/** A vote for the block; 1 is an absent one, 3 one for nothing. */
const FOR_BLOCK = 2;

/**
 * Reads a light block from the answers of CometBFT's methods `commit` and `validators`.
 *
 * @throws MedsealError `PEER_MALFORMED` if one of them is malformed.
 */
export function parseLightBlock(commitAnswer: unknown, validatorsAnswer: unknown): LightBlock {
  const signed = record(record(commitAnswer)['signed_header']);
  const commit = record(signed['commit']);
  return {
    header: parseHeader(signed['header']),
    commit: {
      height: whole(commit['height']),
      round: whole(commit['round']),
      blockId: blockId(commit['block_id']),
      votes: list(commit['signatures'], MOST_VALIDATORS).flatMap(vote),
    },
    validators: list(record(validatorsAnswer)['validators'], MOST_VALIDATORS).map(validator),
  };
}

/**
 * Reads a block's header.
 *
 * @throws MedsealError `PEER_MALFORMED` if it is malformed.
 */
export function parseHeader(value: unknown): ConsensusHeader {
  const header = record(value);
  const version = record(header['version']);
  return {
    version: { block: whole(version['block'] ?? '0'), app: whole(version['app'] ?? '0') },
    chain: textIn(header['chain_id']),
    height: whole(header['height']),
    time: moment(header['time']),
    lastBlockId: blockId(header['last_block_id']),
    lastCommitHash: hash(header['last_commit_hash']),
    dataHash: hash(header['data_hash']),
    validatorsHash: hash(header['validators_hash']),
    nextValidatorsHash: hash(header['next_validators_hash']),
    consensusHash: hash(header['consensus_hash']),
    appHash: hash(header['app_hash']),
    lastResultsHash: hash(header['last_results_hash']),
    evidenceHash: hash(header['evidence_hash']),
    proposer: hex(header['proposer_address'], 20),
  };
}

function vote(value: unknown): readonly Vote[] {
  const found = record(value);
  if (whole(found['block_id_flag']) !== FOR_BLOCK) return [];
  return [
    {
      validator: hex(found['validator_address'], 20),
      time: moment(found['timestamp']),
      signature: base64(found['signature'], 64),
    },
  ];
}

function validator(value: unknown): ConsensusValidator {
  const found = record(value);
  const key = record(found['pub_key']);
  if (key['type'] !== 'tendermint/PubKeyEd25519') throw malformedAnswer();
  return { key: base64(key['value'], 32), power: whole(found['voting_power']) };
}

function blockId(value: unknown): BlockId {
  const found = record(value);
  const parts = record(found['parts']);
  return {
    hash: hash(found['hash']),
    parts: { total: whole(parts['total']), hash: hash(parts['hash']) },
  };
}

/** RFC 3339 in UTC with up to nine digits after the second, as Go writes it. */
function moment(value: unknown): Moment {
  const [, whole, digits = ''] =
    /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z$/.exec(textIn(value)) ?? [];
  const seconds = Date.parse(`${whole}Z`) / 1000;
  if (!Number.isSafeInteger(seconds)) throw malformedAnswer();
  return { seconds, nanos: Number(digits.padEnd(9, '0')) };
}

/** 32 bytes, or none. */
function hash(value: unknown): Hex {
  return value === '' ? '0x' : hex(value, 32);
}
