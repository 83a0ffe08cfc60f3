import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { successorOf } from '../../protocol/network/successorOf.ts';
import { consortium, movedTerms, nodeOf } from '../../protocol/test/sampleConsortium.ts';
import { network, primitives, word } from '../../protocol/test/sampleNetwork.ts';
import {
  laterNoteKeyOf,
  logOfNewcomer,
  termsOf,
  withLogKey,
} from '../../protocol/test/sampleSuccessors.ts';
import { describeChange } from './describeChange.ts';

// @actor who proposes a change | to slip a key past those who sign
it('says every key and address of an organisation that joins to those who sign', () => {
  const founders = consortium.founders?.map((each) => ({ ...each, tls: word(each.organisation) }));
  const before: NetworkFile = { ...consortium, ...(founders && { founders }) };
  const terms = movedTerms(before, ['pharmacy'], []);
  const nodes = terms.nodes?.map((each) => ({ ...each, tls: word(each.organisation) }));
  const after = successorOf(primitives, before, { ...terms, ...(nodes && { nodes }) });
  const text = describeChange(before, after).join('\n');
  const { url = '', sender, validator } = nodeOf('pharmacy');
  const seats = [...terms.authority.members, ...(terms.channels[0]?.coordinators ?? [])]
    .filter(({ organisation }) => organisation === 'pharmacy')
    .map(({ address }) => address);
  assert.equal(seats.length, 2);
  const { key = '', node = '', address = '' } = validator ?? {};
  const named = [url, sender, word('pharmacy'), logOfNewcomer('pharmacy').key, key, node, address];
  for (const each of [...seats, ...named]) assert.ok(text.includes(each), `${each} in ${text}`);
  assert.deepEqual(describeChange(before, before), ['nothing changes']);
  const block = { height: 900, hash: word('block 900'), time: 1000 };
  const earlier = { fingerprint: word('file'), until: 1000, channels: before.channels };
  const states = { ...before, before: [{ ...earlier, block }] };
  assert.deepEqual(describeChange(before, states), [
    `it states block 900 of the ledger, ${block.hash}`,
  ]);
  assert.deepEqual(describeChange(states, states), ['nothing changes']);
});

it('says each parameter of the chain and each code that changes, and the programs that validators are to run', () => {
  const parameters = { blockGas: 40_000_000, absenceWindow: 2000 };
  const codes = [{ length: 900, hash: word('code') }];
  const engine = { height: 700, programs: { 'linux/amd64': word('engine') }, parameters, codes };
  const lines = describeChange(consortium, { ...consortium, engine });
  assert.deepEqual(lines.slice(1), [
    `  linux/amd64 ${word('engine')}`,
    '  from then on a block has at most 40000000 gas',
    '  from then on absence is counted over 2000 blocks, from zero on',
    `  from then on the organisations’ accounts can create contracts by the code ${word('code')}, of 900 bytes`,
  ]);
});

/** Words of a change by which organisations with as much stake join the sample consortium. */
function said(joining: readonly string[], stake: number): string {
  const terms = movedTerms(consortium, joining, []);
  const nodes = terms.nodes?.map((each) =>
    joining.includes(each.organisation) ? nodeOf(each.organisation, stake) : each,
  );
  const made = successorOf(primitives, consortium, { ...terms, ...(nodes && { nodes }) });
  return describeChange(consortium, made).join('\n');
}

it('says if the ledger could not go on without those that are new', () => {
  const halt = /stands still until new validators run: those that hold it keep 30 of (\d+) of/;
  assert.doesNotMatch(said(['pharmacy'], 10), halt);
  assert.equal(halt.exec(said(['pharmacy', 'clinic'], 10))?.[1], '50');
  assert.equal(halt.exec(said(['pharmacy'], 15))?.[1], '45');
  assert.doesNotMatch(said(['pharmacy', 'clinic'], 7), halt);
});

it('says another key of a log to those who sign', () => {
  const [care = assert.fail()] = network.channels;
  const { verifierKey } = laterNoteKeyOf('hospital');
  const channels = [withLogKey(care, 'hospital', laterNoteKeyOf('hospital'))];
  const after = successorOf(primitives, network, { ...termsOf(network, 1_800_000_000), channels });
  assert.deepEqual(describeChange(network, after), [
    `the log care/hospital has the key ${verifierKey}`,
  ]);
});
