import {
  addRecord,
  commitEpochs,
  enrol,
  fetchReceipt,
  grantRight,
  httpAgent,
  isMedsealError,
  openBrowserDevice,
  openParty,
  parseNetworkFile,
  phraseToSeed,
  readChart,
  readPatientState,
  readRecord,
  restorePatient,
  revokeRight,
  seedToPhrase,
  streamRecord,
  verifyReceipt,
  webPorts,
  type Party,
} from '../index.ts';

/** A web page's use of the client, to be bundled and run by a browser. */

/** Report of the page. */
export interface PageReport {
  /** Names of globals of Node that the page finds. */
  readonly ofNode: readonly string[];
  readonly read: string;
  /** Bytes of a larger file that came back equal. */
  readonly streamed: number;
  /** Size of the checkpoint of the receipt that was verified. */
  readonly verified: number;
  /** Code of the refusal after the revocation. */
  readonly refused: string;
  /** Text that a device reads that was restored from the phrase. */
  readonly restored: string;
  readonly milliseconds: number;
}

const LARGE = 3_000_000;

/**
 * Enrols two parties at a running node, seals a note and a larger file, lets one party read them, verifies, and ends
 * its right.
 *
 * @param url - The hospital's agent.
 * @param pinned - The network file.
 */
export async function playInPage(url: string, pinned: unknown): Promise<PageReport> {
  const begun = performance.now();
  const network = parseNetworkFile(pinned);
  let devices = 0;
  const open = async (seed?: Uint8Array): Promise<Party> =>
    await openParty({
      ...webPorts,
      seed: seed ?? crypto.getRandomValues(new Uint8Array(32)),
      network,
      agent: httpAgent(url),
      log: 'care/hospital',
      device: await openBrowserDevice(`party-${++devices}`),
    });
  const patient = await open();
  const doctor = await open();
  await enrol(patient, { role: 'patient', organisation: 'hospital' });
  await enrol(doctor, { role: 'doctor', organisation: 'hospital' });
  await commitEpochs(patient, 4);
  const { handle } = await readPatientState(patient);

  const content = new TextEncoder().encode('sealed in a browser');
  const own = { handle, purpose: 'PATRQT' } as const;
  const note = await addRecord(patient, { ...own, category: 'other', content });
  const large = new Uint8Array(LARGE).map((_, index) => index * 31);
  await addRecord(patient, { ...own, category: 'imaging', content: () => once(large) });
  const { grant, digest } = await grantRight(patient, {
    grantee: doctor.address,
    categories: ['other', 'imaging'],
    actions: ['read'],
    purpose: 'TREAT',
    until: Math.floor(Date.now() / 1000) + 3600,
  });
  const wanted = { handle, grant, purpose: 'TREAT' } as const;
  const chart = await readChart(doctor, wanted);
  const [listed, image] = chart.records;
  if (listed === undefined || image === undefined) throw new Error('the chart is not whole');
  const read = await readRecord(doctor, chart, listed);
  const streamed = await streamRecord(doctor, chart, image);
  let same = 0;
  for await (const piece of streamed.content) {
    for (const byte of piece) if (byte === large[same]) same += 1;
  }
  const receipt = await fetchReceipt(doctor, note.acknowledgement);
  verifyReceipt(doctor, network, receipt);
  await revokeRight(patient, digest);
  const refused = await readChart(doctor, wanted).then(
    () => 'nothing',
    (error: unknown) => (isMedsealError(error) ? error.code : String(error)),
  );
  const phone = await open(phraseToSeed(seedToPhrase(patient.keys.seed())));
  await restorePatient(phone);
  const again = await readChart(phone, own);
  const [first] = again.records;
  if (first === undefined) throw new Error('the chart is empty');
  const restored = await readRecord(phone, again, first);
  return {
    ofNode: ['process', 'Buffer', 'require', 'global'].filter((name) => name in globalThis),
    read: new TextDecoder().decode(read.content),
    streamed: same,
    verified: receipt.checkpoint.size,
    refused,
    restored: new TextDecoder().decode(restored.content),
    milliseconds: Math.round(performance.now() - begun),
  };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
  await Promise.resolve();
}
