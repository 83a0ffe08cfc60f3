import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { AuditEvent } from '@medplum/fhirtypes';
import { utf8ToBytes } from '../../crypto/bytes.ts';
import { startCare, startTestNetwork, type TestNetwork } from '../../node/test/testNetwork.ts';
import { addRecord } from '../records/addRecord.ts';
import { readChart } from '../records/readChart.ts';
import { readRecord } from '../records/readRecord.ts';
import { checkpointing } from '../test/checkpointing.ts';
import { auditAsFhir } from './auditAsFhir.ts';
import { readAudit } from './readAudit.ts';

let network: TestNetwork;
before(async () => {
  network = await startTestNetwork({ cared: true });
});
after(async () => await network.close());

describe('an audit that is written as FHIR', () => {
  // @actor a reader whose view is exported as FHIR | is told of without kind, origin or organisation
  it('says of each view of a record its kind, its author and both organisations', async () => {
    const { patient, doctor, handle, right } = await startCare(network);
    const content = utf8ToBytes('note');
    const own = { handle, purpose: 'PATRQT', category: 'conditions', content } as const;
    const { record } = await addRecord(patient, own);
    const chart = await readChart(doctor, { handle, grant: right.grant, purpose: 'TREAT' });
    const listed = chart.records.find((each) => each.record === record) ?? assert.fail();
    await readRecord(doctor, chart, listed);
    const party = checkpointing(network, patient);
    const { logs } = await readAudit(party);
    const events = logs.flatMap((log) => log.events);
    const { entry = [] } = await auditAsFhir({ party, events, rules: [] });
    const views = entry
      .map(({ resource }) => resource as AuditEvent)
      .filter(({ subtype }) => subtype?.[0]?.code === 'vread');
    assert.deepEqual(
      views.map(({ agent, entity }) => [
        entity?.[0]?.detail?.map(({ type, valueString }) => [type, valueString]),
        agent.at(-1)?.who?.identifier?.value,
      ]),
      [
        [
          [
            ['version', '1'],
            ['category', 'conditions'],
            ['written by', patient.address],
            ['written at', 'hospital'],
          ],
          'hospital',
        ],
      ],
    );
  });
});
