import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { encodeBatch } from '../../bindings/encodeBatch.ts';
import { registryAbi } from '../../bindings/generated/registryAbi.ts';
import { commitEpochs } from '../../client/epochs/commitEpochs.ts';
import { confirmFacts } from '../../client/audit/confirmFacts.ts';
import { grantRight } from '../../client/rights/grantRight.ts';
import { readChart } from '../../client/records/readChart.ts';
import type { RunningNode } from '../../node/openNode.ts';
import { createMetrics } from '../../node/operate/createMetrics.ts';
import { watchNode } from '../../node/operate/watchNode.ts';
import { submissionOf, viewOf } from '../../node/test/requests.ts';
import {
  everything,
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import type { Submission } from '../../protocol/AgentPort.ts';
import { seconds } from '../../protocol/Clock.ts';
import { ZERO32 } from '../../protocol/ids.ts';
import { MAX_LEDGER_AHEAD } from '../../protocol/evidence/requireNotAhead.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { reasonText } from '../../protocol/operator/nodeReasons.ts';
import { noSuccession } from '../succession/Succession.ts';

const MONTH = 30 * 24 * 3600;
let network: TestNetwork;
let care: Care;

before(async () => {
  network = await startTestNetwork({ cared: true });
  care = await startCare(network);
  // The clock of the ledger's node is a month ahead while it makes one block, and is then set right.
  network.clock.advance(MONTH * 1000);
  const late = await network.party('patient');
  await commitEpochs(late, 2);
  network.clock.advance(-MONTH * 1000);
});
after(async () => await network.close());

/** Returns the agent's answer to a view of the chart. */
async function answer(): Promise<string> {
  const [outcome] = await network.agent().submit([view()]);
  return outcome?.outcome === 'refused' ? outcome.problem.code : String(outcome?.outcome);
}

/** Number of the ledger's newest block. */
async function head(): Promise<unknown> {
  return await network.ledger.request({ method: 'eth_blockNumber', params: [] });
}

/** A view of the chart by its doctor, signed by a clock that is right. */
function view(): Submission {
  const { doctor } = care;
  const deadline = seconds(network.clock) + 300;
  return submissionOf(care, 'View', viewOf(care, { deadline }), doctor);
}

describe('while the newest block is a month ahead of every clock', () => {
  it('a node says that it is not ready, why, and by how many seconds', async () => {
    const node = {
      file: network.file,
      succession: noSuccession(network.file),
      removed: [],
      organisations: new Map([['hospital', network.services()]]),
    };
    const watch = await watchNode({
      node: node as unknown as RunningNode,
      clock: network.clock,
      space: { free: undefined, fault: undefined },
      peers: new Map(),
      isSettled: () => true,
      log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    });
    const { ready, waitingFor, ledger } = await watch.state();
    await watch.close();
    assert.equal(ready, false);
    assert.ok(Math.abs(ledger.ahead - MONTH) <= 60, String(ledger.ahead));
    assert.deepEqual(waitingFor.map(reasonText), [
      `clocks to agree: the ledger is ${ledger.ahead} s ahead of this machine`,
    ]);
    const metrics = createMetrics('0', async () => await watch.state());
    assert.match(
      await metrics.text(),
      new RegExp(`^medseal_ledger_ahead_seconds ${ledger.ahead}$`, 'm'),
    );
  });

  // @attack one block with a time to come makes every request late | it is not believed, and the refusal names it
  it('requests are refused for the ledger’s time, and can be sent again', async () => {
    assert.equal(await answer(), 'LEDGER_AHEAD');
    const { doctor, right } = care;
    const chart = { handle: care.handle, grant: right.grant, purpose: 'TREAT' } as const;
    await assert.rejects(readChart(doctor, chart), failsWith('LEDGER_AHEAD'));
    const given = grantRight(care.patient, everything(care.stranger));
    await assert.rejects(given, failsWith('LEDGER_AHEAD'));
  });

  it('no coordinator judges an entry, by the block’s time or by its own', async () => {
    const { coordinator } = network.services('laboratory');
    const advance = { handle: care.handle, epoch: 2, packets: ZERO32 };
    for (const moment of [seconds(network.clock), seconds(network.clock) + MONTH]) {
      const request = { ...advance, deadline: moment + 60 };
      await assert.rejects(coordinator.advance([request]), failsWith('LEDGER_AHEAD'));
    }
  });

  // @attack such a block ends rights and turns keys | no coordinator signs by it
  it('no right ends by it, and no epoch begins', async () => {
    const { patient, handle } = care;
    const before = network.services().index.patient(handle)?.epoch;
    const facts = await confirmFacts(patient, { handle });
    assert.equal(facts.patient?.epoch, before);
    assert.equal(network.services().index.patient(handle)?.epoch, before);
    assert.ok(care.right.grant.terms.until < seconds(network.clock) + MONTH, 'it would have ended');
  });

  it('the ledger makes no further block', async () => {
    const number = await head();
    const sender = network.senders.get('hospital');
    const data = encodeBatch(registryAbi, 'finishRecoveries', [[care.patient.address]]);
    const sent = sender?.send({ to: network.file.contracts.registry, data });
    await assert.rejects(sent ?? Promise.resolve(), failsWith('LEDGER_AHEAD'));
    await network.checkpoint().catch(() => undefined);
    assert.equal(await head(), number);
  });

  it('all goes on once the clocks have come within the bound', async () => {
    network.clock.advance((MONTH - MAX_LEDGER_AHEAD - 1) * 1000);
    assert.equal(await answer(), 'LEDGER_AHEAD');
    network.clock.advance(1000);
    assert.equal(await answer(), 'RIGHT_ENDED');
    const until = seconds(network.clock) + 3600;
    await grantRight(care.patient, { ...everything(care.doctor), until });
  });
});
