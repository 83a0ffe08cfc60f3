import { base64 } from '@scure/base';
import { hexToBytes } from '../crypto/bytes.ts';
import type { Hex } from '../protocol/ids.ts';
import type { SignedAnswers } from './forkOf.ts';
import type { BlockId, LightBlock, Moment } from './LightBlock.ts';

/** Gives a block as CometBFT's methods `commit` and `validators` answer it, and nothing else that an answer may hold. */
export function answersOf({ header, commit, validators }: LightBlock): SignedAnswers {
  return {
    commit: {
      signed_header: {
        header: {
          version: { block: String(header.version.block), app: String(header.version.app) },
          chain_id: header.chain,
          height: String(header.height),
          time: moment(header.time),
          last_block_id: blockId(header.lastBlockId),
          last_commit_hash: digits(header.lastCommitHash),
          data_hash: digits(header.dataHash),
          validators_hash: digits(header.validatorsHash),
          next_validators_hash: digits(header.nextValidatorsHash),
          consensus_hash: digits(header.consensusHash),
          app_hash: digits(header.appHash),
          last_results_hash: digits(header.lastResultsHash),
          evidence_hash: digits(header.evidenceHash),
          proposer_address: digits(header.proposer),
        },
        commit: {
          height: String(commit.height),
          round: commit.round,
          block_id: blockId(commit.blockId),
          signatures: commit.votes.map((vote) => ({
            block_id_flag: 2,
            validator_address: digits(vote.validator),
            timestamp: moment(vote.time),
            signature: base64.encode(hexToBytes(vote.signature)),
          })),
        },
      },
    },
    validators: {
      validators: validators.map(({ key, power }) => ({
        pub_key: { type: 'tendermint/PubKeyEd25519', value: base64.encode(hexToBytes(key)) },
        voting_power: String(power),
      })),
    },
  };
}

function digits(text: Hex): string {
  return text.slice(2).toUpperCase();
}

function blockId({ hash, parts }: BlockId): unknown {
  return { hash: digits(hash), parts: { total: parts.total, hash: digits(parts.hash) } };
}

function moment({ seconds, nanos }: Moment): string {
  const whole = new Date(seconds * 1000).toISOString().slice(0, -5);
  return `${whole}.${String(nanos).padStart(9, '0')}Z`;
}
