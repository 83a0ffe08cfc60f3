import type { Party } from '../../src/client/party/Party.ts';
import { MedsealError } from '../../src/errors/MedsealError.ts';
import { DEMO_CHARTS } from '../charts/demoCharts.ts';
import { openDeviceFolder } from '../../src/device/deviceFolder.ts';
import { readKeystore } from '../../src/device/keystore.ts';
import type { DemoNetwork } from './DemoNetwork.ts';
import { DEMO_PARTIES, openDemoParty } from './demoParties.ts';
import type { DemoPlay } from './DemoPlay.ts';
import { DemoSteps } from './DemoSteps.ts';
import { addOwnDocuments } from './addOwnDocuments.ts';
import { amendPlan } from './amendPlan.ts';
import { lookAndAsk } from './lookAndAsk.ts';
import { shareFirstChart } from './shareFirstChart.ts';
import { writeDemoChart } from './writeDemoChart.ts';

/** The step after which nothing is left to do. */
const LAST = 'filled';

/**
 * Fills the charts of a demonstration, once: its parties write records, share them, look, are refused and ask. After an
 * interruption it goes on from there.
 *
 * @param network - A demonstration network whose parties are enrolled.
 * @param keystore - Folder of the parties' devices.
 * @param onBegin - Called if there is something to do.
 * @throws MedsealError of the functions of the client that it calls.
 */
export async function fillCharts(
  network: DemoNetwork,
  keystore: string,
  onBegin?: () => Promise<void>,
): Promise<void> {
  const device = await openDeviceFolder(`${keystore}/patient`);
  const steps = await DemoSteps.open({ device, clock: network.ports.clock });
  if (steps.has(LAST)) return;
  await onBegin?.();
  const keys = await readKeystore(keystore, network.file);
  const parties = new Map<string, Party>();
  for (const key of keys) {
    const isDemo = DEMO_PARTIES.some(({ name }) => name === key.name);
    if (isDemo) parties.set(key.name, await openDemoParty(network, keystore, key));
  }
  const play: DemoPlay = {
    steps,
    party(name) {
      const party = parties.get(name);
      if (party === undefined) throw new MedsealError('NOT_FOUND', { what: `party ${name}` });
      return party;
    },
  };
  await together(
    DEMO_CHARTS.map(async (chart, number) => {
      await writeDemoChart(play, number === 0 ? 'patient' : `patient-${number + 1}`, chart);
    }),
  );
  await addOwnDocuments(play);
  await amendPlan(play);
  await shareFirstChart(play);
  await lookAndAsk(play);
  await steps.once(LAST, async () => await Promise.resolve());
}

/** Waits for all, also if one fails. */
async function together(runs: readonly Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(runs)).find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
}
