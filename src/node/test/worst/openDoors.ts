/**
 * A consortium in memory behind the servers of a node, in a process of its own. It reports their URLs, and answers each
 * message with the longest time that its event loop was held up since the last.
 */
import { listen } from '../../../http/listen.ts';
import { ledgerApp } from '../../../http/ledgerApp.ts';
import { networkApp } from '../../../http/networkApp.ts';
import { systemClock as clock } from '../../../folder/systemClock.ts';
import { startTestNetwork } from '../testNetwork.ts';

/** URLs of the servers. */
export interface OpenDoors {
  readonly agents: string;
  readonly ledger: string;
  /** A contract on the ledger. */
  readonly registry: string;
}

/** Measures how long the event loop was held up: processor time of its thread, so that other processes do not count. */
export interface HeldUp {
  /** Milliseconds. */
  readonly pause: number;
}

let longest = 0;
let last = process.threadCpuUsage();
function look(): void {
  const { user, system } = process.threadCpuUsage(last);
  longest = Math.max(longest, (user + system) / 1000);
  last = process.threadCpuUsage();
  setImmediate(look);
}

const network = await startTestNetwork({ seed: 'worst requests' });
const limits = { burst: 1_000_000 };
const agents = await listen(
  networkApp(new Map([['hospital', network.agent()]]), { clock, limits }),
  0,
);
const ledger = await listen(ledgerApp(network.ledger, { clock, limits }), 0);
process.on('message', () => {
  const pause = longest;
  longest = 0;
  process.send?.({ pause } satisfies HeldUp);
});
process.once('disconnect', () => process.exit(0));
look();
process.send?.({
  agents: agents.url,
  ledger: ledger.url,
  registry: network.file.contracts.registry,
} satisfies OpenDoors);
