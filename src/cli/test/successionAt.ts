import type { RunningUp } from './startNode.ts';

/** The network files of a node, as it says itself. */
export interface SuccessionSaid {
  /** Number of the file that it runs by. */
  readonly number: number;
  readonly next?: { readonly number: number; readonly from: number };
  readonly fork?: number;
}

/**
 * Asks a node by which network file it runs.
 *
 * @param node - The node.
 * @returns Undefined if it does not answer.
 */
export async function successionAt(node: RunningUp): Promise<SuccessionSaid | undefined> {
  const said = await fetch(`${node.ready.urls.operate}/readyz`).catch(() => undefined);
  return ((await said?.json()) as { succession?: SuccessionSaid } | undefined)?.succession;
}
