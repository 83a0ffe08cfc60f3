import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { forkFileName, type ForkProof } from '../consortium/forkOf.ts';
import { trustedBlockFile } from '../consortium/parseTrustedBlock.ts';
import { foundingTrust } from '../consortium/foundingTrust.ts';
import { forkProof, makeValidators } from '../consortium/test/forgeBlock.ts';
import { isMedsealError } from '../errors/isMedsealError.ts';
import { readJsonFile, writeJsonFile } from '../folder/jsonFiles.ts';
import type { KeptFork } from '../folder/parseKeptFork.ts';
import { SIGNED, signedSuccessorOf, type SignedSuccessor } from '../folder/SignedSuccessor.ts';
import { memoryFiles } from '../folder/test/memoryFiles.ts';
import { countSuccessor } from '../protocol/network/countSuccessor.ts';
import type { Address } from '../protocol/ids.ts';
import type { NetworkFile } from '../protocol/network/NetworkFile.ts';
import type { AttestedFacts } from '../protocol/evidence/facts.ts';
import { successorOf } from '../protocol/network/successorOf.ts';
import {
  context,
  network,
  ORGANISATIONS,
  primitives,
  signatory,
  word,
} from '../protocol/test/sampleNetwork.ts';
import { blockStatement, conflictOf } from '../protocol/test/sampleStatements.ts';
import { rubbish, seatsOf, signedBy, termsOf } from '../protocol/test/sampleSuccessors.ts';
import { examineProofs } from './examineProofs.ts';

const validators = makeValidators({ anna: 10, bert: 10, carl: 10, dora: 10 });
const chain = `medseal-${'5a'.repeat(16)}`;
/** The sample network, with a ledger that four validators hold. */
const held: NetworkFile = {
  ...network,
  ledger: { ...network.ledger, chain, timestamp: 1000 },
  founders: validators.map(({ key, power: stake }, place) => ({
    organisation: ORGANISATIONS[place] ?? 'pharmacy',
    sender: network.contracts.registry,
    validator: { key, stake, node: `${place}`.repeat(40), address: `127.0.0.1:${place + 1}` },
  })),
};
const proof = forkProof(validators, chain);

interface Folder {
  readonly followed?: readonly NetworkFile[];
  readonly kept?: KeptFork;
  readonly hosts?: readonly string[];
  readonly own?: readonly Address[];
}

/** Faults that are found in a folder with one file. */
async function found(name: string, value: unknown, folder: Folder = {}): Promise<string[]> {
  const files = memoryFiles();
  await writeJsonFile(files, name, value);
  const faults: string[] = [];
  await examineProofs({
    files,
    primitives,
    followed: folder.followed ?? [held],
    kept: folder.kept,
    hosts: folder.hosts ?? ['hospital'],
    own: folder.own ?? [],
    read: async (kind, path, parse) => {
      try {
        return parse(await readJsonFile(files, path));
      } catch (error) {
        assert.ok(isMedsealError(error, 'FOLDER_FOREIGN'));
        faults.push(`${kind} ${path}: ${error.values.what}`);
        return undefined;
      }
    },
  });
  return faults;
}

const NAME = forkFileName(proof);

describe('the examination of a proof that the ledger forked', () => {
  it('finds no fault in one as a reader writes it', async () => {
    assert.deepEqual(await found(NAME, proof), []);
    assert.deepEqual(await found(NAME, proof, { followed: [] }), []);
  });

  // @actor cloud operator | to spoil the proof of a fork unseen
  it('names one that was altered, is of another ledger, or of validators that are not the ledger’s', async () => {
    const [one, other] = proof.blocks;
    const forged = (more: Partial<ForkProof>): ForkProof => ({ ...proof, ...more });
    const strangers = makeValidators({ eve: 10, fred: 10, gina: 10, anna: 10 });
    const elsewhere = forkProof(validators, `medseal-${'6b'.repeat(16)}`);
    const cut = JSON.parse(
      JSON.stringify(other).replaceAll(/"signature":"..../g, '"signature":"AAAA'),
    ) as typeof other;
    const foul = { commit: {}, validators: {} };
    const cases: readonly (readonly [string, unknown, string?])[] = [
      ['has an unknown field', { ...proof, more: 1 }],
      ['is not one of its words', { ...proof, format: 'medseal-fork/1' }],
      ['is shorter than 2', { ...proof, blocks: [one] }],
      ['prove no fork', forged({ blocks: [one, one] })],
      ['prove no fork', forged({ blocks: [one, cut] })],
      ['its blocks are malformed', forged({ blocks: [one, foul] })],
      ['another height or other signers', forged({ signers: proof.signers.slice(1) })],
      ['another height or other signers', forged({ height: 8 })],
      ['another height or chain', proof, 'fork-of-nothing.json'],
      ['of another ledger', elsewhere, forkFileName(elsewhere)],
      ['are not the ledger’s', forkProof(strangers, chain)],
    ];
    for (const [reason, value, name] of cases) {
      const [fault = '', ...more] = await found(name ?? NAME, value);
      assert.ok(fault.startsWith('ledger-proof fork-') && fault.includes(reason), fault + reason);
      assert.deepEqual(more, []);
    }
  });

  it('names one in a folder whose ledger has no validators', async () => {
    assert.match((await found(NAME, proof, { followed: [network] })).join(), /another ledger/);
  });

  it('takes one of later validators in a folder of a channel, whose file names those that founded the ledger', async () => {
    const { networkId: id, contracts } = network;
    const of = { network: id, registry: contracts.registry, validators: [] };
    const channel = { ...network, ledger: { ...held.ledger, of } };
    assert.deepEqual(await found(NAME, proof, { followed: [channel] }), []);
  });
});

/** A coordinator's statement about block 7. */
function said(name: string, hash: string): AttestedFacts {
  const asked = { nonce: word('nonce'), newest: 7 };
  const block = { height: 7, hash: word(hash), time: 1000 };
  return blockStatement(signatory(`coordinator of ${name}`), asked, block);
}

describe('the examination of a proof that coordinators signed two blocks of one height', () => {
  const one = said('hospital', 'one');
  const other = said('insurer', 'other');
  const conflict = conflictOf(one, other);

  it('names one that was altered, or is of another height', async () => {
    assert.deepEqual(await found('conflict-7.json', conflict), []);
    assert.deepEqual(await found('conflict-7.json', conflict, { followed: [] }), []);
    for (const [name, value] of [
      ['conflict-8.json', conflict],
      ['conflict-7.json', conflictOf(one, one)],
      ['conflict-7.json', conflictOf(one, said('stranger', 'other'))],
      ['conflict-7.json', null],
    ] as const) {
      const [fault = '', ...more] = await found(name, value);
      assert.ok(fault.startsWith(`ledger-proof ${name}`), fault);
      assert.deepEqual(more, []);
    }
  });
});

describe('the examination of the newest block that was verified', () => {
  const block = trustedBlockFile(foundingTrust(primitives, { chain, time: 1000, validators }));

  it('names one that was altered, or is of another ledger', async () => {
    assert.deepEqual(await found('trusted-block.json', block), []);
    for (const value of [{ ...block, height: -1 }, { ...block, chain: 'medseal-x' }, null])
      assert.equal((await found('trusted-block.json', value)).length, 1);
    const other = { ...block, chain: `medseal-${'6b'.repeat(16)}` };
    assert.match((await found('trusted-block.json', other)).join(), /another ledger/);
  });
});

describe('the examination of the successor that a folder signed last', () => {
  const successor = signedBy(network, termsOf(network, 2000), ['hospital', 'laboratory']);
  const other = signedBy(network, termsOf(network, 3000), ['hospital', 'laboratory']);
  const after = successorOf(primitives, network, successor);
  const { message } = countSuccessor(context, network, successor);
  const signed = signedSuccessorOf(context, network, message, seatsOf('hospital'));

  async function faults(value: unknown, folder: Folder = {}): Promise<string> {
    return (await found(SIGNED, value, { followed: [network, after], ...folder })).join();
  }

  it('finds no fault in one as the folder writes it, whichever successor came', async () => {
    for (const followed of [[network], [network, after]]) {
      assert.equal(await faults(signed, { followed }), '');
    }
    const instead = successorOf(primitives, network, other);
    assert.equal(await faults(signed, { followed: [network, instead] }), '');
  });

  it('finds no fault in the signature of a key that the change names first: its organisation says so that it holds its share', async () => {
    const fresh = signatory('new coordinator of hospital');
    const value = signedSuccessorOf(context, network, signed.message, [fresh]);
    assert.equal(await faults(value, { own: [fresh.address] }), '');
    assert.notEqual(await faults(value), '');
  });

  it('finds no fault in one that follows a file which the operator dropped', async () => {
    const made = successorOf(primitives, network, other);
    const next = signedBy(made, termsOf(made, 4000), ['hospital', 'laboratory']);
    const { message: later } = countSuccessor(context, made, next);
    const own = signedSuccessorOf(context, made, later, seatsOf('hospital'));
    const kept: KeptFork = {
      format: 'medseal-fork/1',
      successors: [successor, other],
      inForce: 0,
      dropped: [other],
    };
    assert.equal(await faults(own, { kept }), '');
    assert.match(await faults(own), /follows a network file that this folder does not have/);
    const afterNext = successorOf(primitives, made, next);
    const last = signedBy(afterNext, termsOf(afterNext, 5000), ['hospital', 'laboratory']);
    const { message: newest } = countSuccessor(context, afterNext, last);
    const lost = signedSuccessorOf(context, afterNext, newest, seatsOf('hospital'));
    assert.equal(await faults(lost, { kept }), '');
    const altered = { ...lost, message: { ...newest, from: 5001 } };
    assert.match(await faults(altered, { kept }), /not of the seats of this folder/);
  });

  // @actor cloud operator | to have a folder sign another change
  it('names one that was altered, that others signed, or that follows another file', async () => {
    const by = (name: string): SignedSuccessor =>
      signedSuccessorOf(context, network, message, seatsOf(name));
    const cases: readonly (readonly [string, unknown, Folder?])[] = [
      ['is not an object', null],
      ['has no message', { format: signed.format, signatures: signed.signatures }],
      ['is shorter than 1', { ...signed, signatures: [] }],
      ['not of the seats', { ...signed, message: { ...message, from: 2001 } }],
      ['not of the seats', { ...signed, message: { ...message, successor: message.predecessor } }],
      ['not of the seats', { ...signed, signatures: [...signed.signatures, rubbish] }],
      ['not of the seats', by('laboratory')],
      ['not of the seats', signed, { hosts: ['laboratory'] }],
      ['does not have', { ...signed, message: { ...message, number: 2 } }],
      ['does not have', { ...signed, message: { ...message, number: 0 } }],
      ['does not have', { ...signed, message: { ...message, predecessor: message.successor } }],
    ];
    for (const [reason, value, folder] of cases) {
      const fault = await faults(value, folder);
      assert.ok(fault.startsWith(`network-file ${SIGNED}`) && fault.includes(reason), fault);
    }
  });
});
