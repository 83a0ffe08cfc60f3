import type { Bundle } from '@medplum/fhirtypes';
import { utf8ToBytes } from '../../../crypto/bytes.ts';
import { parseFhirJson } from '../../../fhir/parseFhirJson.ts';
import type { Care, TestNetwork } from '../../../node/test/testNetwork.ts';
import type { AgentPort } from '../../../protocol/AgentPort.ts';
import type { Party } from '../../party/Party.ts';
import { addBundle } from '../../records/addBundle.ts';
import { addDocument } from '../../records/addDocument.ts';
import { addRecord } from '../../records/addRecord.ts';
import { lyingTo } from '../../test/lyingTo.ts';

const CHART = `{"resourceType":"Bundle","type":"collection","entry":[
{"fullUrl":"urn:uuid:6f0f3e4a-5f5c-4f0e-8f5e-0a3d3d3d3d01","resource":{"resourceType":"Patient","name":[{"family":"Doe"}],"birthDate":"1980-01-02"}},
{"fullUrl":"urn:uuid:6f0f3e4a-5f5c-4f0e-8f5e-0a3d3d3d3d02","resource":{"resourceType":"AllergyIntolerance","clinicalStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical","code":"active"}]},"code":{"text":"Penicillin <b> & more"},"patient":{"reference":"urn:uuid:6f0f3e4a-5f5c-4f0e-8f5e-0a3d3d3d3d01"}}},
{"fullUrl":"urn:uuid:6f0f3e4a-5f5c-4f0e-8f5e-0a3d3d3d3d03","resource":{"resourceType":"Observation","status":"final","category":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"laboratory"}]}],"code":{"text":"Potassium"},"effectiveDateTime":"2026-01-02","subject":{"reference":"urn:uuid:6f0f3e4a-5f5c-4f0e-8f5e-0a3d3d3d3d01"},"valueQuantity":{"value":4.20,"unit":"mmol/L"}}}
]}`;

/** Puts records of each kind on a chart: FHIR in parts, a document, and two versions of bytes. */
export async function fillChart({ patient, doctor, handle, right }: Care): Promise<void> {
  const bundle = parseFhirJson(utf8ToBytes(CHART)) as Bundle;
  await addBundle(patient, { handle, bundle, purpose: 'PATRQT' });
  const by = { handle, purpose: 'TREAT', grant: right.grant } as const;
  await addDocument(doctor, {
    ...by,
    content: scan,
    contentType: 'application/pdf',
    title: 'Letter',
    category: 'reports',
  });
  const category = 'laboratory';
  const first = await addRecord(doctor, { ...by, category, content: utf8ToBytes('first') });
  await addRecord(doctor, { ...by, category, content: utf8ToBytes('second'), amends: first });
}

/** Something over three chunks of a sealed file. */
async function* scan(): AsyncGenerator<Uint8Array> {
  yield utf8ToBytes('%PDF-1.7\n');
  for (let piece = 0; piece < 3; piece++) yield new Uint8Array(65_537).fill(piece);
  await Promise.resolve();
}

/** The patient, whose node checkpoints its log as soon as it is asked for a checkpoint. */
export function covered(network: TestNetwork, party: Party, lies: Partial<AgentPort> = {}): Party {
  const { agent } = party;
  return lyingTo(network, party, {
    checkpoint: async (log) => {
      await network.checkpoint();
      return await agent.checkpoint(log);
    },
    ...lies,
  });
}
