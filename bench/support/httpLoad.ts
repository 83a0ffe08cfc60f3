/**
 * Sends arrays of submissions to an agent over HTTP, in a process of its own: a program of `requests.bench.ts`. It is
 * told what by its first message, and answers with an `HttpLoadResult`.
 */
import { readFile } from 'node:fs/promises';
import { httpAgent } from '../../src/client/agent/httpAgent.ts';
import { submitArrays, type Submitted } from './submitArrays.ts';

/** A load of HTTP requests. */
export interface HttpLoad {
  /** The agent's address. */
  readonly url: string;
  /** A file with arrays of submissions, one to a line. */
  readonly path: string;
  readonly lanes: number;
  readonly seconds: number;
}

/** Result of the load. */
export interface HttpLoadResult extends Submitted {
  /** Processor time that this process used meanwhile, µs. */
  readonly cpu: number;
}

process.once('message', (load: HttpLoad) => {
  void run(load);
});

async function run({ url, path, ...how }: HttpLoad): Promise<void> {
  const arrays = (await readFile(path, 'utf8')).split('\n');
  process.send?.('ready');
  await new Promise((resolve) => process.once('message', resolve));
  const before = process.cpuUsage();
  const submitted = await submitArrays(httpAgent(url), arrays, how);
  const { user, system } = process.cpuUsage(before);
  process.send?.({ ...submitted, cpu: user + system } satisfies HttpLoadResult);
  process.disconnect();
}
