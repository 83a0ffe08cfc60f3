import { readAuthorityKeys } from '../../src/node/founding/readAuthorityKeys.ts';
import type { DemoPerson } from '../../src/protocol/care/DemoPerson.ts';
import type { DemoNetwork } from './DemoNetwork.ts';
import { enrolDemoParties, type DemoPartyReady } from './demoParties.ts';
import { demoPeople } from './demoPeople.ts';
import { fillCharts } from './fillCharts.ts';
import { giveDemoUnits } from './giveDemoUnits.ts';
import { startWearable, type DemoWearable } from './startWearable.ts';

/** The demonstration that `medseal dev --demo` gives on a network. */
export interface Demonstration {
  /** Its parties, which are enrolled. */
  readonly parties: readonly DemoPartyReady[];
  /** Reads its people, with their keys, for the portal's pages. */
  readonly readPeople: () => Promise<readonly DemoPerson[]>;
  /**
   * Fills the charts and gives insurers units, unless that was done before. A failure is reported: the network is whole
   * without the records, and something that people did before may be in the way.
   */
  fill(onBegin?: () => Promise<void>): Promise<void>;
  /** Starts the wearable of the first patient; returns undefined if that failed, which is reported. */
  wear(): Promise<DemoWearable | undefined>;
  /** Tells the wearable that somebody uses the demonstration. */
  use(): void;
  /** Stops the wearable, if it runs. */
  close(): Promise<void>;
}

/**
 * Enrols the parties of a demonstration, unless they are enrolled.
 *
 * @param network - A demonstration network.
 * @param data - Its folder.
 * @param onFailure - Told what failed in the background.
 * @throws MedsealError as `enrolDemoParties` does.
 */
export async function openDemonstration(
  network: DemoNetwork,
  data: string,
  onFailure: (error: unknown) => void,
): Promise<Demonstration> {
  const keystore = `${data}/parties`;
  const parties = await enrolDemoParties(network, keystore);
  let wearable: DemoWearable | undefined;
  return {
    parties,
    readPeople: async () => await demoPeople(network.file, keystore),
    async fill(onBegin) {
      try {
        await fillCharts(network, keystore, onBegin);
        const { primitives } = network.ports;
        const seats = await readAuthorityKeys(`${data}/authority`, primitives);
        await giveDemoUnits(network, keystore, seats);
        await network.handOver?.();
      } catch (error) {
        onFailure(error);
      }
    },
    async wear() {
      try {
        wearable = await startWearable(network, keystore, `${data}/wearable`, onFailure);
      } catch (error) {
        onFailure(error);
      }
      return wearable;
    },
    use: () => wearable?.use(),
    close: async () => await wearable?.close(),
  };
}
