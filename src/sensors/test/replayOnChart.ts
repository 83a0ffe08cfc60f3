import { MemoryDatabase } from '../../database/test/MemoryDatabase.ts';
import { bindDevice } from '../../client/devices/bindDevice.ts';
import { commitEpochs } from '../../client/epochs/commitEpochs.ts';
import type { Party } from '../../client/party/Party.ts';
import { readChart, type Chart } from '../../client/records/readChart.ts';
import { readPatientState } from '../../client/state/PatientState.ts';
import { BEGIN, type TestNetwork } from '../../node/test/testNetwork.ts';
import { secondsOf, type Recording } from '../simulate/Recording.ts';
import { SimulatedSensor } from '../simulate/SimulatedSensor.ts';
import { BATCH_SECONDS } from '../simulate/RunningSensor.ts';
import { simulateSensors } from '../simulate/simulateSensors.ts';
import { startSensorGateway } from '../startSensorGateway.ts';

/** A chart that a recording was put on. */
export interface Replayed {
  readonly patient: Party;
  readonly chart: Chart;
  readonly sensor: SimulatedSensor;
}

/**
 * Has a simulated device measure a recording by the network's clock, and its gateway bring it on a new patient's chart.
 *
 * @param network - The network, whose clock is moved.
 * @param recording - The recording.
 */
export async function replayOnChart(network: TestNetwork, recording: Recording): Promise<Replayed> {
  const patient = await network.party('patient');
  const carrier = await network.party('nurse');
  await commitEpochs(patient, 8);
  const choice = { kind: 'ecg', seed: 'replayed', number: 0, boot: 0, recording } as const;
  const sensor = new SimulatedSensor(carrier.primitives, choice);
  const { digest } = await bindDevice(patient, {
    device: sensor,
    gateway: carrier.address,
    categories: ['vitals'],
    until: BEGIN + 86_400,
  });
  const seconds = secondsOf(recording);
  const expected = Math.ceil(seconds / BATCH_SECONDS);
  const [bound, entered] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let ended = 0;
  const gateway = await startSensorGateway(
    carrier,
    new MemoryDatabase(),
    { http: { port: 0 } },
    {
      ended(_device, _digest, end) {
        if (end.state === 'refused') entered.reject(new Error(end.code));
        ended += 1;
        if (ended === expected) entered.resolve();
      },
      bound: () => undefined,
      delayed: (error) => entered.reject(error),
    },
  );
  try {
    const [door = ''] = gateway.doors;
    const sensors = [{ sensor, grant: digest }];
    const news = { bound: () => bound.resolve() };
    const run = simulateSensors(network.clock, sensors, { door, seconds }, news);
    await bound.promise;
    for (let batch = 0; batch < expected; batch++) network.clock.advance(BATCH_SECONDS * 1000);
    await Promise.all([run, entered.promise]);
  } finally {
    await gateway.stop();
  }
  const { handle } = await readPatientState(patient);
  return { patient, chart: await readChart(patient, { handle, purpose: 'PATRQT' }), sensor };
}
