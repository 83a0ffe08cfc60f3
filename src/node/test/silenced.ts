import { MedsealError } from '../../errors/MedsealError.ts';
import type { CoordinatorPort } from '../../services/ports.ts';
import type { TestNetwork } from './testNetwork.ts';

/** Cuts the coordinators of organisations off from all others; `network.liars.coordinator.clear()` brings them back. */
export function silence(network: TestNetwork, ...names: readonly string[]): void {
  for (const peer of names) {
    const silent = new Proxy({} as CoordinatorPort, {
      get: () => async () => await Promise.reject(new MedsealError('PEER_UNREACHABLE', { peer })),
    });
    network.liars.coordinator.set(peer, silent);
  }
}
