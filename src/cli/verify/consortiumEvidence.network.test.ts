import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { encodeBatch } from '../../bindings/encodeBatch.ts';
import { evidenceAbi } from '../../bindings/generated/evidenceAbi.ts';
import { examineAudit } from '../../client/audit/examineAudit.ts';
import { addRecord } from '../../client/records/addRecord.ts';
import { lyingTo } from '../../client/test/lyingTo.ts';
import { chainBlocks } from '../../client/witness/chainBlocks.ts';
import { keepChain } from '../../client/witness/keepChain.ts';
import { bytesToHex, utf8ToBytes } from '../../crypto/bytes.ts';
import { createNoteKey } from '../../crypto/note/NoteKey.ts';
import { signNote } from '../../crypto/note/signNote.ts';
import { systemClock as clock } from '../../folder/systemClock.ts';
import { connectJsonRpc } from '../../ledger/connectJsonRpc.ts';
import { openSender, type Sender } from '../../ledger/openSender.ts';
import { engineMissing, startEngines } from '../../ledger/test/startEngines.ts';
import { creationsOf } from '../../node/founding/creationsOf.ts';
import { acknowledgedBy, submissionOf, viewOf } from '../../node/test/requests.ts';
import { ORGANISATIONS, startCare, startTestNetwork } from '../../node/test/testNetwork.ts';
import type { LedgerPlace, Receipt, SignedCheckpoint } from '../../protocol/evidence/evidence.ts';
import { isPending } from '../../protocol/rights/isPending.ts';
import { logOf } from '../../protocol/network/networkLookups.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { formatEvidenceFile } from '../../protocol/evidence/parseEvidenceFile.ts';
import { placeText } from '../../protocol/wire/placeText.ts';
import {
  changes,
  silentAt,
  startLyingLedger,
  type Lie,
  type LyingLedger,
} from '../test/lyingLedger.ts';
import { readFindings } from '../test/readFindings.ts';
import { runMedseal, temporaryFolder } from '../test/runMedseal.ts';

/** Evidence of a network in memory, whose checkpoints are put on a ledger that three validators hold. */

const ends: (() => unknown)[] = [];
const suite = { after: (end: () => unknown) => void ends.push(end) };
let folder: string;
let endpoint: LyingLedger;

async function keep(name: string, text: string): Promise<void> {
  await writeFile(join(folder, name), text);
}

/** Verifies a file; what is not safe of it, and what it prints as an error. */
async function verify(...what: readonly string[]): Promise<string> {
  const at = ['--network', join(folder, 'network.json'), '--home', join(folder, 'home')];
  const run = await runMedseal('verify', ...what, ...at, '--rpc', endpoint.url, '--json');
  if (!run.stdout.includes('"findings"')) {
    assert.notEqual(run.code, 0);
    return run.stdout + run.stderr;
  }
  const { ok, findings, unchecked } = readFindings(run);
  assert.equal(run.code, ok ? 0 : 1);
  assert.ok(findings.length > 0);
  assert.equal(unchecked.join().includes('ledger'), false, unchecked.join('\n'));
  return findings.flatMap(({ safe, detail }) => (safe ? [] : [detail])).join('\n');
}

describe(
  'medseal verify of evidence on a consortium’s ledger',
  { skip: engineMissing ?? false },
  () => {
    before(async () => {
      folder = await temporaryFolder(suite);
      await mkdir(join(folder, 'home'));
      const memory = await startTestNetwork({ seed: 'consortium’s evidence' });
      ends.push(async () => await memory.close());
      const care = await startCare(memory);
      const { primitives } = memory.ports;
      const { chainId } = memory.file.ledger;
      const keys = ORGANISATIONS.map((name) => memory.keys.get(name)?.sender ?? assert.fail());
      const senders = keys.map(({ address }) => address);
      const [deployer] = senders;
      assert.ok(deployer);
      const engines = await startEngines({ validators: 3, senders, chainId });
      ends.push(async () => await engines.close());
      const founded = {
        ...memory.file,
        ledger: {
          chainId,
          genesis: bytesToHex(primitives.sha256(utf8ToBytes(engines.chain))),
          timestamp: engines.time,
          chain: engines.chain,
        },
        founders: ORGANISATIONS.map((organisation, place) => ({
          organisation,
          sender: senders[place] ?? deployer,
          validator: {
            key: engines.engines[place]?.key ?? assert.fail(),
            node: String(place).repeat(40),
            address: `127.0.0.1:${place + 1}`,
            stake: 10,
          },
        })),
      };
      const creations = creationsOf(founded, deployer);
      const contracts = Object.fromEntries(
        creations.map(({ contract, address }) => [contract, address]),
      ) as unknown as NetworkFile['contracts'];
      const network: NetworkFile = { ...founded, contracts };
      await keep('network.json', JSON.stringify(network));
      endpoint = await startLyingLedger(engines.engines[0]?.url ?? '');
      ends.push(() => endpoint.close());
      const provider = await connectJsonRpc({ url: endpoint.url, clock, ...network.ledger });
      const [{ signingKey: secret } = assert.fail()] = keys;
      const sender = openSender({ provider, chainId, clock, primitives, secret });
      for (const { data } of creations) await sender.send({ data });

      // One checkpoint covers a view, a record and the audit.
      const { doctor, handle, patient, right } = care;
      const deadline = Math.floor(memory.clock.now() / 1000) + 300;
      const submission = submissionOf(care, 'View', viewOf(care, { deadline }));
      const acknowledgement = await acknowledgedBy(doctor, submission);
      await addRecord(doctor, {
        handle,
        purpose: 'TREAT',
        category: 'laboratory',
        grant: right.grant,
        content: utf8ToBytes('record'),
      });
      const audit = await examineAudit(
        lyingTo(memory, patient, {
          checkpoint: async (name) => {
            await memory.checkpoint();
            return await patient.agent.checkpoint(name);
          },
        }),
      );
      const chain = keepChain(doctor, audit, await chainBlocks(primitives, audit));
      await keep('chain.json', formatEvidenceFile(chain));
      const { log, index } = acknowledgement;
      const proof = await memory.agent().receipt({ log, index });
      assert.ok(!isPending(proof));
      assert.deepEqual(
        chain.parts.map((part) => part.checkpoint),
        [proof.checkpoint],
      );
      const place = await carry(sender, network, proof.checkpoint);
      const { origin } = logOf(network, log).log;
      const seed = memory.keys.get('hospital')?.note ?? assert.fail();
      const signed = (at: LedgerPlace): Receipt => {
        const text = placeText(origin, proof.checkpoint, at);
        const note = signNote(primitives, text, [createNoteKey(origin, seed)]);
        const ledger = { ...at, note };
        return { format: 'medseal-receipt/1', acknowledgement, ...proof, ledger };
      };
      await keep('receipt.json', formatEvidenceFile(signed(place)));
      const elsewhere = signed({ ...place, block: place.block - 1 });
      await keep('elsewhere.json', formatEvidenceFile(elsewhere));
    });
    after(async () => {
      for (const end of ends.toReversed()) await end();
    });

    it('finds a receipt and a chain safe whose checkpoint is on the ledger', async () => {
      assert.equal(await verify(join(folder, 'receipt.json')), '');
      assert.equal(await verify('chain', join(folder, 'chain.json')), '');
      assert.equal(await verify(join(folder, 'chain.json'), join(folder, 'receipt.json')), '');
    });

    it('finds a receipt not safe that its log signed for another block', async () => {
      const found = await verify(join(folder, 'elsewhere.json'));
      assert.match(found, /the ledger holds no such checkpoint in that transaction and block/);
    });

    it('says so if the endpoint alters, drops or forges what it shows of them, or hangs', async () => {
      const unproven =
        /The ledger’s endpoint does not prove|The peer sent a malformed ledger answer/;
      const lies: readonly (readonly [Lie, RegExp])[] = [
        [changes('block_results', /"data":"(.{120})../, '"data":"$1zz'), unproven],
        [changes('block_results', /"txs_results":\[.+\]/, '"txs_results":[]'), unproven],
        [changes('block_results', /"code":0/, '"code":1'), unproven],
        [changes('block', /"txs":\[".*?"\]/, '"txs":[]'), unproven],
        [changes('commit', /"signature":"..../, '"signature":"AAAA'), unproven],
        [changes('commit', /"chain_id":"medseal-./, '"chain_id":"medseal-x'), unproven],
        [changes('medseal_chain', /medseal-./, 'medseal-x'), /belongs to another network/],
        [silentAt('block'), /The ledger cannot be reached/],
      ];
      for (const [lie, says] of lies) {
        const found = await endpoint.lying(
          lie,
          async () => await verify(join(folder, 'receipt.json')),
        );
        assert.match(found, says);
      }
      for (const [lie, says] of [
        ...lies.slice(0, 4),
        [changes('blockchain', /"data_hash":"(?!E3B0)\w{8}/, '"data_hash":"E3B0C442'), unproven],
        [changes('blockchain', /"block_metas":\[.*\]/s, '"block_metas":[]'), unproven],
      ] as const) {
        const found = await endpoint.lying(lie, async () => {
          return await verify('chain', join(folder, 'chain.json'));
        });
        assert.match(found, says);
      }
    });
  },
);

/** Puts a checkpoint on the ledger, the first of its log there. */
async function carry(
  sender: Sender,
  network: NetworkFile,
  { log, size, root, signatures }: SignedCheckpoint,
): Promise<LedgerPlace> {
  const row = [
    { log: logOf(network, log).log.id, size, root },
    [],
    signatures.map(({ signature }) => signature),
  ] as const;
  const data = encodeBatch(evidenceAbi, 'checkpoint', [row]);
  const { transaction, block, logs } = await sender.send({ to: network.contracts.evidence, data });
  assert.equal(logs.length, 1);
  return { transaction, block };
}
