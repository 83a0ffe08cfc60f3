import { Session } from 'node:inspector/promises';

/** Groups of a function's own time: the first whose pattern matches its place. */
const GROUPS: readonly (readonly [string, RegExp])[] = [
  ['idle', /^\(idle\)/],
  ['garbage collection', /^\(garbage collector\)/],
  ['Keccak-256', /wasm|hash-wasm|keccak/i],
  ['signatures', /secp256k1|nativeCurve|recover/i],
  ['EVM interpreter', /@ethereumjs\/evm|runMicrotasks|processTicksAndRejections/],
  ['transactions in the library', /@ethereumjs/],
  ['state and trie', /src\/ledger\/(?:state|trie)/],
  ['database', /src\/ledger\/store|-level\//],
  ['JSON-RPC, pool, sender', /src\/(?:ledger|bindings|errors|crypto)/],
];

/**
 * Runs something and says where this thread's time went.
 * @returns The result, and each group's share of the time that was not idle.
 */
export async function profile<Result>(
  run: () => Promise<Result>,
): Promise<{ result: Result; shares: Record<string, string> }> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.start');
  const result = await run();
  const { profile } = await session.post('Profiler.stop');
  session.disconnect();

  const groups = new Map<number, string>();
  // Parents come before their children. A native function, which has no place of its own, counts as its caller's.
  const visit = (id: number, caller: string): void => {
    const node = nodes.get(id);
    if (node === undefined) return;
    const { functionName, url } = node.callFrame;
    const own = GROUPS.find(([, pattern]) => pattern.test(`${functionName} ${url}`))?.[0];
    const group = own ?? (url === '' ? caller : 'other');
    groups.set(id, group);
    for (const child of node.children ?? []) visit(child, group);
  };
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
  visit(profile.nodes[0]?.id ?? 0, 'other');
  const times = new Map<string, number>();
  for (const [index, id] of (profile.samples ?? []).entries()) {
    const group = groups.get(id) ?? 'other';
    times.set(group, (times.get(group) ?? 0) + (profile.timeDeltas?.[index] ?? 0));
  }
  times.delete('idle');
  const all = [...times.values()].reduce((sum, time) => sum + time, 0);
  const shares = [...times]
    .toSorted(([, a], [, b]) => b - a)
    .map(([group, time]) => [group, `${((100 * time) / all).toFixed(1)} %`] as const);
  return { result, shares: Object.fromEntries(shares) };
}
