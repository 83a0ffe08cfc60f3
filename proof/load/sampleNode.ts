import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { LoadedNode } from './LoadedNode.ts';

/** Resources that a node's process takes up at one moment. */
export interface Sample {
  /** Bytes of memory that are resident. */
  readonly resident: number;
  /**
   * Those of them that are its own: without the tables of its databases that are mapped, of which the system keeps as
   * much as it has room for. All of them where the system does not tell.
   */
  readonly own: number;
  /** Bytes of the heap that are in use, what is not collected yet among them. */
  readonly heap: number;
  /** Rows of the ledger's rules that its organisations hold in memory: there are as many as there are rules. */
  readonly ruleRows: number;
  /** Seconds by which the event loop was late since the sample before, the hundredth part of all moments or fewer. */
  readonly lag: number;
  /** Open file descriptors. */
  readonly descriptors: number;
  /** Files in its folder, and their bytes. */
  readonly files: number;
  readonly bytes: number;
}

/**
 * Looks at a running node through its own metrics, and at its folder.
 *
 * @param node - The node.
 */
export async function sampleNode(node: LoadedNode): Promise<Sample> {
  const response = await fetch(`${node.doors.operate}/metrics`);
  const text = await response.text();
  const metric = (name: string): number => {
    const value = new RegExp(`^${name} ([\\d.e+-]+)$`, 'm').exec(text)?.[1];
    if (value === undefined) throw new Error(`the node measures no ${name}`);
    return Number(value);
  };
  const resident = metric('process_resident_memory_bytes');
  return {
    resident,
    own: (await ownMemory(node.pid)) ?? resident,
    heap: metric('nodejs_heap_size_used_bytes'),
    ruleRows: [...text.matchAll(/^medseal_rule_rows\{.*\} (\d+)$/gm)]
      .map(([, rows]) => Number(rows))
      .reduce((sum, rows) => sum + rows, 0),
    lag: metric('nodejs_eventloop_lag_p99_seconds'),
    descriptors: metric('process_open_fds'),
    ...(await filesUnder(node.data)),
  };
}

async function ownMemory(pid: number): Promise<number | undefined> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const kibibytes = /^RssAnon:\s+(\d+) kB$/m.exec(status)?.[1];
  return kibibytes === undefined ? undefined : 1024 * Number(kibibytes);
}

async function filesUnder(folder: string): Promise<{ files: number; bytes: number }> {
  let [files, bytes] = [0, 0];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    // Files that LevelDB replaces may be gone meanwhile.
    const found = await stat(join(entry.parentPath, entry.name)).catch(() => undefined);
    if (found === undefined) continue;
    files += 1;
    bytes += found.size;
  }
  return { files, bytes };
}
